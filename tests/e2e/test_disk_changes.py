"""Changes on disk, found by a server whose client watches nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from hdl_lsp.workspace.disk_look import changed_since, look
from hdl_lsp.workspace.paths import folders_up_to
from tests.e2e.editor import NEOVIM, editing


def test_what_a_look_sees(tmp_path: Path) -> None:
    """Another size or time, a new HDL file, a new folder; nothing of what is never scanned."""
    file = tmp_path / "a.sv"
    file.write_text("module a; endmodule", encoding="utf-8")
    gone = tmp_path / "gone.sv"
    before = look([str(file), str(gone)], [str(tmp_path)])
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "obj_dir").mkdir()
    assert look([str(file), str(gone)], [str(tmp_path)]) == before
    file.write_text("module aa; endmodule", encoding="utf-8")
    gone.write_text("", encoding="utf-8")
    (tmp_path / "rtl").mkdir()
    after = look([str(file), str(gone)], [str(tmp_path)])
    assert {path for path in after if after[path] != before[path]} == {
        str(file),
        str(gone),
        str(tmp_path),
    }


def test_what_is_new_since_a_moment(tmp_path: Path) -> None:
    """Files that were written, and folders in which an HDL file or a folder appeared; no swap file, no replacement."""
    known, other = tmp_path / "a.sv", tmp_path / "b.sv"
    known.write_text("module a; endmodule", encoding="utf-8")
    other.write_text("module b; endmodule", encoding="utf-8")
    long_ago = 1_000_000_000
    for path in (known, other):
        os.utime(path, ns=(long_ago, long_ago))
    since = time.time_ns() - 1
    (tmp_path / ".a.sv.swp").write_text("", encoding="utf-8")
    replaced = tmp_path / "a.sv.new"
    replaced.write_text("module a2; endmodule", encoding="utf-8")
    replaced.replace(known)
    places = ([str(known), str(other)], [str(tmp_path)])
    assert changed_since(look(*places), since) == [str(known)]
    (tmp_path / "c.sv").write_text("module c; endmodule", encoding="utf-8")
    assert changed_since(look(*places), since) == [str(known), str(tmp_path)]
    assert changed_since(look(*places), time.time_ns() + 10**9) == []


def test_folders_above_a_file() -> None:
    """Up to the workspace folder, none for a file outside."""
    assert list(folders_up_to("/w/a/b/c.sv", ("/w", "/x"))) == ["/w/a/b", "/w/a", "/w"]
    assert list(folders_up_to("/other/c.sv", ("/w",))) == []


async def test_a_client_without_watchers_still_gets_new_files_and_projects(tmp_path: Path) -> None:
    """Neovim registers no watchers by default: a project file and a module that appear are found all the same."""
    root = tmp_path / "chip"
    root.mkdir()
    top = root / "top.sv"
    top.write_text("module top; leaf u (); endmodule\n", encoding="utf-8")
    async with editing(root, client=NEOVIM) as editor:
        await editor.loaded()
        (root / "leaf.sv").write_text("module leaf; endmodule\n", encoding="utf-8")
        await editor.loaded(times=2)
        assert (await editor.ask("hdl/projectStatus")).files == 2
        (root / "hdl-lsp.toml").write_text('[project]\ndefines = ["A"]\n', encoding="utf-8")
        await editor.loaded(times=3)
        assert list((await editor.ask("hdl/projectStatus")).defines) == ["A"]
