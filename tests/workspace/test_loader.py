"""Scanning the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hdl_lsp.workspace import loader


def made(root: Path, *names: str) -> None:
    """Empty files below *root*."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("", encoding="utf-8")


def scanned(root: Path, *exclude: str) -> list[str]:
    """What a scan finds, relative to *root*."""
    return [os.path.relpath(path, root) for path in loader.scan_now([str(root)], exclude).files]


def test_only_hdl_files_in_order(tmp_path: Path) -> None:
    """Files are known by extension, in any case, and come folder by folder, sorted."""
    made(tmp_path, "b.sv", "a.V", "c.vhd", "r/z.svh", "r/y.vh", "q/x.v", "notes.txt")
    assert scanned(tmp_path) == ["a.V", "b.sv", "q/x.v", "r/y.vh", "r/z.svh"]


def test_folders_of_tools_are_skipped(tmp_path: Path) -> None:
    """Version control, build outputs and hidden folders hold no sources."""
    made(
        tmp_path, "a.sv", ".git/x.sv", "build/x.sv", "node_modules/p/x.v", "obj_dir/x.v", ".hid/x.v"
    )
    assert scanned(tmp_path) == ["a.sv"]


def test_excluded_names_and_globs(tmp_path: Path) -> None:
    """A bare name is excluded anywhere, a pattern with a slash counts from the folder."""
    made(tmp_path, "a.sv", "old/x.sv", "r/old/y.sv", "dv/t.sv", "r/dv/t.sv", "r/gen_1.sv")
    assert scanned(tmp_path, "old", "dv/**", "r/gen_*.sv") == ["a.sv", "r/dv/t.sv"]


def test_link_loops_end_and_files_come_once(tmp_path: Path) -> None:
    """A link to a folder above neither loops nor repeats; a file's own name wins over a link."""
    made(tmp_path, "z/a.sv")
    (tmp_path / "z" / "up").symlink_to(tmp_path)
    (tmp_path / "b_link").symlink_to(tmp_path / "z")
    (tmp_path / "a_link.sv").symlink_to(tmp_path / "z" / "a.sv")
    assert scanned(tmp_path) == ["z/a.sv"]


def test_links_to_the_outside_are_followed(tmp_path: Path) -> None:
    """A linked folder or file outside the workspace belongs to it."""
    made(tmp_path, "out/lib/x.sv", "out/y.sv", "work/a.sv")
    (tmp_path / "work" / "lib").symlink_to(tmp_path / "out" / "lib")
    (tmp_path / "work" / "y.sv").symlink_to(tmp_path / "out" / "y.sv")
    assert scanned(tmp_path / "work") == ["a.sv", "lib/x.sv", "y.sv"]


def test_dangling_link_and_missing_folder_are_problems(tmp_path: Path) -> None:
    """What can't be read is reported, and the rest is found."""
    made(tmp_path, "a.sv")
    (tmp_path / "gone.sv").symlink_to(tmp_path / "nowhere")
    found = loader.scan_now([str(tmp_path), str(tmp_path / "none")])
    assert [Path(p).name for p in found.files] == ["a.sv"]
    assert sorted(Path(p.path).name for p in found.problems) == ["gone.sv", "none"]


def test_huge_files_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is a problem of the scan and reads as missing."""
    monkeypatch.setattr(loader, "MAX_FILE_BYTES", 10)
    (tmp_path / "net.v").write_text("module netlist; endmodule", encoding="utf-8")
    found = loader.scan_now([str(tmp_path)])
    assert found.files == ()
    assert "more than 10" in found.problems[0].message
    assert loader.read(str(tmp_path / "net.v")) is None


def test_reading_what_is_no_file_gives_none(tmp_path: Path) -> None:
    """A folder, a missing file and a path with NUL are no texts."""
    assert loader.read(str(tmp_path)) is None
    assert loader.read(str(tmp_path / "none.sv")) is None
    assert loader.read("a\0b") is None


def test_too_many_files_are_bounded_and_said(tmp_path: Path) -> None:
    """A folder of 700,000 files ends at the limit, with a sentence."""
    made(tmp_path, *(f"d{n % 3}/f{n}.sv" for n in range(30)))
    found = loader.scan_now([str(tmp_path)], limit=12)
    assert len(found.files) == 12
    assert [p.message for p in found.problems] == [
        "more than 12 HDL files: the rest is left out; see project.exclude and project.max_files"
    ]
    assert loader.scan_now([str(tmp_path)], limit=30).problems == ()


def test_devices_and_pipes_are_left_out_and_never_read(tmp_path: Path) -> None:
    """A link to a device has no end, and a pipe waits for a writer: neither is scanned nor read."""
    made(tmp_path, "a.sv")
    (tmp_path / "zero.sv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.sv")
    found = loader.scan_now([str(tmp_path)])
    assert [Path(path).name for path in found.files] == ["a.sv"]
    assert [p.message for p in found.problems] == ["left out: a device or a pipe"] * 2
    assert loader.read(str(tmp_path / "zero.sv")) is None
    assert loader.read(str(tmp_path / "pipe.sv")) is None
    assert loader.read(str(tmp_path / "a.sv")) is not None
