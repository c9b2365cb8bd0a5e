"""slang-server's file: builds, patterns, the user's own file."""

from __future__ import annotations

import json

from hdl_lsp.workspace.project_files.world import Printed
from tests.support.projects import problems_of, project_of, short

HDL = {"a.sv": "", "b.sv": ""}


def slang(settings: dict[str, object], more: dict[str, str] | None = None) -> dict[str, str]:
    """A folder with that `.slang/server.json`."""
    return {**HDL, ".slang/server.json": json.dumps(settings), **(more or {})}


def test_build_pattern_makes_targets() -> None:
    """Every file that the pattern names is a target; the chosen one is read."""
    files = slang(
        {"buildPattern": "builds/{}.f"}, {"builds/x.f": "a.sv --top x", "builds/y.f": "b.sv"}
    )
    found = project_of(files)
    assert [t.name for t in found.targets] == ["x", "y"]
    assert (found.target, short(found.sources)) == ("", ["a.sv", "b.sv"])
    chosen = project_of(files, target="x")
    assert (chosen.target, short(chosen.sources), chosen.tops) == ("x", ["a.sv"], ("x",))
    assert chosen.is_configured


def test_builds_with_a_glob_are_file_lists() -> None:
    """One entry with several files makes several targets; another one that matches nothing is reported."""
    settings: dict[str, object] = {
        "builds": [{"name": "sim", "glob": "sim/*.f"}, {"name": "no", "glob": "nope/*.f"}]
    }
    found = project_of(
        slang(settings, {"sim/x.f": "a.sv", "sim/y.f": "b.sv"}), target="sim:sim/y.f"
    )
    assert [t.name for t in found.targets] == ["sim:sim/x.f", "sim:sim/y.f"]
    assert short(found.sources) == ["b.sv"]
    assert problems_of(found) == [".slang/server.json:1: builds: no file matches nope/*.f"]


def test_lists_add_up_and_flags_of_the_local_file_are_added() -> None:
    """The user's own file is the base, and the workspace's flags replace its flags."""
    files = {
        **HDL,
        "/home/me/.slang/server.json": '{"flags": "-DMINE", "builds": [{"name": "m", "glob": "m.f"}]}',
        ".slang/server.json": '{"flags": "-DTHEIRS", "builds": [{"name": "n", "glob": "n.f"}]}',
        ".slang/local/server.json": '{"flags": "-DLOCAL"}',
        "m.f": "a.sv",
        "n.f": "b.sv",
    }
    found = project_of(files)
    assert dict(found.defines) == {"THEIRS": "", "LOCAL": ""}
    assert {t.name for t in found.targets} == {"m", "n"}
    assert "/home/me/.slang/server.json" in found.watched


def test_the_users_own_file_alone_chooses_nothing() -> None:
    """It must not hide what the workspace says in another format."""
    files = {**HDL, "/home/me/.slang/server.json": '{"flags": "-DX"}', "verible.filelist": "a.sv"}
    assert project_of(files).kind == "verible.filelist"


def test_command_of_a_workspace_that_is_not_trusted_is_not_run() -> None:
    """The problem says what to set, and where."""
    files = slang({"builds": [{"name": "gen", "command": "./gen.sh all"}], "build": "gen"})
    started: list[object] = []
    found = project_of(files, run=lambda *a: started.append(a) or Printed("a.sv"))
    assert started == []
    assert problems_of(found) == [
        ".slang/server.json:1: ./gen.sh is not run: add /p to trust.workspaces in your own settings"
    ]


def test_command_of_a_trusted_workspace_gets_the_build_file() -> None:
    """`{}` is the matched file, one argument whatever is in its name."""
    files = slang(
        {"builds": [{"name": "gen", "glob": "x y.cfg", "command": "gen '-o' {}"}], "build": "gen"},
        {"x y.cfg": ""},
    )
    started: list[object] = []
    found = project_of(
        files,
        trusted=("/p",),
        run=lambda arguments, folder: started.append((*arguments, folder)) or Printed("b.sv"),
    )
    assert started == [("gen", "-o", "/p/x y.cfg", "/p")]
    assert (short(found.sources), found.target) == (["b.sv"], "gen")


def test_wrong_types_are_named_and_the_rest_counts() -> None:
    """A wrong key costs that key."""
    files = {**HDL, ".slang/server.json": '{\n"flags": "-DX",\n"build": 3,\n"index": "rtl"\n}'}
    found = project_of(files)
    assert dict(found.defines) == {"X": ""}
    assert problems_of(found) == [
        ".slang/server.json:3: build: expected a string",
        ".slang/server.json:4: index: expected a list of tables",
    ]
