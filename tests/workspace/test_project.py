"""Which rule finds the project, and what it finds."""

from __future__ import annotations

import json

from hdl_lsp.config import Layer
from hdl_lsp.config.resolving import resolve
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import ProjectModel, find_project
from tests.support.disk import MemoryDisk


def find(
    files: dict[str, str],
    *,
    project: dict[str, object] | None = None,
    roots: tuple[str, ...] = ("/p",),
) -> ProjectModel:
    """The project of *files*, all of them scanned, with `[project]` settings."""
    config = resolve({Layer.WORKSPACE: {"project": project or {}}}).config
    scanned = sorted(path for path in files if is_hdl(path))
    return find_project(roots, config, MemoryDisk(files), scanned, {"HOME": "/home"})


HDL = {"/p/rtl/a.sv": "", "/p/rtl/b.sv": "", "/p/inc/defs.svh": ""}


def test_nothing_configured_takes_every_file_but_headers() -> None:
    """Without a project file all scanned files count, and the sentence says so."""
    found = find(HDL)
    assert (found.kind, found.is_configured) == ("inferred", False)
    assert found.sources == ("/p/rtl/a.sv", "/p/rtl/b.sv")
    assert found.why == "no project file was found, so every HDL file counts"


def test_own_configuration_wins_over_all_others() -> None:
    """`[project]` is stronger than slang-server's file, verible's and a list."""
    files = {
        **HDL,
        "/p/hdl-lsp.toml": "",
        "/p/.slang/server.json": '{"flags": "rtl/b.sv"}',
        "/p/verible.filelist": "rtl/b.sv",
        "/p/x.f": "rtl/b.sv",
    }
    found = find(
        files, project={"sources": ["rtl/a*.sv"], "defines": ["A=1", "B"], "tops": ["top"]}
    )
    assert (found.kind, found.is_configured) == ("hdl-lsp.toml", True)
    assert found.sources == ("/p/rtl/a.sv",)
    assert found.defines == (("A", "1"), ("B", ""))
    assert found.tops == ("top",)
    assert found.why == "[project] of hdl-lsp.toml says which files count"


def test_settings_of_the_editor_alone_are_named_as_such() -> None:
    """Project settings without a file in the folder came from the editor."""
    assert "editor" in find(HDL, project={"include_dirs": ["inc"]}).why


def test_own_configuration_reads_lists_and_merges_them() -> None:
    """Lists, folders and defines of `[project]` add up; its own defines win."""
    files = {**HDL, "/p/top.f": "+incdir+inc +define+A=1+B=2 rtl/b.sv --top b"}
    found = find(
        files, project={"filelists": ["top.f"], "sources": ["rtl/a.sv"], "defines": ["A=9"]}
    )
    assert found.sources == ("/p/rtl/a.sv", "/p/rtl/b.sv")
    assert dict(found.defines) == {"A": "9", "B": "2"}
    assert found.include_dirs == ("/p/inc",)
    assert found.tops == ("b",)


def test_list_is_read_from_its_own_folder_when_that_fits_better() -> None:
    """A list whose names count from its own folder works without being told."""
    found = find({**HDL, "/p/rtl/core.f": "a.sv\nb.sv"}, project={"filelists": ["rtl/core.f"]})
    assert found.sources == ("/p/rtl/a.sv", "/p/rtl/b.sv")
    assert found.problems == ()


def test_wrong_names_in_own_configuration_are_problems() -> None:
    """A glob without a match and a folder that is not there are reported, the rest is used."""
    found = find(HDL, project={"sources": ["nope/*.sv", "rtl/a.sv"], "include_dirs": ["gone"]})
    assert found.sources == ("/p/rtl/a.sv",)
    assert [p.message for p in found.problems] == [
        "project.sources: no file matches nope/*.sv",
        "project.include_dirs: no folder gone",
    ]


def test_tops_alone_leave_the_project_inferred() -> None:
    """Naming a top says nothing about files."""
    found = find(HDL, project={"tops": ["t"]})
    assert (found.kind, found.tops, found.is_configured) == ("inferred", ("t",), False)


