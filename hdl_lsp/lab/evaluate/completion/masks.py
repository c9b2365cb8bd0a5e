"""What is taken out of a real file, by grammar rule, and drawn from all there is.

Must not ask for anything. Pieces come from slang (semantics/truth/pieces.py); lines are found here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.semantics.truth.file_record import Piece, PieceKind
from hdl_lsp.syntax.tokens import (
    CONDITION_DIRECTIVES,
    LINE_DIRECTIVES,
    LONE_DIRECTIVES,
    Token,
    TokenKind,
    tokens,
)
from hdl_lsp.text.source import SourceText


class MaskKind(Enum):
    """What a mask takes out; the value is what users call it."""

    NEXT_LINE = "next line"
    REST_OF_LINE = "rest of line"
    EXPRESSION = "expression"
    DECLARATION = "declaration"
    ALWAYS_BLOCK = "always block"
    ASSERTION = "assertion"
    PORT_MAP = "port map"
    PORTS_LEFT = "rest of a port map"
    PARAMETER_MAP = "parameter map"
    CASE_ARMS = "case arms"
    CASE_ARMS_LEFT = "rest of the case arms"
    CASE_ARMS_SOME = "case arms that are not all"
    STRUCT_LITERAL = "struct literal"
    RESET_BRANCH = "reset branch"
    SERIES = "series"

    @property
    def word(self) -> str:
        """The value as one word, for command lines."""
        return self.value.replace(" ", "-")


COMPUTED = frozenset(
    {
        MaskKind.PORT_MAP,
        MaskKind.PORTS_LEFT,
        MaskKind.PARAMETER_MAP,
        MaskKind.CASE_ARMS,
        MaskKind.CASE_ARMS_LEFT,
        MaskKind.CASE_ARMS_SOME,
        MaskKind.STRUCT_LITERAL,
        MaskKind.RESET_BRANCH,
        MaskKind.SERIES,
    }
)
"""Sites whose text follows from the design, so that no model is needed."""

ONE_LINE = frozenset(
    {
        MaskKind.NEXT_LINE,
        MaskKind.REST_OF_LINE,
        MaskKind.EXPRESSION,
        MaskKind.DECLARATION,
        MaskKind.ASSERTION,
        MaskKind.SERIES,
    }
)
"""Sites where one line can be all there is to say."""

LONGEST = 6_000  # bytes; nobody wants more at once, and an answer would take minutes
_DIRECTIVES = LINE_DIRECTIVES | CONDITION_DIRECTIVES | LONE_DIRECTIVES
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mask:
    """Bytes start to end are taken out; the cursor is at start."""

    kind: MaskKind
    start: int
    end: int
    keys: tuple[str, ...] = ()  # labels of an arm are joined by commas
    about: str = ""

    def wanted(self, text: SourceText) -> str:
        """What stood there."""
        return text.data[self.start : self.end].decode("utf-8", "replace")

    def applied(self, text: SourceText) -> SourceText:
        """The file without it."""
        return self.filled(text, b"")

    def filled(self, text: SourceText, by: bytes) -> SourceText:
        """The file with something else there."""
        return SourceText(text.data[: self.start] + by + text.data[self.end :])


def masks(
    text: SourceText, pieces: Iterable[Piece], is_known: Callable[[str], bool], rng: random.Random
) -> Iterator[Mask]:
    """All masks of a file. *is_known*: whether the project declares a module of that name."""
    lines = tuple(_code_lines(text))
    yield from _line_masks(lines, rng)
    yield from _series(lines)
    for piece in pieces:
        if piece.end - piece.start <= LONGEST:
            yield from _of_piece(text, piece, is_known, rng)


def draw(found: Iterable[Mask], seed: str, most: int) -> tuple[Mask, ...]:
    """At most *most* of each kind, always the same for one *seed*, by place."""
    of_kind: dict[MaskKind, list[Mask]] = {}
    for mask in found:
        of_kind.setdefault(mask.kind, []).append(mask)
    chosen: list[Mask] = []
    for kind, some in of_kind.items():
        rng = random.Random(f"{seed}:{kind.value}")  # noqa: S311 - a sample, no secret
        chosen += rng.sample(some, min(most, len(some)))
    return tuple(sorted(chosen, key=lambda mask: (mask.start, mask.end, mask.kind.value)))


# -- pieces

_PLAIN = {
    PieceKind.PARAMETER_MAP: MaskKind.PARAMETER_MAP,
    PieceKind.STRUCT_LITERAL: MaskKind.STRUCT_LITERAL,
    PieceKind.RESET_BRANCH: MaskKind.RESET_BRANCH,
    PieceKind.ALWAYS_BLOCK: MaskKind.ALWAYS_BLOCK,
    PieceKind.ASSERTION: MaskKind.ASSERTION,
    PieceKind.DECLARATION: MaskKind.DECLARATION,
    PieceKind.EXPRESSION: MaskKind.EXPRESSION,
}


def _of_piece(
    text: SourceText, piece: Piece, is_known: Callable[[str], bool], rng: random.Random
) -> Iterator[Mask]:
    match piece.kind:
        case PieceKind.PORT_MAP:
            if is_known(piece.about):
                yield _whole(piece, MaskKind.PORT_MAP)
                yield from _left(text, piece, MaskKind.PORTS_LEFT, rng)
        case PieceKind.PARAMETER_MAP:
            if is_known(piece.about):
                yield _whole(piece, MaskKind.PARAMETER_MAP)
        case PieceKind.CASE_ARMS:
            if not piece.is_whole:
                yield _whole(piece, MaskKind.CASE_ARMS_SOME)
                return
            yield _whole(piece, MaskKind.CASE_ARMS)
            yield from _left(text, piece, MaskKind.CASE_ARMS_LEFT, rng)
        case PieceKind.EXPRESSION:
            after = text.data[piece.end :].lstrip()
            if b"\n" not in text.data[piece.start : piece.end] and after.startswith(b";"):
                yield _whole(piece, MaskKind.EXPRESSION)
        case PieceKind.DECLARATION:
            is_line = b"\n" not in text.data[piece.start : piece.end]
            if is_line and _is_first_on_line(text, piece.start):
                yield _whole(piece, MaskKind.DECLARATION)
        case PieceKind.ALWAYS_BLOCK | PieceKind.RESET_BRANCH:
            if _is_first_on_line(text, piece.start):
                yield _whole(piece, _PLAIN[piece.kind])
        case _:
            yield _whole(piece, _PLAIN[piece.kind])


def _whole(piece: Piece, kind: MaskKind) -> Mask:
    return Mask(kind, piece.start, piece.end, piece.keys, piece.about)


def _left(text: SourceText, piece: Piece, kind: MaskKind, rng: random.Random) -> Iterator[Mask]:
    """All but the first few parts, where the first that is taken out begins a line."""
    starts = [n for n, part in enumerate(piece.parts) if n and _is_first_on_line(text, part[0])]
    if starts:
        first = rng.choice(starts)
        yield Mask(kind, piece.parts[first][0], piece.end, piece.keys[first:], piece.about)


def _is_first_on_line(text: SourceText, offset: int) -> bool:
    line = text.data.rfind(b"\n", 0, offset) + 1
    return not text.data[line:offset].strip()


# -- lines


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds code alone, with its code tokens."""

    number: int  # 0-based
    tokens: tuple[Token, ...]
    end: int  # without the white space at its end

    @property
    def start(self) -> int:
        return self.tokens[0].start


