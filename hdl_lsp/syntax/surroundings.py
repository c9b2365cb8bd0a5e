"""The design unit or class an offset is in, and whether it is in a procedure; right on broken text too.

Must not name anything but the innermost one, and must not resolve it.
"""

from __future__ import annotations

import re

from hdl_lsp.syntax.lookback import NOTHING, TokensBefore
from hdl_lsp.syntax.tokens import BlockComments, line_start
from hdl_lsp.syntax.tree import ERROR, SyntaxTree

OPENERS = {
    b"module": b"endmodule",
    b"macromodule": b"endmodule",
    b"interface": b"endinterface",
    b"package": b"endpackage",
    b"program": b"endprogram",
    b"class": b"endclass",
    b"checker": b"endchecker",
}

NAME_AFTER = re.compile(rb"\s+(?:automatic\s+|static\s+)?(\\\S+|[A-Za-z_][\w$]*)\s*(.?)")
WORD_BEFORE = re.compile(rb"([\w$]+|[^\s\w])\s*\Z")
NOT_BEFORE = frozenset(
    (
        b"typedef",
        b"extern",
        b"import",
        b"export",
        b".",
        b"virtual",
        b"(",
        b",",
        b"`",
        b"=",
        b"cover",
        b"with",
    )
)
"""After these, the word opens nothing; except that a `virtual class` is a class."""

PROCEDURES = frozenset(
    """
    always_construct initial_construct final_construct function_declaration task_declaration
    class_constructor_declaration function_body_declaration task_body_declaration
    """.split()
)

STARTS = frozenset(("always", "always_comb", "always_ff", "always_latch", "initial", "final"))
ASSERTIONS = frozenset(("assert", "assume", "cover"))
BLOCKS = frozenset(("begin", "case", "casex", "casez", "randcase", "fork"))
CLOSERS = frozenset(("end", "endcase", "join", "join_any", "join_none"))
STOPS = frozenset(
    """
    module macromodule endmodule interface endinterface package endpackage program endprogram class endclass
    checker endchecker endfunction endtask generate endgenerate clocking endclocking property endproperty
    sequence endsequence covergroup endgroup modport genvar localparam specify endspecify
    """.split()
)
"""Words that stand in no procedure, and end one that was not closed."""


def container_at(data: bytes, offset: int) -> str:
    """Name of the innermost module, interface, package, program, checker or class that is open at *offset*.

    Decided by keywords alone: the last one that starts such a thing and isn't closed. Empty if there is none.
    """
    comments = BlockComments(data)
    best_at, best_name = -1, ""
    for opener, closer in OPENERS.items():
        if opener == b"macromodule" and opener not in data:
            continue
        found = _last_open(data, offset, opener, closer, best_at, comments)
        if found is not None and found[0] > best_at:
            best_at, best_name = found
    return best_name


def _last_open(
    data: bytes, offset: int, opener: bytes, closer: bytes, low: int, comments: BlockComments
) -> tuple[int, str] | None:
    """The last *opener* before *offset* and after *low* that no *closer* closes, with the name after it."""
    closed = 0
    at = data.rfind(opener, 0, offset)
    while at > low:
        if data.endswith(b"end", 0, at) and _is_code(data, at - 3, len(closer), comments):
            closed += 1
        elif not data.endswith(b"end", 0, at) and _is_code(data, at, len(opener), comments):
            name = _opened_name(data, at, opener)
            if name is not None:
                if closed == 0:
                    return at, name
                closed -= 1
        at = data.rfind(opener, 0, at)
    return None


def _is_code(data: bytes, at: int, length: int, comments: BlockComments) -> bool:
    """The word at *at* is a whole word, and in no comment or string."""
    if _is_word_byte(data, at - 1) or _is_word_byte(data, at + length):
        return False
    prefix = data[line_start(data, at) : at]
    return b"//" not in prefix and prefix.count(b'"') % 2 == 0 and comments.around(at + 1) is None


def _opened_name(data: bytes, at: int, opener: bytes) -> str | None:
    """The name that *opener* at *at* gives to something it opens; None if it opens nothing."""
    following = NAME_AFTER.match(data, at + len(opener))
    if following is None or following.group(1) == b"class":
        return None
    if opener == b"interface" and following.group(2) in (b",", b")", b"."):
        return None
    before = WORD_BEFORE.search(data, line_start(data, at), at)
    word = before.group(1) if before else b""
    if word in NOT_BEFORE and (word, opener) != (b"virtual", b"class"):
        return None
    if word == b"virtual" and re.search(
        rb"\btypedef\s+virtual\s*\Z", data[line_start(data, at) : at]
    ):
        return None
    return following.group(1).decode("utf-8", "replace")


def _is_word_byte(data: bytes, at: int) -> bool:
    return 0 <= at < len(data) and (data[at : at + 1].isalnum() or data[at] in b"_$`")


def is_in_procedure(tree: SyntaxTree, back: TokensBefore, offset: int) -> bool:
    """*offset*, which *back* ends before, is in an always, initial or final procedure, a function or a task."""
    path = tree.path_at(max(0, offset - 1))
    is_closed = back[0].text == ";" or back[0].text.startswith("end")
    for node in path:
        if node.kind in PROCEDURES and (node.span.end > offset or not is_closed):
            return True
    is_broken = any(node.kind == ERROR for node in path) or any(
        node.has_error for node in path[-3:]
    )
    return is_broken and _tokens_say_procedure(back)


def _tokens_say_procedure(back: TokensBefore) -> bool:
    """What the nearest words say that open and close procedures.

    Going backwards, a procedure's keyword is around the cursor if no whole statement lies between the two.
    """
    closed = 0
    has_statement = is_before_else = False
    index = 0
    while (token := back[index]) is not NOTHING:
        text = token.text
        if text == ")":
            index = back.after_group(index)
            continue
        if text == ";" or text in CLOSERS:
            # The branch before an `else` is a part of the statement that the `else` goes on with.
            has_statement = has_statement or (closed == 0 and not is_before_else)
            closed += text in CLOSERS
        elif text in BLOCKS or text == "(":  # an open parenthesis: `;` in it are those of a `for`
            has_statement = has_statement and closed > 0
            closed = max(0, closed - (text != "("))
        elif text in STARTS and closed == 0 and back[index + 1].text not in ASSERTIONS:
            return not has_statement
        elif text in ("function", "task"):
            return back[index + 1].text not in ("extern", "import", "pure", "export")
        elif text in STOPS or (text == "assign" and closed == 0):
            return False
        is_before_else = text == "else"
        index += 1
    return False
