"""Summaries of closed files: decoded when asked for, the last ones kept.

Must not know which files count (the index does). A summary that the store has lost is made again from the text.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from hdl_lsp.semantics import summary_codec
from hdl_lsp.semantics.index_names import decode_names
from hdl_lsp.semantics.sealed import DamagedError
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.semantics.summary import FileSummary, InstanceUse
from hdl_lsp.semantics.summary_codec import Decls, decode_instances
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.store import Store
from hdl_lsp.workspace.store_tables import key_of

log = logging.getLogger(__name__)

T = TypeVar("T")

KEPT_DECLS = 20_000  # of files of which nothing else is wanted: what one search has looked at
KEPT_BYTES = 3_000_000  # encoded; a decoded summary takes some eight times as much


class Summaries:
    """The summaries behind a store, by path and digest of the text."""

    def __init__(self, store: Store, read: Callable[[str], SourceText | None]) -> None:
        """*read* gives the text that is on disk now."""
        self.store = store
        self.decoded = 0  # how many in all, for those who measure
        self._read = read
        self._kept: OrderedDict[str, tuple[FileSummary, int]] = OrderedDict()
        self._kept_bytes = 0
        self._parts: OrderedDict[str, Decls] = OrderedDict()
        self._parts_size = 0

    def summary(self, path: str, digest: str) -> FileSummary:
        """The summary of the text with *digest*; empty when it is nowhere to be had any more."""
        key = key_of(path, digest)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept[0]
        data = self.store.summary(key)
        summary = None if data is None else self._decoded(data)
        if summary is None:
            text = self._read(path)
            if text is None or text.digest != digest:
                return FileSummary()
            summary = summarise(text, path)
        self._keep(key, summary, len(data) if data else len(summary.identifiers) * 20)
        return summary

    def decls(self, path: str, digest: str) -> Decls | None:
        """The declarations alone; None when the whole summary is at hand, or has to be made."""
        key = key_of(path, digest)
        part = self._parts.get(key)
        if part is None:
            part = self._part(path, digest, Decls)
            if part is not None:
                self._parts[key] = part
                self._parts_size += len(part)
                while self._parts_size > KEPT_DECLS and len(self._parts) > 1:
                    self._parts_size -= len(self._parts.popitem(last=False)[1])
        return part

    def instances(self, path: str, digest: str, definition: str) -> tuple[InstanceUse, ...] | None:
        """The instances of one definition alone, as decls()."""
        return self._part(path, digest, lambda data: decode_instances(data, definition))

    def _part(self, path: str, digest: str, decode: Callable[[bytes], T]) -> T | None:
        key = key_of(path, digest)
        data = None if key in self._kept else self.store.summary(key)
        try:
            return None if data is None else decode(data)
        except DamagedError as err:
            self.store.reject(str(err))
            return None

    def names(self, path: str, digest: str) -> tuple[tuple[str, ...], ...] | None:
        """The names of the text in the order of index_names.TABLES; None when they are not kept."""
        data = self.store.names(key_of(path, digest))
        try:
            return None if data is None else decode_names(data)
        except DamagedError as err:
            self.store.reject(str(err))
            return None

    def _decoded(self, data: bytes) -> FileSummary | None:
        self.decoded += 1
        try:
            return summary_codec.decode(data)
        except DamagedError as err:
            self.store.reject(str(err))
            return None

    def _keep(self, key: str, summary: FileSummary, size_bytes: int) -> None:
        self._kept[key] = (summary, size_bytes)
        self._kept_bytes += size_bytes
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _, (_, gone) = self._kept.popitem(last=False)
            self._kept_bytes -= gone