def _code_lines(text: SourceText) -> Iterator[_Line]:
    by_line: dict[int, list[Token]] = {}
    barred: set[int] = set()
    for token in tokens(text.data, 0, text.size_bytes):
        first, last = text.line_of(token.start), text.line_of(token.end - 1)
        if first != last or token.text in _DIRECTIVES or token.text.startswith("\\\n"):
            barred.update(range(first, last + 1))
        elif token.kind is not TokenKind.COMMENT:
            by_line.setdefault(first, []).append(token)
    for number, found in sorted(by_line.items()):
        if number not in barred:
            where = text.line_span(number)
            end = where.start + len(text.data[where.start : where.end].rstrip())
            yield _Line(number, tuple(found), end)


def _line_masks(lines: Sequence[_Line], rng: random.Random) -> Iterator[Mask]:
    for line in lines:
        words = sum(token.kind is TokenKind.WORD for token in line.tokens)
        if len(line.tokens) < 3 or not words:
            continue  # `end`, `);`, `begin`: nothing to foretell
        yield Mask(MaskKind.NEXT_LINE, line.start, line.end)
        middle = rng.randrange(1, len(line.tokens) - 1)
        cut = line.tokens[middle].start
        yield Mask(MaskKind.REST_OF_LINE, cut, line.end)


def _series(lines: Sequence[_Line]) -> Iterator[Mask]:
    """The last of three lines that differ in their numbers alone, by equal steps."""
    shapes = [_shape(line) for line in lines]
    for at in range(2, len(lines)):
        one, two, three = shapes[at - 2 : at + 1]
        if lines[at].number != lines[at - 2].number + 2:
            continue
        if not one[0] == two[0] == three[0]:
            continue
        steps = [b - a for a, b in zip(one[1], two[1], strict=True)]
        if any(steps) and steps == [b - a for a, b in zip(two[1], three[1], strict=True)]:
            yield Mask(MaskKind.SERIES, lines[at].start, lines[at].end)


def _shape(line: _Line) -> tuple[str, tuple[int, ...]]:
    code = "".join(token.text for token in line.tokens)
    return _NUMBER.sub("#", code), tuple(int(number) for number in _NUMBER.findall(code))
