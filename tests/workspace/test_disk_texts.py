"""Texts of closed files, read when somebody looks."""

from __future__ import annotations

import os
from pathlib import Path

from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import loader
from hdl_lsp.workspace.disk_texts import DiskTexts, is_racy
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.vfs import Listed, Opened, Vfs

LONG_AGO_NS = 1_600_000_000 * 10**9


def write(path: Path, text: str, mtime_ns: int = LONG_AGO_NS) -> None:
    """A file that was changed at *mtime_ns*."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(mtime_ns, mtime_ns))


def test_a_text_is_read_once_while_the_file_stays(tmp_path: Path) -> None:
    """Another time or size means another look at the disk."""
    table, reads, changed = FileTable(), list[str](), list[FileId]()

    def read(path: str) -> SourceText | None:
        reads.append(path)
        return loader.read(path)

    path = tmp_path / "a.sv"
    file = table.id_of(str(path))
    texts = DiskTexts(table, read, changed.append)
    write(path, "one")
    first = texts.text(file, SourceText.of("one").digest)
    assert first == SourceText.of("one")
    assert texts.text(file, "") is first
    assert (len(reads), changed) == (1, [])
    write(path, "two", LONG_AGO_NS + 1)
    assert texts.text(file, first.digest) == SourceText.of("two")
    assert (len(reads), changed) == (2, [file])
    path.unlink()
    assert texts.text(file, "") is None
    assert changed == [file, file]


def test_a_young_file_is_read_every_time(tmp_path: Path) -> None:
    """Two changes in one tick of the clock look the same from outside."""
    table = FileTable()
    path = tmp_path / "a.sv"
    path.write_text("one", encoding="utf-8")
    young_ns = path.stat().st_mtime_ns
    texts = DiskTexts(table, loader.read, lambda _file: None)
    file = table.id_of(str(path))
    assert texts.text(file, "") == SourceText.of("one")
    write(path, "two", young_ns)
    assert texts.text(file, "") == SourceText.of("two")
    assert not is_racy(LONG_AGO_NS, young_ns)


def test_listed_files_are_known_without_being_read(tmp_path: Path) -> None:
    """Only looking up a text reads it, an open buffer wins, and a lost file has no text."""
    table, reads = FileTable(), list[FileId]()

    def read(file: FileId, _digest: str) -> SourceText | None:
        reads.append(file)
        return loader.read(table.path_of(file))

    path = tmp_path / "a.sv"
    write(path, "disk")
    file, gone = table.id_of(str(path)), table.id_of(str(tmp_path / "gone.sv"))
    vfs = Vfs(read)
    assert vfs.apply((Listed(file, "d"), Listed(gone, "d"))) == {file, gone}
    assert file in vfs.files
    assert len(vfs.files) == 2
    assert reads == []
    assert vfs.files[file].text == "disk"
    assert vfs.text(gone) is None
    assert vfs.apply((Opened(file, SourceText.of("buffer")),)) == {file}
    assert vfs.files[file].text == "buffer"
    assert reads == [file, gone]
