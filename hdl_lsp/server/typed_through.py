"""Suggestions that are still right while their own words are typed: served again without asking the model.

Must not serve a suggestion in any other text: everything before the cursor's line and after the cursor has to be
what it was. Holds suggestions of one document; another document takes their place.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hdl_lsp.text.source import Offset, SourceText, span
from hdl_lsp.workspace.files import FileId

if TYPE_CHECKING:
    from hdl_lsp.features.inline_completion import InlineItem

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
    _shown: OrderedDict[tuple[_Around, str], tuple[InlineItem, ...]] = field(
        default_factory=OrderedDict[tuple[_Around, str], "tuple[InlineItem, ...]"]
    )

    def keep(
        self, file: FileId, text: SourceText, offset: Offset, items: tuple[InlineItem, ...]
    ) -> None:
        """Remembers *items* as shown at *offset* of *text*."""
        if file != self._file:
            self._file = file
            self._shown.clear()
        if not items:
            return
        around, typed = _split(text, offset)
        self._shown[around, typed] = items
        self._shown.move_to_end((around, typed))
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)

    def forget(self, unless: FileId | None = None) -> None:
        """Drops what was suggested in any other document."""
        if unless is None or self._file != unless:
            self._shown.clear()

    def rest(self, file: FileId, text: SourceText, offset: Offset) -> tuple[InlineItem, ...]:
        """What is left of the suggestions whose beginning has been typed since; () when there are none."""
        if file != self._file:
            return ()
        around, typed = _split(text, offset)
        for (known, before), items in reversed(self._shown.items()):
            if known != around or not typed.startswith(before):
                continue
            since = typed[len(before) :]
            left = tuple(
                replace(item, text=item.text[len(since) :], range=span(offset, offset))
                for item in items
                if item.text.startswith(since) and item.text != since
            )
            if left:
                return left
        return ()


def _split(text: SourceText, offset: Offset) -> tuple[_Around, str]:
    """What must stay the same around *offset*, and the cursor's line left of it."""
    start = text.line_span(text.line_of(offset)).start
    around = _Around(_digest(text.data[:start]), _digest(text.data[offset:]))
    return around, text.slice(span(start, offset))


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
