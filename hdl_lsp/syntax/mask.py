"""A text of the same length and lines in which macros and directives are replaced by what the grammar understands.

Must not know the tree: it works on bytes, in time linear in the text, and is only a guess that parser.py may refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SCAN = re.compile(
    rb"""
      (?P<comment> //[^\r\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<string>  "(?:\\.|[^"\\\r\n])*"? )
    | `(?P<macro>  [A-Za-z_][\w$]* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What decides: macros, and what hides them."""

PAREN = re.compile(rb"""//[^\r\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\r\n])*"?|[()]""", re.DOTALL)
BLANK_RUN = re.compile(rb"(?:\s+|//[^\r\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
WHITE = re.compile(rb"\s*")
SPACES = re.compile(rb"[ \t]*")
LINE_REST = re.compile(rb"[^\r\n]*?(?=//|/\*|[\r\n]|\Z)")
DEFINE_REST = re.compile(rb"(?:\\(?:\r\n|.)|[^\\\r\n])*", re.DOTALL)
CONDITION = re.compile(rb"\s*(?:\([^\r\n]*\)|\\?[\w$]+)?")
WORD = re.compile(rb"[\w$]+")
LAST_WORD = re.compile(rb"[\w$]+\Z")
BASE_BEFORE = re.compile(rb"'[sS]?[bodhBODH]\s*\Z")

LINE_DIRECTIVES = frozenset(
    b"include pragma timescale line undef undefineall resetall default_nettype celldefine endcelldefine "
    b"begin_keywords end_keywords unconnected_drive nounconnected_drive protect endprotect "
    b"default_decay_time default_trireg_strength delay_mode_path delay_mode_distributed delay_mode_unit "
    b"delay_mode_zero suppress_faults nosuppress_faults enable_portfaults disable_portfaults".split()
)
"""Directives that own the rest of their line (IEEE 1800-2023, 22; the last nine are Verilog-XL's)."""

CONDITIONALS = frozenset((b"ifdef", b"ifndef", b"elsif", b"else", b"endif"))

AFTER_MACRO = b"\0"
"""Stands for "a macro that was a whole item" as the token before another one."""

STATEMENT_ENDS = frozenset(
    b"; begin end else endmodule endfunction endtask endclass endpackage endinterface endprogram endproperty "
    b"endsequence endgroup endcase endgenerate endspecify endclocking endchecker generate fork join join_any "
    b"join_none do".split()
) | {b"", AFTER_MACRO}
"""A statement or item may start after these, and at the start of the text."""

NOT_A_NAME = frozenset(
    b"end endmodule endfunction endtask endclass endpackage endinterface endcase endgenerate begin assign "
    b"always always_ff always_comb always_latch initial final wire reg logic function task typedef generate "
    b"import localparam parameter genvar if for case module".split()
)
"""After a macro these start something new, so that the macro was a whole item and not a type."""

MAX_OPEN_ARGUMENTS = 8
"""After so many macro calls without a closing parenthesis, arguments are no longer looked for: keeps it linear."""

BLANKS = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))


def mask(data: bytes) -> bytes:
    """*data* with directives blanked, one branch of each conditional kept, and macro calls replaced.

    The length and every line end stay. A macro call becomes `;` where a statement may stand, digits before a
    number's base, nothing before a closing parenthesis, and an identifier elsewhere.
    """
    out = bytearray(data)
    macros = _blank_directives(data, out)
    _replace_macros(out, macros)
    return bytes(out)


@dataclass(slots=True)
class _Conditional:
    """An open `ifdef`."""

    branch_start: int
    is_kept: bool
    has_kept: bool
    is_outer_kept: bool


def _blank_directives(data: bytes, out: bytearray) -> list[tuple[int, int]]:
    """Blanks directives and the branches not kept; the spans of the names of all macros that remain."""
    macros: list[tuple[int, int]] = []
    open_conditionals: list[_Conditional] = []
    at = 0
    while found := SCAN.search(data, at):
        at = found.end()
        name = found.group("macro")
        if name is None:
            continue
        start = found.start()
        if name == b"define":
            at = DEFINE_REST.match(data, at).end()  # pyright: ignore[reportOptionalMemberAccess] - matches empty
            _blank(out, start, at)
        elif name in LINE_DIRECTIVES:
            at = _directive_end(data, name, at)
            _blank(out, start, at)
        elif name in CONDITIONALS:
            if name not in (b"else", b"endif"):
                at = CONDITION.match(data, at).end()  # pyright: ignore[reportOptionalMemberAccess] - matches empty
            _conditional(out, open_conditionals, name, start, at)
            _blank(out, start, at)
        elif not open_conditionals or open_conditionals[-1].is_kept:
            macros.append((start, at))
    for conditional in open_conditionals[:1]:
        if not conditional.is_kept:
            _blank(out, conditional.branch_start, len(out))
    return [(start, end) for start, end in macros if out[start] == 0x60]


def _directive_end(data: bytes, name: bytes, at: int) -> int:
    """End of the line's part that belongs to the directive; an `include` in a list ends before `)`."""
    end = LINE_REST.match(data, at).end()  # pyright: ignore[reportOptionalMemberAccess] - matches empty
    closing = data.find(b")", at, end) if name == b"include" else -1
    return end if closing < 0 else closing


def _conditional(
    out: bytearray, stack: list[_Conditional], name: bytes, start: int, end: int
) -> None:
    """Opens, switches or closes a conditional; blanks the branch that ends here if it isn't the one kept.

    The first branch is kept, unless it is empty; then the next one.
    """
    if name in (b"ifdef", b"ifndef"):
        outer = stack[-1].is_kept if stack else True
        stack.append(_Conditional(end, is_kept=outer, has_kept=False, is_outer_kept=outer))
        return
    if not stack:
        return
    top = stack[-1]
    if top.is_outer_kept and not top.is_kept:
        _blank(out, top.branch_start, start)
    elif top.is_kept:
        blanks = WHITE.match(out, top.branch_start)
        top.has_kept = blanks is not None and blanks.end() < start
    top.branch_start = end
    top.is_kept = top.is_outer_kept and not top.has_kept
    if name == b"endif":
        stack.pop()


def _replace_macros(out: bytearray, macros: list[tuple[int, int]]) -> None:
    """Replaces each macro call by a filler of the same length."""
    comment_starts = {m.end(): m.start() for m in SCAN.finditer(out) if m.group("comment")}
    last_end, last_token = 0, b""
    failed = 0
    for start, name_end in macros:
        if start < last_end:
            continue
        end = name_end
        if failed < MAX_OPEN_ARGUMENTS:
            closed = _arguments_end(out, start, name_end)
            failed += closed < 0
            end = max(end, closed)
        before = _token_before(out, start, last_end, comment_starts) or last_token
        filler = _filler(out, start, end, before, has_arguments=end > name_end)
        is_item = filler[:1] in (b";", b" ")
        line_end = next(_line_ends(out, start, end), end)
        _blank(out, start, end)
        out[start : min(line_end, start + len(filler))] = filler[: line_end - start]
        last_end = end
        last_token = (
            (AFTER_MACRO if before in STATEMENT_ENDS | {b")"} else before) if is_item else b"m"
        )


def _line_ends(out: bytearray, start: int, end: int) -> Iterator[int]:
    return (at for at in (out.find(b"\n", start, end), out.find(b"\r", start, end)) if at >= 0)


def _arguments_end(out: bytearray, start: int, name_end: int) -> int:
    """End of the parenthesis after the macro name; the name's end if there is none, -1 if it never closes.

    A blank before the parenthesis is allowed for names that look like function-like macros.
    """
    opening = SPACES.match(out, name_end).end()  # pyright: ignore[reportOptionalMemberAccess] - matches empty
    if not out.startswith(b"(", opening):
        return name_end
    first = out[start + 1 : start + 2]
    if opening > name_end and not (first.isupper() or out.startswith(b"`uvm", start)):
        return name_end
    depth = 0
    for found in PAREN.finditer(out, opening):
        sign = found.group()
        depth += (sign == b"(") - (sign == b")")
        if depth == 0:
            return found.end()
    return -1


