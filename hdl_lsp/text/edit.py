"""Edits as data, and the one place that applies them.

Must not know files on disk: applying an edit gives a new text, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hdl_lsp.text.source import SourceText, Span


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
        pieces += (source.data[done:start], edit.new_text.encode("utf-8", "replace"))
        done = end
    pieces.append(source.data[done:])
    return SourceText(b"".join(pieces))
