"""Commands that print a file list: who may run one, and what a real one can do wrong."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from hdl_lsp.config import Layer
from hdl_lsp.config.resolving import resolve
from hdl_lsp.workspace import list_command
from hdl_lsp.workspace.loader import RealDisk, scan_now
from hdl_lsp.workspace.project import ProjectModel, find_project
from hdl_lsp.workspace.project_files.command import is_trusted
from hdl_lsp.workspace.project_files.world import World
from tests.support.disk import MemoryDisk
from tests.support.projects import problems_of, project_of, short


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a script that prints a file list, says something, or does not end."""
    (tmp_path / "a.sv").write_text("module a; endmodule\n")
    (tmp_path / "b.sv").write_text("module b; endmodule\n")
    (tmp_path / "gen.py").write_text(
        textwrap.dedent("""\
            import pathlib, subprocess, sys, time
            match sys.argv[1]:
                case "list": print("+define+X=1 a.sv --top a"); print("x" * 100_000, file=sys.stderr)
                case "fail": print("first line\\nsecond", file=sys.stderr); sys.exit(3)
                case "args": print(f"+define+N={len(sys.argv)}"); print(pathlib.Path.cwd() / "b.sv")
                case "much":
                    while True: print("x" * 1000)
                case "long":
                    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
                    time.sleep(60)
        """)
    )
    return tmp_path


def found_in(folder: Path, command: str, *, trusted: str) -> ProjectModel:
    """The project of *folder* with that `project.command`."""
    layers = {
        Layer.USER: {"trust": {"workspaces": [trusted]}},
        Layer.WORKSPACE: {"project": {"command": command}},
    }
    scan = scan_now((str(folder),))
    config = resolve(layers).config
    return find_project((str(folder),), config, RealDisk(), scan.files, {}, run=list_command.run)


def test_printed_list_is_the_project(folder: Path) -> None:
    """A trusted workspace's command is run in its folder, and what it prints is read as a file list."""
    found = found_in(folder, f"{sys.executable} gen.py list", trusted=str(folder))
    assert (found.kind, found.sources) == ("hdl-lsp.toml", (str(folder / "a.sv"),))
    assert (dict(found.defines), found.tops, found.problems) == ({"X": "1"}, ("a",), ())


def test_there_is_no_shell(folder: Path) -> None:
    """What a shell would act on is passed as it is; a folder above may be the trusted one."""
    command = f"{sys.executable} gen.py args '$HOME' ; touch pwned && x"
    found = found_in(folder, command, trusted=str(folder.parent))
    assert dict(found.defines) == {"N": "8"}
    assert found.sources == (str(folder / "b.sv"),)
    assert not (folder / "pwned").exists()


def test_a_folder_beside_the_trusted_one_is_not_trusted(folder: Path) -> None:
    """Names that begin alike are other folders."""
    command = f"{sys.executable} gen.py list"
    found = found_in(folder, command, trusted=str(folder)[:-1])
    assert [p.message for p in found.problems] == [
        f"{sys.executable} is not run: add {folder} to trust.workspaces in your own settings"
    ]
    assert found.sources == (str(folder / "a.sv"), str(folder / "b.sv"))


def test_a_workspace_cannot_trust_itself() -> None:
    """`trust.workspaces` in hdl-lsp.toml is reported and ignored."""
    found = resolve({Layer.WORKSPACE: {"trust": {"workspaces": ["/"]}}})
    assert found.config.trust.workspaces == ()
    assert "only your own settings" in found.problems[0].message


def test_home_is_understood() -> None:
    """`~` is the user's home; a relative folder trusts nothing."""

    def trusts(given: str) -> bool:
        config = resolve({Layer.USER: {"trust": {"workspaces": [given]}}}).config
        return is_trusted(World("/home/me/w/x", config, MemoryDisk({}), {"HOME": "/home/me"}, ()))

    assert [trusts(given) for given in ("~", "~/w", "/home/me/w/x/", "/")] == [True] * 4
    assert [trusts(given) for given in ("~/v", "w/x", ".", "", "~other", "/home/me/w/x/y")] == [
        False
    ] * 6


def test_failure_shows_the_first_line_of_standard_error(folder: Path) -> None:
    """The exit status and what the program said."""
    printed = list_command.run([sys.executable, "gen.py", "fail"], str(folder))
    assert printed.wrong == f"{sys.executable} ended with 3: first line"


def test_output_without_end_is_cut(folder: Path) -> None:
    """A program that prints and prints is ended."""
    printed = list_command.run([sys.executable, "gen.py", "much"], str(folder))
    assert printed.wrong.endswith("printed more than 10000000 bytes")


def test_program_that_does_not_end_is_ended_with_its_children(folder: Path) -> None:
    """The time limit holds, even when a child of the program keeps the pipe open."""
    printed = list_command.run([sys.executable, "gen.py", "long"], str(folder), time_limit_s=0.5)
    assert printed.wrong == f"{sys.executable} was stopped after 0.5 s"


def test_program_that_is_not_there(folder: Path) -> None:
    """A sentence, not an exception; the same for a NUL and an unclosed quote."""
    assert list_command.run(["./nope"], str(folder)).wrong.startswith("can't run ./nope: ")
    assert list_command.run(["a\0b"], str(folder)).wrong.startswith("can't run ")
    found = project_of({"a.sv": ""}, project={"command": "gen 'x"}, trusted=("/p",))
    assert (short(found.sources), problems_of(found)) == (
        ["a.sv"],
        ["hdl-lsp.toml:0: can't read the command: No closing quotation"],
    )
