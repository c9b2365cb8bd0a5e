"""Which of several project files wins, and that the others are named."""

from __future__ import annotations

import pytest

from tests.support.projects import project_of

ORDERED = {
    ".slang/server.json": '{"flags": "-DX"}',
    "verible.filelist": "a.sv",
    "vide.toml": 'sources = ["a.sv"]',
    "lazyverilog.toml": '[design]\nvcode = "x/all.f"',
    "veridian.yml": "include_dirs: [inc]",
    ".svls.toml": '[verilog]\ninclude_paths = ["inc"]',
    ".slingshot.toml": 'include_dirs = ["inc"]',
    ".hdl_checker.config": "verilog work a.sv",
    "build/x/sim-icarus/x.eda.yml": "name: x\nfiles: [{name: ../../../a.sv, file_type: verilogSource}]",
    "x.core": "CAPI=2:\nname: ::x:1\nfilesets: {rtl: {files: [a.sv]}}\ntargets: {default: {filesets: [rtl], toplevel: x}}",
    "Bender.yml": "package: {name: x}\nsources: [a.sv]",
    ".dvt/default.build": "a.sv",
    "all.f": "a.sv",
}
KINDS = {"build/x/sim-icarus/x.eda.yml": "EDAM", "x.core": "FuseSoC core", "all.f": "filelist"}
OTHERS = {"x.core": "1 .core files"}
HDL = {"a.sv": "", "inc/d.svh": "", "x/all.f": "a.sv"}


@pytest.mark.parametrize("number", range(len(ORDERED)), ids=list(ORDERED))
def test_stronger_files_win(number: int) -> None:
    """With all files from this one on, this one wins and every weaker one is named."""
    names = list(ORDERED)[number:]
    found = project_of({**HDL, **{name: ORDERED[name] for name in names}})
    winner, *weaker = names
    assert found.kind == KINDS.get(winner, winner)
    seen = {OTHERS.get(name, name) for name in weaker if not name.startswith("build/")}
    assert seen <= set(found.others)
    assert OTHERS.get(winner, winner) not in found.others


def test_own_configuration_is_stronger_than_all() -> None:
    """`[project]` in hdl-lsp.toml wins; what it was chosen over is named."""
    found = project_of({**HDL, "hdl-lsp.toml": "", **ORDERED}, project={"sources": ["a.sv"]})
    assert found.kind == "hdl-lsp.toml"
    assert ".slang/server.json" in found.others


def test_stronger_file_that_appears_makes_another_project() -> None:
    """Whatever wins, the files that would win over it are watched."""
    found = project_of({**HDL, "all.f": "a.sv"})
    assert {"/p/Bender.yml", "/p/vide.toml", "/p/.dvt/default.build"} <= set(found.watched)
