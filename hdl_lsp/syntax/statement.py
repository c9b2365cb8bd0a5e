"""The statement that is being written: its tokens up to an offset, bracket by bracket; read backwards.

Must not decide what the statement is, and must not read further back than its start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.syntax.brackets import BLOCK_EDGES
from hdl_lsp.syntax.lookback import BOUNDARIES, NOTHING, TokensBefore
from hdl_lsp.syntax.tokens import BlockComments, Token, TokenKind, logical_line_start

MOST_TOKENS = 300
"""A list is read so far. Longer ones are tables and large port lists: of those only the open bracket is looked for."""

FARTHEST_BYTES = 262_144
"""As far as that bracket may be."""

GROUPS = {")": "()", "]": "[]", "}": "{}"}
_OPEN = frozenset(("(", "[", "{", "'{"))
_BRACKET = re.compile(
    rb"""//[^\r\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\r\n])*"?|(?P<sign>[()\[\]{};])""", re.DOTALL
)
_CHUNK_BYTES = 4_096
_LINE_ENDS = (b"\n", b"\r")
_LONGEST_LOOP_HEADER = 60
_BEFORE_STATEMENT = frozenset((";", ")", "else", "begin"))


@dataclass(frozen=True, slots=True)
class Frame:
    """The tokens between a bracket that is still open and the offset, or the bracket that is open inside it."""

    opener: str
    """The open bracket; empty for the statement itself."""
    back: TokensBefore
    at: int
    """Index in `back` of the bracket; for the statement, of its boundary."""
    parts: tuple[Token, ...]
    """In text order. A group that is closed is one token: `()`, `[]` or `{}`. Of a long list, the last ones."""

    def texts(self) -> tuple[str, ...]:
        """The texts of its parts."""
        return tuple(part.text for part in self.parts)


def frames(back: TokensBefore, data: bytes, offset: int) -> tuple[Frame, ...]:
    """The open brackets around *offset*, which *back* ends before, innermost first; last the statement itself.

    The boundary that a statement starts after (`;`, `begin`, `end`, ...) is not a part of it; a keyword that
    starts it (`assign`, `always_ff`, ...) is. A macro alone on its lines is a statement without semicolon.
    """
    found: list[Frame] = []
    parts: list[Token] = []
    index = 0
    is_long = False
    while True:
        token = back[index]
        text = token.text
        if token is NOTHING:
            break
        if index > MOST_TOKENS and not is_long:
            is_long = True
            opening = _opening(data, token.end)
            if opening is not None:
                back, index = TokensBefore(data, opening), 0
                continue
        if text == ";" and not _is_in_loop_header(back, index):
            break
        if token.kind is TokenKind.WORD and text in BOUNDARIES:
            if text not in BLOCK_EDGES and not text.startswith("end"):
                parts.append(token)
            break
        if text in GROUPS:
            after = back.after_group(index)
            if after == index + 1:  # nothing opens it
                break
            if _is_whole_macro(back, data, after, index, offset, found, parts):
                break
            opening = back[after - 1]
            parts.append(Token(TokenKind.SIGN, GROUPS[text], opening.start, token.end))
            index = after
            continue
        if text in _OPEN:
            found.append(Frame(text, back, index, tuple(reversed(parts))))
            parts = []
        elif _is_whole_macro(back, data, index, index, offset, found, parts):
            break
        else:
            parts.append(token)
        index += 1
    return (*found, Frame("", back, index, tuple(reversed(parts))))


def boundary(statement: Frame) -> str:
    """What the statement starts after; empty at the start of the text, and after a macro alone on its lines."""
    token = statement.back[statement.at]
    is_edge = token.text == ";" or (token.kind is TokenKind.WORD and token.text in BOUNDARIES)
    return token.text if is_edge else ""


def _opening(data: bytes, offset: int) -> int | None:
    """End of the nearest bracket before *offset* that is open there; None if a semicolon is nearer, or none is near."""
    comments = BlockComments(data)
    depth = 0
    at = offset
    while at > max(0, offset - FARTHEST_BYTES):
        start = logical_line_start(data, max(0, at - _CHUNK_BYTES))
        inside = comments.around(start)
        if inside is not None and inside[1] >= at:
            at = inside[0]
            continue
        found = list(_BRACKET.finditer(data, inside[1] if inside else start, at))
        for bracket in reversed(found):
            sign = bracket["sign"]
            if sign in (b")", b"]", b"}"):
                depth += 1
            elif sign == b";" and depth == 0:
                return None
            elif sign in (b"(", b"[", b"{"):
                if depth == 0:
                    return bracket.end()
                depth -= 1
        at = inside[0] if inside else start
    return None


def _is_in_loop_header(back: TokensBefore, semicolon: int) -> bool:
    """The semicolon stands in the parentheses of a `for`."""
    seen = 0
    index = semicolon + 1
    while seen < 2 and index < semicolon + _LONGEST_LOOP_HEADER:
        token = back[index]
        text = token.text
        if token is NOTHING or (token.kind is TokenKind.WORD and text in BOUNDARIES):
            return False
        if text == "(":
            return back[index + 1].text == "for"
        seen += text == ";"
        index = back.after_group(index) if text in GROUPS else index + 1
    return False


def _is_whole_macro(
    back: TokensBefore,
    data: bytes,
    name: int,
    last: int,
    offset: int,
    inner: list[Frame],
    parts: list[Token],
) -> bool:
    """The tokens from *name* to *last* are a macro's use that fills its lines, and a statement starts after it."""
    macro, before = back[name], back[name + 1]
    if macro.kind is not TokenKind.MACRO or (inner and not parts):
        return False
    following = parts[-1] if parts else None
    if following is not None and following.kind not in (
        TokenKind.WORD,
        TokenKind.MACRO,
        TokenKind.SYSTEM,
    ):
        return False
    if before.kind is TokenKind.SIGN and before.text not in ("", ";", ")"):
        return False
    end = following.start if following else offset
    ends_line = any(mark in data[back[last].end : end] for mark in _LINE_ENDS)
    starts_statement = before is NOTHING or before.text in _BEFORE_STATEMENT
    return ends_line and (
        starts_statement or any(mark in data[before.end : macro.start] for mark in _LINE_ENDS)
    )