def _token_before(out: bytearray, at: int, low: int, comment_starts: dict[int, int]) -> bytes:
    """The word or sign before *at*, over blanks and comments but not below *low*; empty if there is none."""
    while at > low:
        chunk_start = max(low, at - 64)
        kept = bytes(out[chunk_start:at]).rstrip()
        at = chunk_start + len(kept)
        if not kept:
            continue
        if at in comment_starts:
            at = comment_starts[at]
            continue
        word = LAST_WORD.search(kept)
        return word.group() if word else kept[-1:]
    return b""


def _filler(out: bytearray, start: int, end: int, before: bytes, *, has_arguments: bool) -> bytes:
    """What stands for the macro call at *start*..*end*, at most as long."""
    name = b"m" + b"_" * (end - start - 1)
    following = BLANK_RUN.match(out, end).end()  # pyright: ignore[reportOptionalMemberAccess] - matches empty
    sign = bytes(out[following : following + 1])
    word_match = WORD.match(out, following)
    word = word_match.group() if word_match else sign
    digits = b"1" * (end - start)
    if (sign == b"'" and following == end) or BASE_BEFORE.search(out, max(0, start - 8), start):
        return digits
    if _is_item(before, sign, word, has_arguments=has_arguments):
        starts_declaration = sign.isalpha() or sign in (b"_", b"#", b"\\")
        if not has_arguments and (
            (starts_declaration and before in STATEMENT_ENDS and word not in NOT_A_NAME)
            or sign in (b".", b"=", b"[", b"<")
        ):
            return name
        return b" " if sign == b";" else b";"
    if sign == b")" and re.match(rb"[\w$)\]]", before[-1:]) and before != AFTER_MACRO:
        return b" "
    return name


def _is_item(before: bytes, sign: bytes, word: bytes, *, has_arguments: bool) -> bool:
    """A whole statement or item may stand here."""
    if before in STATEMENT_ENDS:
        return True
    if before == b":":
        return has_arguments and sign not in (b",", b";", b")")
    if before != b")":
        return False
    if word in (b"end", b"else", b"endmodule", b""):
        return True
    return has_arguments and sign not in (
        *(b",", b")", b"]", b"}", b";", b":", b"?", b"=", b".", b"<", b">"),
        *(b"|", b"&", b"+", b"-", b"*", b"/", b"^", b"'", b"["),
    )


def _blank(out: bytearray, start: int, end: int) -> None:
    """Spaces for everything but line ends."""
    out[start:end] = out[start:end].translate(BLANKS)
