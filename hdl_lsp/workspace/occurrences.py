"""Where an identifier stands in a text, and what is written around it: the signs that tell how it must be resolved.

Must not resolve anything, nor know summaries. Comments and strings hold no occurrences; dead branches do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.semantics.lexical import blanked
from hdl_lsp.text.source import SourceText, Span, span

_WINDOW = 400  # bytes read back from a name before the whole text is blanked for a longer look
_LIST_WINDOW = 20_000  # bytes read back over the parameters of an instance
_WORD = re.compile(rb"(?:[A-Za-z_$][\w$]*|\\[^\s]+\s)\s*\Z")
_DIRECTIVE = re.compile(rb"`(?:define|undef|ifdef|ifndef|elsif)[ \t]+\Z")
_CONDITION = re.compile(rb"`(?:else|endif|(?:ifdef|ifndef|elsif)[ \t]+[\w$]+)\Z")
_END_LABEL = re.compile(rb"\b(?:end[a-z]*|join|join_any|join_none)\s*:\s*\Z")
_BIND = re.compile(rb"\bbind\s+([A-Za-z_][\w$]*)")
_PATH_LIMIT = 24  # components of one hierarchical name; more is not written by anyone


CALL = "()"
"""Stands for what is left of a dot after a closing parenthesis."""


class Around(Enum):
    """What is written left of a name."""

    PLAIN = "plain"
    MACRO = "macro"  # after a backtick, or after `define, `ifdef and such
    SCOPED = "scoped"  # after `::`
    MEMBER = "member"  # after `.` that follows a name, `]` or `)`
    NAMED = "named"  # after `.` that opens a connection or a named argument
    LABEL = "label"  # after `endmodule :` and its like
    KEY = "key"  # before a single colon inside `'{ }`
    PASTED = "pasted"  # beside two backticks, which join it to another word (22.5.1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One whole word outside comments and strings."""

    span: Span  # with the backslash of an escaped identifier
    around: Around
    base: tuple[str, ...] = ()
    """SCOPED and MEMBER: the names left of it, outermost first, selects left out; "" for what is no name, CALL for a
    call or another expression in parentheses."""
    callee: str = ""  # NAMED: the word before the parenthesis it stands in
    definition: str = ""  # NAMED: the word before that one, the module of an instance
    is_parameter: bool = False  # NAMED: the parenthesis follows `#`
    is_shorthand: bool = False  # NAMED: `.name` without a value
    bound_to: str = ""  # the target of the `bind` statement around it


