"""Chosen keywords and brackets before an offset, nearest first: faster than tokens, for looking far.

Must not decide what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hdl_lsp.syntax.tokens import BlockComments, logical_line_start


class Piece(NamedTuple):
    """A keyword or bracket."""

    word: bytes
    start: int
    end: int


_CHUNK_BYTES = 2_048

_PIECE = re.compile(
    rb"""
      //[^\r\n]* | /\*.*?(?:\*/|\Z) | "(?:\\.|[^"\\\r\n])*"? | \\[^\s]+
    | [ \t]*`define\b(?:[^\\\r\n]|\\\r?.)*
    | (?P<word> `?[A-Za-z_$][\w$]* )
    | (?P<sign> [;(){}\[\]] )
    """,
    re.VERBOSE | re.DOTALL,
)

_DIRECTIVES = frozenset(b"`ifdef `ifndef `elsif `else `endif".split())


def pieces_before(
    data: bytes, offset: int, telling: frozenset[bytes], farthest_bytes: int
) -> Iterator[Piece]:
    """Those of *telling* in the code of the *farthest_bytes* before *offset*, nearest first.

    Comments, strings and macro bodies are left out, and of the branches of an `ifdef` all but one: the one that
    *offset* is in, else the last.
    """
    return _without_other_branches(_pieces(data, offset, telling | _DIRECTIVES, farthest_bytes))


def _without_other_branches(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces without directives, and without the branches of an `ifdef` before the one that is read."""
    skipped = 0
    for piece in pieces:
        word = piece.word
        if word[:1] != b"`":
            if not skipped:
                yield piece
        elif word in (b"`ifdef", b"`ifndef"):
            skipped = max(0, skipped - 1)
        elif skipped and word == b"`endif":
            skipped += 1
        elif not skipped and word in (b"`else", b"`elsif"):
            skipped = 1


def _pieces(
    data: bytes, offset: int, telling: frozenset[bytes], farthest_bytes: int
) -> Iterator[Piece]:
    """Keywords and brackets of the code before *offset*, nearest first."""
    comments = BlockComments(data)
    low = max(0, offset - farthest_bytes)
    at = offset
    while at > low:
        start = logical_line_start(data, max(0, at - _CHUNK_BYTES))
        inside = comments.around(start)
        if inside is not None and inside[1] >= at:
            at = inside[0]
            continue
        begin = inside[1] if inside else start
        pieces = [
            Piece(found.group(), found.start(), found.end())
            for found in _PIECE.finditer(data, begin, at)
            if found.lastgroup and found.group() in telling
        ]
        yield from reversed(pieces)
        at = inside[0] if inside else start
