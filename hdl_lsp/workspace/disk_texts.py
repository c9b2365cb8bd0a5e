"""Texts of closed files: read from disk when somebody looks, the last ones kept while the file stays as it was.

Must not know which files exist for the workspace (vfs.py does).
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId, FileTable

KEPT_BYTES = 8_000_000
RACY_NS = 2_000_000_000
"""The coarsest clock of a file system (FAT). A file may change twice in one tick, and look the same after both."""


def is_racy(mtime_ns: int, read_ns: int) -> bool:
    """A file that was changed at *mtime_ns* and read at *read_ns* may have changed since without a trace, as in git."""
    return mtime_ns > read_ns - RACY_NS


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[int, int]  # size and time of the last change, as git trusts them
    read_ns: int
    text: SourceText


class DiskTexts:
    """The texts behind a FileTable's paths."""

    def __init__(
        self,
        table: FileTable,
        read: Callable[[str], SourceText | None],
        on_change: Callable[[FileId], None],
    ) -> None:
        """*on_change* is called for a file whose text is not the one that the asker expected; must not wait."""
        self._table = table
        self._read = read
        self._on_change = on_change
        self._kept: OrderedDict[FileId, _Kept] = OrderedDict()
        self._kept_bytes = 0

    def text(self, file: FileId, digest: str) -> SourceText | None:
        """What is on disk now; None when it can't be read. *digest*: of the text that is expected, or ""."""
        path = self._table.path_of(file)
        try:
            status = os.stat(path)
        except (OSError, ValueError):  # ValueError: a NUL in the path
            self._drop(file)
            self._on_change(file)
            return None
        stamp = (status.st_size, status.st_mtime_ns)
        kept = self._kept.get(file)
        if kept is not None and kept.stamp == stamp and not is_racy(stamp[1], kept.read_ns):
            self._kept.move_to_end(file)
            return kept.text
        self._drop(file)
        read_ns = time.time_ns()
        text = self._read(path)
        if text is None or (digest and text.digest != digest):
            self._on_change(file)
        if text is not None:
            self._kept[file] = _Kept(stamp, read_ns, text)
            self._kept_bytes += text.size_bytes
            while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._kept_bytes -= gone.text.size_bytes
        return text

    def _drop(self, file: FileId) -> None:
        kept = self._kept.pop(file, None)
        if kept is not None:
            self._kept_bytes -= kept.text.size_bytes
