"""Suggestions that are still right while their own words are typed: served again without asking the model.

Must not serve a suggestion in any other text: everything before the cursor's line and after the cursor has to be
what it was. Holds suggestions of one document; another document takes their place.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from hdl_lsp.features.inline_completion import InlineItem
from hdl_lsp.text.source import Offset, SourceText, span
from hdl_lsp.workspace.files import FileId

MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Around:
    """The text that may not change: digests of what stands before the line and after the cursor."""

    before_line: bytes
    after_cursor: bytes


@dataclass
class TypedThrough:
    """What was suggested, newest last."""

    _file: FileId | None = None
    _shown: OrderedDict[tuple[_Around, str], str] = field(
        default_factory=OrderedDict[tuple[_Around, str], str]
    )

    def keep(
        self, file: FileId, text: SourceText, offset: Offset, items: tuple[InlineItem, ...]
    ) -> None:
        """Remembers the first of *items* as shown at *offset* of *text*."""
        if file != self._file:
            self._file = file
            self._shown.clear()
        if not items:
            return
        around, typed = _split(text, offset)
        self._shown[around, typed] = items[0].text
        self._shown.move_to_end((around, typed))
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)

    def rest(self, file: FileId, text: SourceText, offset: Offset) -> InlineItem | None:
        """What is left of a suggestion whose beginning has been typed since; None when there is none."""
        if file != self._file:
            return None
        around, typed = _split(text, offset)
        for (known, before), suggested in reversed(self._shown.items()):
            since = typed[len(before) :]
            if known == around and typed.startswith(before) and suggested.startswith(since):
                left = suggested[len(since) :]
                return InlineItem(left, span(offset, offset)) if left else None
        return None


def _split(text: SourceText, offset: Offset) -> tuple[_Around, str]:
    """What must stay the same around *offset*, and the cursor's line left of it."""
    start = text.line_span(text.line_of(offset)).start
    around = _Around(_digest(text.data[:start]), _digest(text.data[offset:]))
    return around, text.slice(span(start, offset))


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
