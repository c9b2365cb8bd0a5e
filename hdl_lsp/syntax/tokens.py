"""Tokens of a text, read forwards from an offset or backwards, line by line, without parsing any of it.

Must not need a tree: it is what works while the text around the cursor fits no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from hdl_lsp.text.source import LINE_END

TOKEN = re.compile(
    rb"""
      (?P<COMMENT> //[^\r\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<STRING>  \"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z) | "(?:\\(?:\r\n|.)|[^"\\\r\n])*"? )
    | (?P<MACRO>   `[A-Za-z_][\w$]* )
    | (?P<WORD>    [A-Za-z_][\w$]* | \\[^\s]+ )
    | (?P<SYSTEM>  \$[A-Za-z_$][\w$]* )
    | (?P<NUMBER>  (?:\d[\d_]*\s*)?'[sS]?[bodhBODH]\s*[0-9a-fA-FxXzZ?_]* | '[01xXzZ](?![\w$])
                 | \d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?(?:[munpf]?s\b)? )
    | (?P<SIGN>    `` | `\\`" | `" | \\(?:\r\n?|\n) | :: | '\{ | \.\* | <= | >= | == | != | \S )
    """,
    re.VERBOSE | re.DOTALL,
)
"""IEEE 1800-2023, 5. A string without its closing quote ends with its line."""

LINE_DIRECTIVES = frozenset(
    "`define `include `undef `undefineall `timescale `default_nettype `line `pragma `resetall `celldefine "
    "`endcelldefine `begin_keywords `end_keywords `unconnected_drive `nounconnected_drive".split()
)
"""Directives that own the rest of their line (IEEE 1800-2023, 22)."""

CONDITION_DIRECTIVES = frozenset(("`ifdef", "`ifndef", "`elsif"))
"""Directives followed by the name of a macro or, since 2023, by a condition in parentheses."""

LONE_DIRECTIVES = frozenset(("`else", "`endif"))

CONDITION = re.compile(rb"[ \t]*(?:\([^\r\n]*\)|\\?[\w$]*)")
DEFINE_HEAD = re.compile(rb"[ \t]*`define\b[ \t]*[\w$]*(?:\([^()]*\))?")


class TokenKind(Enum):
    """What a token is, by its first characters."""

    COMMENT = auto()
    STRING = auto()
    MACRO = auto()
    """A backtick with a name."""
    WORD = auto()
    """An identifier or keyword; escaped identifiers with their backslash."""
    SYSTEM = auto()
    """A dollar sign with a name."""
    NUMBER = auto()
    SIGN = auto()
    """One sign, or one of the few pairs that matter here: `::`, `'{`, `.*`, comparisons."""


class Token(NamedTuple):
    """One token; offsets are bytes of the text."""

    kind: TokenKind
    text: str
    start: int
    end: int


KINDS = {kind.name: kind for kind in TokenKind}


def tokens(data: bytes, start: int, end: int) -> Iterator[Token]:
    """The tokens of data[start:end], comments included; *start* must not lie inside a comment or string."""
    for found in TOKEN.finditer(data, start, end):
        # lastgroup is never None: every alternative is named.
        kind = KINDS[found.lastgroup or "SIGN"]
        yield Token(kind, found.group().decode("utf-8", "replace"), found.start(), found.end())


class BlockComments:
    """Block comments of a text, found from behind: asking near the last question costs nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: tuple[int, int, int] | None = None  # asked at, start, end; start -1 for none

    def around(self, offset: int) -> tuple[int, int] | None:
        """Start and end of the block comment that *offset* is strictly inside of; None if there is none."""
        if self._known is None or not self._known[1] < offset <= self._known[0]:
            self._known = (offset, *self._nearest(offset))
        _, start, end = self._known
        return (start, end) if start >= 0 and start + 1 < offset < end else None

    def _nearest(self, offset: int) -> tuple[int, int]:
        """The last comment that starts before *offset*. A `/*` in a string or line comment starts none."""
        at = self._data.rfind(b"/*", 0, offset)
        while at >= 0:
            code = self._code_start(logical_line_start(self._data, at))
            if any(token.start == at for token in tokens(self._data, code, at + 2)):
                end = self._data.find(b"*/", at + 2)
                return at, len(self._data) + 1 if end < 0 else end + 2
            at = self._data.rfind(b"/*", 0, at)
        return -1, -1

    def _code_start(self, line: int) -> int:
        """Where code begins in the line at *line*: behind a comment that an earlier line has opened."""
        at = self._data.rfind(b"/*", 0, line)
        end = self._data.find(b"*/", at + 2) + 2 if at >= 0 else 0
        if end <= max(line, at + 2):
            return line
        opened = logical_line_start(self._data, at)
        is_comment = any(token.start == at for token in tokens(self._data, opened, at + 2))
        return end if is_comment else line


def code_tokens(data: bytes, start: int, end: int) -> Iterator[Token]:
    """tokens() without comments, directives and the line ends of continued lines."""
    at = start
    while found := TOKEN.search(data, at, end):
        at = found.end()
        kind = KINDS[found.lastgroup or "SIGN"]
        if kind is TokenKind.COMMENT:
            continue
        text = found.group().decode("utf-8", "replace")
        if kind is TokenKind.MACRO:
            if text in LINE_DIRECTIVES:
                at = min(end, logical_line_end(data, at))
                continue
            if text in CONDITION_DIRECTIVES:
                condition = CONDITION.match(data, at, end)
                at = condition.end() if condition else at
                continue
            if text in LONE_DIRECTIVES:
                continue
        if kind is TokenKind.SIGN and text[0] == "\\" and text[-1] in "\r\n":
            continue
        yield Token(kind, text, found.start(), at)


def tokens_after(data: bytes, offset: int) -> Iterator[Token]:
    """code_tokens() from *offset* to the end of the text."""
    return code_tokens(data, offset, len(data))


def tokens_before(data: bytes, offset: int) -> Iterator[Token]:
    """Code tokens that start before *offset*, nearest first; one that reaches over *offset* is cut there.

    Where *offset* is in the body of a `define`, they end with that body. Reads one line at a time, so that what
    is far costs nothing. A string may go over lines only by a backslash at their ends.
    """
    comments = BlockComments(data)
    first = logical_line_start(data, offset)
    at = offset
    while at > 0:
        inside = comments.around(at)
        if inside is not None:
            at = inside[0]
            continue
        start = next_at = logical_line_start(data, at)
        inside = comments.around(start)
        if inside is not None:
            start, next_at = min(inside[1], at), inside[0]
        head = DEFINE_HEAD.match(data, start, at) if start == first else None
        yield from reversed(list(code_tokens(data, head.end() if head else start, at)))
        if head:
            return
        at = next_at - (inside is None)


def line_start(data: bytes, offset: int) -> int:
    """First byte of the line of *offset*."""
    after_feed = data.rfind(b"\n", 0, offset) + 1
    return max(after_feed, data.rfind(b"\r", after_feed, offset) + 1)


def logical_line_start(data: bytes, offset: int) -> int:
    """First byte of the line of *offset*, or of the first of the lines that it continues by backslashes."""
    at = line_start(data, offset)
    while at > 0:
        before_end = at - (2 if data.endswith(b"\r\n", 0, at) else 1)
        if not data.endswith(b"\\", 0, before_end):
            break
        at = line_start(data, before_end)
    return at


def logical_line_end(data: bytes, offset: int) -> int:
    """End of the line of *offset*, without its line end, or of the last line that continues it by a backslash."""
    at = offset
    while found := LINE_END.search(data, at):
        if not data.endswith(b"\\", 0, found.start()):
            return found.start()
        at = found.end()
    return len(data)
