"""LSP's positions, ranges and edits in our terms.

Must not look anything up: conversions only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from lsprotocol import types

from hdl_lsp.text import columns, edit
from hdl_lsp.text.columns import Encoding
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import Offset, SourceText, Span, span

log = logging.getLogger(__name__)


class Positioned(Protocol):
    """Parameters of every request about a position in a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The document."""
        ...

    @property
    def position(self) -> types.Position:
        """The position in it."""
        ...


def offset(text: SourceText, position: types.Position, encoding: Encoding) -> Offset:
    """The offset of *position*, clamped into the text."""
    return columns.offset_at(text, position.line, position.character, encoding)


def range_span(text: SourceText, range: types.Range, encoding: Encoding) -> Span:
    """The span of *range*, clamped; one that ends before it starts is turned round."""
    start = offset(text, range.start, encoding)
    end = offset(text, range.end, encoding)
    return span(min(start, end), max(start, end))


def edited(
    text: SourceText,
    changes: Sequence[types.TextDocumentContentChangeEvent],
    encoding: Encoding,
) -> SourceText:
    """The text after *changes*, each counted in what the one before it left (LSP 3.18, didChange)."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            if _is_outside(text, change.range.end):
                log.warning("an edit reaches past the end of the document; clamped")
            where = range_span(text, change.range, encoding)
            text = edit.apply(text, (TextEdit(where, change.text),))
        else:
            text = SourceText.of(change.text)
    return text


def _is_outside(text: SourceText, position: types.Position) -> bool:
    """A line beyond the one after the last; columns beyond a line's end are legal."""
    return position.line > text.line_count