def test_slang_server_file_with_flags_and_build() -> None:
    """`flags` and the list of `build` add up."""
    settings = {"flags": "-I inc -DX", "build": "sim/all.f"}
    files = {
        **HDL,
        "/p/.slang/server.json": json.dumps(settings),
        "/p/sim/all.f": "rtl/a.sv --top a",
    }
    found = find(files)
    assert (found.kind, found.is_configured) == (".slang/server.json", True)
    assert found.sources == ("/p/rtl/a.sv",)
    assert found.include_dirs == ("/p/inc",)
    assert found.defines == (("X", ""),)
    assert found.tops == ("a",)
    assert "/p/sim/all.f" in found.watched


def test_slang_server_local_file_adds_flags_and_overrides_the_build() -> None:
    """Flags append, scalars of the local file win."""
    files = {
        **HDL,
        "/p/.slang/server.json": '{"flags": "-DX", "build": "one.f"}',
        "/p/.slang/local/server.json": '{"flags": "-DY", "build": "two.f"}',
        "/p/one.f": "rtl/a.sv",
        "/p/two.f": "rtl/b.sv",
    }
    found = find(files)
    assert found.sources == ("/p/rtl/b.sv",)
    assert dict(found.defines) == {"X": "", "Y": ""}


def test_slang_server_index_narrows_the_scan() -> None:
    """`index` names folders; without flags or a build the macros are still guessed."""
    settings = {"index": [{"dirs": ["rtl"], "excludeDirs": ["old"]}]}
    files = {
        **HDL,
        "/p/rtl/old/x.sv": "",
        "/p/tb/t.sv": "",
        "/p/.slang/server.json": json.dumps(settings),
    }
    found = find(files)
    assert found.sources == ("/p/rtl/a.sv", "/p/rtl/b.sv")
    assert not found.is_configured


def test_broken_slang_server_file_is_a_problem() -> None:
    """A file that is no JSON is reported, and everything scanned counts."""
    found = find({**HDL, "/p/.slang/server.json": "{oops"})
    assert len(found.problems) == 1
    assert found.problems[0].path == "/p/.slang/server.json"
    assert found.sources == ("/p/rtl/a.sv", "/p/rtl/b.sv")


def test_verible_file_list() -> None:
    """verible.filelist is a file list with names relative to its folder."""
    found = find({**HDL, "/p/verible.filelist": "+incdir+inc\nrtl/b.sv\n"})
    assert (found.kind, found.sources) == ("verible.filelist", ("/p/rtl/b.sv",))


def test_single_complete_list_is_used() -> None:
    """One list in the folder whose files all exist is the project."""
    found = find({**HDL, "/p/design.f": "rtl/a.sv"})
    assert (found.kind, found.sources) == ("filelist", ("/p/rtl/a.sv",))
    assert found.why == "design.f lists the files that count"


def test_single_list_with_a_missing_file_is_not_used() -> None:
    """A list that needs something we do not have would only make errors."""
    found = find({**HDL, "/p/design.f": "rtl/a.sv $UNSET/b.sv"})
    assert found.kind == "inferred"
    assert found.why == "design.f is not used, because environment variable UNSET is not set"


def test_several_lists_are_not_chosen_between() -> None:
    """With two lists the user must say which; the sentence says how."""
    found = find({**HDL, "/p/a.f": "rtl/a.sv", "/p/b.f": "rtl/b.sv"})
    assert found.kind == "inferred"
    assert "a.f, b.f" in found.why
    assert "project.filelists" in found.why


def test_fortran_is_no_file_list() -> None:
    """A .f file that names no HDL file is left alone."""
    assert find({**HDL, "/p/solve.f": "      PROGRAM MAIN\n      END"}).kind == "inferred"


def test_two_folders_are_found_apart_and_merged() -> None:
    """Each folder follows its own rule; one without a project file keeps the whole a guess."""
    files = {"/p/verible.filelist": "a.sv", "/p/a.sv": "", "/p/not.sv": "", "/q/b.sv": ""}
    found = find(files, roots=("/p", "/q"))
    assert found.sources == ("/p/a.sv", "/q/b.sv")
    assert (found.kind, found.is_configured) == ("verible.filelist", False)
    assert found.why == (
        "p: verible.filelist lists the files that count; "
        "q: no project file was found, so every HDL file counts"
    )


def test_no_folder_is_a_project_too() -> None:
    """A single opened file has an empty project with a reason."""
    assert find({}, roots=()).why == "no folder is open: only open files are known"
