"""Open buffers over files on disk: the only door through which a text changes.

Must not read the disk (loader.py does) nor know revisions (the Session counts them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hdl_lsp.text.edit import TextEdit, apply
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId


@dataclass(frozen=True, slots=True)
class Opened:
    """An editor opened *file*, or replaced its whole text."""

    file: FileId
    text: SourceText


@dataclass(frozen=True, slots=True)
class Edited:
    """An editor changed an open file; each edit counts in the text the one before it left (LSP 3.18, didChange)."""

    file: FileId
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """An editor closed *file*: what is on disk counts again."""

    file: FileId


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What is on disk now; None when *file* is gone. An open buffer still wins."""

    file: FileId
    text: SourceText | None


Change = Opened | Edited | Closed | OnDisk


class Vfs:
    """The present text of every file that was opened or read."""

    def __init__(self) -> None:
        self._disk: dict[FileId, SourceText] = {}
        self._open: dict[FileId, SourceText] = {}
        self._files: Mapping[FileId, SourceText] | None = None

    @property
    def files(self) -> Mapping[FileId, SourceText]:
        """Open buffers over texts from disk; a view that later changes do not touch."""
        if self._files is None:
            self._files = MappingProxyType({**self._disk, **self._open})
        return self._files

    @property
    def open_files(self) -> frozenset[FileId]:
        """The files an editor has open."""
        return frozenset(self._open)

    def text(self, file: FileId) -> SourceText | None:
        """The present text of *file*; None when it was never read, or is gone."""
        return self._present(file)

    def apply(self, changes: Iterable[Change]) -> frozenset[FileId]:
        """The files whose present text is another after *changes*, made in order."""
        before: dict[FileId, SourceText | None] = {}
        for change in changes:
            before.setdefault(change.file, self._present(change.file))
            match change:
                case Opened(file, text):
                    self._open[file] = text
                case Edited(file, edits):
                    text = self._present(file) or SourceText(b"")
                    for edit in edits:
                        text = apply(text, (edit,))
                    self._open[file] = text
                case Closed(file):
                    self._open.pop(file, None)
                case OnDisk(file, text) if text is not None:
                    self._disk[file] = text
                case OnDisk(file):
                    self._disk.pop(file, None)
        if not before:
            return frozenset()
        self._files = None
        return frozenset(file for file, text in before.items() if text != self._present(file))

    def _present(self, file: FileId) -> SourceText | None:
        opened = self._open.get(file)
        return self._disk.get(file) if opened is None else opened

    def open(self, file: FileId, text: SourceText) -> frozenset[FileId]:
        """apply() of one Opened."""
        return self.apply((Opened(file, text),))

    def edit(self, file: FileId, edits: Sequence[TextEdit]) -> frozenset[FileId]:
        """apply() of one Edited."""
        return self.apply((Edited(file, tuple(edits)),))

    def close(self, file: FileId) -> frozenset[FileId]:
        """apply() of one Closed."""
        return self.apply((Closed(file),))

    def disk(self, file: FileId, text: SourceText | None) -> frozenset[FileId]:
        """apply() of one OnDisk."""
        return self.apply((OnDisk(file, text),))
