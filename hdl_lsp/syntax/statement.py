"""The statement that is being written: its tokens up to an offset, bracket by bracket; read backwards.

Must not decide what the statement is, and must not read further back than its start.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.syntax.brackets import BLOCK_EDGES
from hdl_lsp.syntax.lookback import BOUNDARIES, NOTHING, TokensBefore
from hdl_lsp.syntax.tokens import Token, TokenKind

MOST_TOKENS = 1_500
"""A statement is read so far. Longer ones are tables; what is before that does not change what an element is."""

GROUPS = {")": "()", "]": "[]", "}": "{}"}
_OPEN = frozenset(("(", "[", "{", "'{"))
_LINE_ENDS = (b"\n", b"\r")
_LONGEST_LOOP_HEADER = 60
_BEFORE_STATEMENT = frozenset((";", ")", "else", "begin"))


@dataclass(frozen=True, slots=True)
class Frame:
    """The tokens between a bracket that is still open and the offset, or the bracket that is open inside it."""

    opener: str
    """The open bracket; empty for the statement itself."""
    at: int
    """Index of the bracket among the tokens before the offset; for the statement, of its boundary."""
    parts: tuple[Token, ...]
    """In text order. A group that is closed is one token: `()`, `[]` or `{}`."""

    def texts(self) -> tuple[str, ...]:
        """The texts of its parts."""
        return tuple(part.text for part in self.parts)

    @property
    def element(self) -> tuple[Token, ...]:
        """The parts after the last comma."""
        last = max((n for n, part in enumerate(self.parts) if part.text == ","), default=-1)
        return self.parts[last + 1 :]


def frames(back: TokensBefore, data: bytes, offset: int) -> tuple[Frame, ...]:
    """The open brackets around *offset*, which *back* ends before, innermost first; last the statement itself.

    The boundary that a statement starts after (`;`, `begin`, `end`, ...) is not a part of it; a keyword that
    starts it (`assign`, `always_ff`, ...) is. A macro alone on its lines is a statement without semicolon.
    """
    found: list[Frame] = []
    parts: list[Token] = []
    index = 0
    while True:
        token = back[index]
        text = token.text
        if token is NOTHING or index > MOST_TOKENS:
            break
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
            found.append(Frame(text, index, tuple(reversed(parts))))
            parts = []
        elif _is_whole_macro(back, data, index, index, offset, found, parts):
            break
        else:
            parts.append(token)
        index += 1
    return (*found, Frame("", index, tuple(reversed(parts))))


def boundary(back: TokensBefore, statement: Frame) -> str:
    """What the statement starts after; empty at the start of the text, and after a macro alone on its lines."""
    token = back[statement.at]
    is_edge = token.text == ";" or (token.kind is TokenKind.WORD and token.text in BOUNDARIES)
    return token.text if is_edge else ""


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
