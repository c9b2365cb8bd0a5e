"""The process that looks ahead finds what the server would, or nothing; and a start imports no more than it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hdl_lsp.server import settings
from hdl_lsp.server.ahead import Ahead
from hdl_lsp.server.finding import find
from hdl_lsp.server.wanted import Wanted
from hdl_lsp.workers import child

FILES = {
    "rtl/a.sv": "module a; endmodule\n",
    "rtl/b.sv": "module b; a u_a(); endmodule\n",
    "tb/tb.sv": "module tb; endmodule\n",
    "hdl-lsp.toml": '[project]\nexclude = ["tb"]\n',
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace, and a user without settings or cache."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name, text in FILES.items():
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "work"


@pytest.fixture
def process(root: Path) -> subprocess.Popen[bytes]:
    """A process that waits for its question, with the settings of *root*'s user."""
    assert root.is_dir()
    return subprocess.Popen(
        child.command("hdl_lsp.server.scout"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child.environment({}),
    )


@pytest.fixture
def ahead(process: subprocess.Popen[bytes]) -> Iterator[Ahead]:
    """The server's end of it."""
    made = Ahead(process)
    yield made
    made.close()


def initialize(root: Path, **options: object) -> bytes:
    """The request as an editor sends it."""
    folders = [{"uri": root.as_uri(), "name": "work"}]
    params = {"workspaceFolders": folders, "initializationOptions": options, "capabilities": {}}
    return json.dumps({"id": 1, "method": "initialize", "params": params}).encode()


def wanted(root: Path, **options: object) -> Wanted:
    """What a session asks that was given the same."""
    config = settings.resolved((str(root),), options).config
    return Wanted((str(root),), config, cache=settings.index_folder())


async def test_the_process_finds_what_the_server_would(ahead: Ahead, root: Path) -> None:
    """Project, files and problems are the same; they are given once, because the disk changes."""
    ahead.ask(initialize(root))
    question = wanted(root)
    found = await ahead.found(question)
    assert found is not None
    assert found == find(question, os.environ)
    assert [Path(path).name for path in found.stamps] == ["a.sv", "b.sv"]
    assert await ahead.found(question) is None


async def test_an_answer_to_another_question_is_none(ahead: Ahead, root: Path) -> None:
    """Settings that came later make the server look itself."""
    ahead.ask(initialize(root))
    assert await ahead.found(wanted(root, project={"exclude": ["rtl"]})) is None


async def test_settings_of_the_client_count(ahead: Ahead, root: Path) -> None:
    """What `initialize` brings is looked for at once."""
    options = {"project": {"exclude": ["b.sv"]}}
    ahead.ask(initialize(root, hdl=options))
    found = await ahead.found(wanted(root, **options))
    assert found is not None
    assert "b.sv" not in {Path(path).name for path in found.stamps}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"params": {"workspaceFolders": [1]}}'])
async def test_what_is_not_understood_has_no_answer(ahead: Ahead, root: Path, body: bytes) -> None:
    """Nor has a client without folders."""
    ahead.ask(body)
    assert await ahead.found(wanted(root)) is None


async def test_a_dead_process_has_no_answer(
    ahead: Ahead, process: subprocess.Popen[bytes], root: Path
) -> None:
    """The server looks itself."""
    process.kill()
    ahead.ask(initialize(root))
    assert await ahead.found(wanted(root)) is None


async def test_commands_of_trusted_workspaces_are_left_to_the_server(
    ahead: Ahead, root: Path
) -> None:
    """A command runs once."""
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "hdl-lsp" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[trust]\nworkspaces = ["{root}"]\n', encoding="utf-8")
    ahead.ask(initialize(root))
    assert await ahead.found(wanted(root)) is None


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("hdl_lsp.server.scout", ("asyncio", "lsprotocol", "pyslang", "yaml", "sqlite3")),
        ("hdl_lsp.server.serving", ("lsprotocol", "pyslang", "sqlite3", "hdl_lsp.workspace")),
        ("hdl_lsp.server.app", ("pyslang", "yaml", "hdl_lsp.context", "hdl_lsp.features.hover")),
    ],
)
def test_a_start_imports_no_more_than_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    """What is imported later is no part of the start: it would cost every start tenths of a second."""
    script = f"import sys, {module}; print(*sys.modules)"
    run = subprocess.run((sys.executable, "-c", script), capture_output=True, check=True, text=True)
    assert not set(unwanted) & set(run.stdout.split())


def saying(program: str) -> subprocess.Popen[bytes]:
    """A process that hears the question and then does something else."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.stdin.buffer.read(); {program}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    "program",
    [
        "print('hello')",
        "sys.stdout.buffer.write((7).to_bytes(8, 'big') + b'nothing')",
        "sys.stdout.buffer.write((3).to_bytes(8, 'big') + b'N.' )",
        "sys.exit(3)",
    ],
)
async def test_what_is_no_answer_is_none(root: Path, program: str) -> None:
    """Something else printed into the pipe, or the process broke: the server looks itself."""
    made = Ahead(saying(program))
    made.ask(initialize(root))
    resolved = settings.resolved((str(root),), {})
    assert await made.found(Wanted((str(root),), resolved.config, {}, "", {}, None)) is None
    made.close()
