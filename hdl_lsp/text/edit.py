"""Edits as data, and the one place that applies them.

Must not know files on disk: applying an edit gives a new text, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hdl_lsp.text.source import SourceText, Span, encode, span


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """Replace the bytes of *span* by *new_text*; an empty span inserts."""

    span: Span
    new_text: str


class OverlapError(ValueError):
    """Two edits of one set touch the same bytes; a mistake of the program, never of the user."""


def apply(source: SourceText, edits: Sequence[TextEdit]) -> SourceText:
    """The text after all *edits*, whose spans all count in *source*.

    Insertions at one place keep their order. Spans are clamped into the text. Raises OverlapError when two
    edits share a byte.
    """
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    pieces: list[bytes] = []
    done = 0
    for edit in ordered:
        start = max(0, min(edit.span.start, source.size_bytes))
        end = max(start, min(edit.span.end, source.size_bytes))
        if start < done:
            raise OverlapError(
                f"edit at byte {start} overlaps the one before it, which ends at {done}"
            )
        pieces += (source.data[done:start], encode(edit.new_text))
        done = end
    pieces.append(source.data[done:])
    return SourceText(b"".join(pieces))


def minimal_edit(old: SourceText, new: SourceText) -> TextEdit | None:
    """The one replacement that turns *old* into *new*, as short as whole characters allow; None if they are equal.

    What both texts begin and end with is left out, so a single change gives the range an editor would have sent.
    """
    if old.data == new.data:
        return None
    shorter = min(old.size_bytes, new.size_bytes)
    start = _common_start(old.data, new.data, shorter)
    while start > 0 and (_inside_character(old.data, start) or _inside_character(new.data, start)):
        start -= 1
    tail = _common_end(old.data, new.data, shorter - start)
    while tail > 0 and _inside_character(old.data, old.size_bytes - tail):
        tail -= 1
    replacement = new.slice(span(start, new.size_bytes - tail))
    return TextEdit(span(start, old.size_bytes - tail), replacement)


def _common_start(old: bytes, new: bytes, limit: int) -> int:
    """Number of equal bytes at the start, at most *limit*. Halving: slices compare at memory speed, bytes don't."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(old: bytes, new: bytes, limit: int) -> int:
    """Number of equal bytes at the end, at most *limit*."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        here = slice(len(old) - middle, len(old) - low)
        there = slice(len(new) - middle, len(new) - low)
        if old[here] == new[there]:
            low = middle
        else:
            high = middle - 1
    return low


def _inside_character(data: bytes, at: int) -> bool:
    """The byte at *at* continues a UTF-8 sequence, so *at* is not a character boundary."""
    return at < len(data) and data[at] & 0xC0 == 0x80
