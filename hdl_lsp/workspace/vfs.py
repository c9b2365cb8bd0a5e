"""Open buffers over files on disk: the only door through which a text changes.

Must not read the disk (disk_texts.py does) nor know revisions (the Session counts them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hdl_lsp.text.edit import TextEdit, apply
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.recent_edits import RecentEdit, noted


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


@dataclass(frozen=True, slots=True)
class Listed:
    """*file* is on disk with the text of this digest, "" if nobody knows; it is read when somebody looks."""

    file: FileId
    digest: str = ""


Change = Opened | Edited | Closed | OnDisk | Listed

Reader = Callable[[FileId, str], SourceText | None]
"""The text of a file on disk; the digest is that of the text that is expected, or ""."""


def _nothing(_file: FileId, _digest: str) -> SourceText | None:
    """There is no disk."""


class Texts(Mapping[FileId, SourceText]):
    """Open buffers over texts on disk. Looking up a closed file reads it; asking whether it is there does not."""

    def __init__(
        self,
        opened: Mapping[FileId, SourceText],
        disk: Mapping[FileId, SourceText | str],
        read: Reader,
    ) -> None:
        self._opened = opened
        self._disk = disk
        self._read = read

    def __getitem__(self, file: FileId) -> SourceText:
        opened = self._opened.get(file)
        if opened is not None:
            return opened
        known = self._disk[file]
        text = self._read(file, known) if isinstance(known, str) else known
        if text is None:
            raise KeyError(file)
        return text

    def __contains__(self, file: object) -> bool:
        return file in self._opened or file in self._disk

    def __iter__(self) -> Iterator[FileId]:
        yield from self._opened
        yield from (file for file in self._disk if file not in self._opened)

    def __len__(self) -> int:
        return len(self._opened.keys() | self._disk.keys())


class Vfs:
    """The present text of every file that was opened or found."""

    def __init__(self, read: Reader = _nothing) -> None:
        self._read = read
        self._disk: dict[
            FileId, SourceText | str
        ] = {}  # str: the digest of a text that can be read
        self._open: dict[FileId, SourceText] = {}
        self._files: Texts | None = None
        self.edits: tuple[RecentEdit, ...] = ()  # the last ones made in an editor, newest first

    @property
    def files(self) -> Mapping[FileId, SourceText]:
        """Open buffers over texts on disk; a view that later changes do not touch."""
        if self._files is None:
            self._files = Texts(self._open, self._disk, self._read)
        return self._files

    @property
    def open_files(self) -> frozenset[FileId]:
        """The files an editor has open."""
        return frozenset(self._open)

    @property
    def known(self) -> frozenset[FileId]:
        """All files, open or on disk."""
        return frozenset(self.files)

    def text(self, file: FileId) -> SourceText | None:
        """The present text of *file*; None when it is not known, or gone."""
        return self.files.get(file)

    def apply(self, changes: Iterable[Change]) -> frozenset[FileId]:
        """The files whose present text is another after *changes*, made in order."""
        before: dict[FileId, SourceText | str | None] = {}
        opened, disk = dict(self._open), self._disk
        for change in changes:
            file = change.file
            before.setdefault(file, self._present(file))
            if isinstance(change, OnDisk | Listed) and disk is self._disk:
                disk = dict(disk)
            match change:
                case Opened(file, text):
                    opened[file] = text
                case Edited(file, edits):
                    text = opened.get(file) or self.text(file) or SourceText(b"")
                    for edit in edits:
                        self.edits = noted(self.edits, file, text, edit)
                        text = apply(text, (edit,))
                    opened[file] = text
                case Closed(file):
                    opened.pop(file, None)
                case OnDisk(file, text) if text is not None:
                    disk[file] = text
                case OnDisk(file):
                    disk.pop(file, None)
                case Listed(file, digest):
                    disk[file] = digest
        if not before:
            return frozenset()
        self._open, self._disk, self._files = opened, disk, None
        return frozenset(f for f, text in before.items() if _differ(text, self._present(f)))

    def _present(self, file: FileId) -> SourceText | str | None:
        opened = self._open.get(file)
        return self._disk.get(file) if opened is None else opened

    def let_go(self, file: FileId) -> None:
        """Keeps the digest of a text on disk instead of the text, which can be read again."""
        text = self._disk.get(file)
        if isinstance(text, SourceText) and self._read is not _nothing:
            self._disk = {**self._disk, file: text.digest}
            self._files = None

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


def _differ(one: SourceText | str | None, other: SourceText | str | None) -> bool:
    """The texts are not the same, as far as is known."""
    if isinstance(one, SourceText) and isinstance(other, str):
        return one.digest != other
    if isinstance(one, str) and isinstance(other, SourceText):
        return one != other.digest
    return one != other