class Code:
    """One text, blanked only when that is needed: most names stand far from comments."""

    def __init__(self, text: SourceText) -> None:
        self.data = text.data
        self._code: bytes | None = None

    @property
    def code(self) -> bytes:
        """The text with comments and strings blanked, byte for byte; 40 ns a byte the first time."""
        if self._code is None:
            self._code = blanked(self.data)
        return self._code

    def occurrences(self, name: str) -> tuple[Span, ...]:
        """Where *name* stands as a whole word, also as an escaped identifier (5.6.1), in text order."""
        word = name.encode("utf-8", "replace")
        if not word or word not in self.data:
            return ()
        pattern = re.compile(rb"(?<![\w$\\])" + re.escape(word) + rb"(?![\w$])")
        found = [span(*m.span()) for m in pattern.finditer(self.data) if self.is_code(m.start())]
        if b"\\" + word in self.data:
            escaped = re.compile(rb"\\" + re.escape(word) + rb"(?=\s|\Z)")
            found += [span(*m.span()) for m in escaped.finditer(self.code)]
            found.sort()
        return tuple(found)

    def after_dots(self, name: str) -> tuple[Span, ...]:
        """As occurrences(), but only where a dot stands before the name: connections and hierarchical names."""
        word = name.encode("utf-8", "replace")
        pattern = re.compile(rb"\.\s*(\\?" + re.escape(word) + rb")(?![\w$])")
        found = (m.span(1) for m in pattern.finditer(self.data))
        return tuple(span(*one) for one in found if self.is_code(one[0]))

    def is_code(self, at: int) -> bool:
        """The byte at *at* is neither in a comment nor in a string."""
        data = self.data
        if self._code is None:
            line = data[max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1 : at]
            opened = data.rfind(b"/*", 0, at)
            if b"//" not in line and b'"' not in line and (opened < 0 or b"*/" in data[opened:at]):
                return True
        return self.code[at : at + 1] == data[at : at + 1]

    def before(self, at: int, size: int = _WINDOW) -> bytes:
        """Up to *size* bytes left of *at*, comments blanked."""
        window = self.data[max(0, at - size) : at]
        if self._code is None and not (b"/" in window or b'"' in window):
            return window
        return self.code[max(0, at - size) : at]

    def after(self, at: int, size: int = 64) -> bytes:
        """Up to *size* bytes from *at* on, comments blanked."""
        window = self.data[at : at + size]
        return window if b"/" not in window else self.code[at : at + size]

    def look(self, where: Span) -> Occurrence:
        """The occurrence at *where* with what stands around it."""
        before = self.before(where.start)
        if before.endswith(b"``") or self.data.startswith(b"``", where.end):
            return Occurrence(where, Around.PASTED)
        if before.endswith(b"`") or _DIRECTIVE.search(before):
            return Occurrence(where, Around.MACRO)
        bare = before.rstrip()
        if bare.endswith(b"::"):
            return Occurrence(where, Around.SCOPED, _path(bare), bound_to=self._bind(where.start))
        if bare.endswith(b"."):
            left = b"" if _CONDITION.search(bare[:-1].rstrip()) else bare[:-1].rstrip()[-1:]
            if left and (left in b"])}" or left in {b"_", b"$"} or left.isalnum()):
                return Occurrence(where, Around.MEMBER, _path(bare))
            return self._named(where)
        if _END_LABEL.search(before):
            return Occurrence(where, Around.LABEL)
        if self._is_key(where):
            return Occurrence(where, Around.KEY)
        return Occurrence(where, Around.PLAIN, bound_to=self._bind(where.start))

    def connection(self, where: Span) -> Occurrence:
        """The occurrence at *where*, a connection of a known instance."""
        is_shorthand = self.after(where.end).lstrip()[:1] != b"("
        return Occurrence(where, Around.NAMED, is_shorthand=is_shorthand)

    def _named(self, where: Span) -> Occurrence:
        following = self.after(where.end).lstrip()[:1]
        opened = self.opening(where.start, b"(")
        is_shorthand = following != b"("
        if opened < 0:
            return Occurrence(where, Around.NAMED, is_shorthand=is_shorthand)
        before = self.before(opened).rstrip()
        is_parameter = before.endswith(b"#")
        if is_parameter:
            before = before[:-1].rstrip()
        before = _without_selects(before)
        callee = _WORD.search(before)
        name = _text(callee[0]) if callee else ""
        rest = before[: callee.start()].rstrip() if callee else b""
        if rest.endswith(b")"):
            end = max(0, opened - _WINDOW) + len(rest)
            rest = self.before(end, _LIST_WINDOW)  # the list of parameters may be long
            closed = _opening(rest, len(rest) - 1)
            rest = rest[:closed].rstrip() if closed >= 0 else b""
            rest = rest[:-1].rstrip() if rest.endswith(b"#") else b""
        definition = _WORD.search(rest)
        return Occurrence(
            where,
            Around.NAMED,
            callee=name,
            definition=_text(definition[0]) if definition else "",
            is_parameter=is_parameter,
            is_shorthand=is_shorthand,
        )

    def opening(self, at: int, brackets: bytes) -> int:
        """Offset of the innermost unclosed bracket of *brackets* left of *at*; -1 when a statement ends first."""
        depth = 0
        code = self.code
        for here in range(at - 1, max(-1, at - 200_000), -1):
            byte = code[here : here + 1]
            if byte in b")]}":
                depth += 1
            elif byte in b"([{":
                if depth == 0:
                    return here if byte in brackets else -1
                depth -= 1
            elif byte == b";" and depth == 0:
                return -1
        return -1

    def _is_key(self, where: Span) -> bool:
        """The name stands before a single colon, directly inside `'{ }` (10.9)."""
        after = self.after(where.end).lstrip()
        if not after.startswith(b":") or after[1:2] in b":=+-/":
            return False
        opened = self.opening(where.start, b"{")
        return opened > 0 and self.code[:opened].rstrip().endswith(b"'")

    def _bind(self, at: int) -> str:
        """The target of a `bind` statement (23.11) that is still open at *at*."""
        if b"bind" not in self.data:
            return ""
        start = self.code.rfind(b";", 0, at) + 1
        found = _BIND.search(self.code, start, at)
        return _text(found[1]) if found else ""


def _text(data: bytes) -> str:
    return data.strip().decode("utf-8", "replace").removeprefix("\\")


def _without_selects(before: bytes) -> bytes:
    while before.endswith(b"]"):
        opened = _opening(before, len(before) - 1)
        if opened < 0:
            return b""
        before = before[:opened].rstrip()
    return before


def _opening(code: bytes, at: int) -> int:
    """Offset of the bracket that the one at *at* closes; -1 when it is not in *code*."""
    depth = 0
    for here in range(at, -1, -1):
        byte = code[here : here + 1]
        depth += (byte in b")]}") - (byte in b"([{")
        if depth == 0:
            return here
    return -1


def _path(before: bytes) -> tuple[str, ...]:
    """The names of `a::b.c[1].` or `pkg::`, outermost first; CALL and "" stand for what is no name."""
    names: list[str] = []
    for _ in range(_PATH_LIMIT):
        if before.endswith(b"::"):
            before = before[:-2].rstrip()
        elif before.endswith(b"."):
            before = before[:-1].rstrip()
        else:
            break
        before = _without_selects(before)
        if before.endswith(b")"):
            opened = _opening(before, len(before) - 1)
            before = before[: max(0, opened)].rstrip()
            if before.endswith(b"#"):  # a class with parameters
                before = before[:-1].rstrip()
            else:
                names.append(CALL)
                break
        word = _WORD.search(before)
        if word is None:
            names.append("")
            break
        before = before[: word.start()].rstrip()
        if before.endswith(b"`"):  # whatever the macro becomes
            names.append("")
            break
        names.append(_text(word[0]))
    return tuple(reversed(names))
