"""A session without a client: loading, facts, settings and folders that can't be read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hdl_lsp.config import Layer
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.vfs import Closed, Opened

OFF = {"llm": {"enabled": False}}


@asynccontextmanager
async def session_on(root: Path, **settings: object) -> AsyncIterator[Session]:
    """A session with *root* open, not loaded yet."""
    session = Session(user_config=root / "no-such-config.toml")
    session.open_folder([str(root)], {**OFF, **settings})
    try:
        yield session
    finally:
        await session.close()


def write(root: Path, **files: str) -> None:
    """Files below *root*; `__` in a name is a slash."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.sv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def file_of(session: Session, root: Path, name: str) -> FileId:
    """The id of a file below *root*."""
    return session.table.id_of(str(root / name))


async def test_load_reads_names_and_texts(tmp_path: Path) -> None:
    """After load() every file has its text and its names, and a revision that grew."""
    write(tmp_path, a="module a; endmodule", sub__b="module b; a u(); endmodule")
    async with session_on(tmp_path) as session:
        before = session.snapshot().revision
        await session.load()
        snapshot = session.snapshot()
        assert snapshot.revision > before
        assert snapshot.index.unit_names() == ("a", "b")
        assert len(snapshot.files) == 2


async def test_a_folder_that_can_not_be_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the workspace is loaded, and the user is told once."""
    write(tmp_path, a="module a; endmodule", secret__b="module b; endmodule")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    told: list[str] = []
    async with session_on(tmp_path) as session:
        session.listeners.problems = told.extend
        await session.load()
        await session.load()
        assert session.snapshot().index.unit_names() == ("a",)
    assert [sentence for sentence in told if "secret" in sentence] == told
    assert len(told) == 1


async def test_files_that_left_the_project_are_forgotten(tmp_path: Path) -> None:
    """A second load sees what was deleted, added and changed."""
    write(tmp_path, a="module a; endmodule", b="module b; endmodule", c="module c; endmodule")
    async with session_on(tmp_path) as session:
        await session.load()
        (tmp_path / "b.sv").unlink()
        write(tmp_path, c="module changed; endmodule", d="module d; endmodule")
        await session.load()
        assert session.snapshot().index.unit_names() == ("a", "changed", "d")


async def test_a_second_load_replaces_the_first(tmp_path: Path) -> None:
    """Two loads at once end as one, and both callers return."""
    write(tmp_path, a="module a; endmodule")
    async with session_on(tmp_path) as session:
        async with asyncio.timeout(60):
            await asyncio.gather(session.load(), session.load())
        assert session.loads == 1
        assert session.snapshot().index.unit_names() == ("a",)


async def test_open_texts_win_over_the_disk(tmp_path: Path) -> None:
    """Names come from the editor's text, before, during and after a load, until it is closed."""
    write(tmp_path, a="module on_disk; endmodule")
    async with session_on(tmp_path) as session:
        file = file_of(session, tmp_path, "a.sv")
        session.apply((Opened(file, SourceText.of("module in_editor; endmodule")),))
        assert session.snapshot().index.unit_names() == ("in_editor",)
        await session.load()
        assert session.snapshot().index.unit_names() == ("in_editor",)
        session.apply((Closed(file),))
        assert session.snapshot().index.unit_names() == ("on_disk",)


async def test_snapshots_do_not_change(tmp_path: Path) -> None:
    """A snapshot taken before an edit still has the old text and names."""
    write(tmp_path, a="module a; endmodule")
    async with session_on(tmp_path) as session:
        await session.load()
        file = file_of(session, tmp_path, "a.sv")
        old = session.snapshot()
        assert session.snapshot() is old
        session.apply((Opened(file, SourceText.of("module z; endmodule")),))
        assert session.snapshot().index.unit_names() == ("z",)
        assert old.index.unit_names() == ("a",)
        text = old.text(file)
        assert text is not None
        assert text.text == "module a; endmodule"


async def test_facts_are_of_the_present_text(tmp_path: Path) -> None:
    """facts() compiles with the other files; check_text() judges a text that is not there."""
    write(
        tmp_path, p="package p; typedef logic [3:0] t; endpackage", a="module a; p::t x; endmodule"
    )
    async with session_on(tmp_path) as session:
        await session.load()
        file = file_of(session, tmp_path, "a.sv")
        facts = await session.facts(file)
        assert facts is not None
        assert facts.diagnostics == ()
        assert any(symbol.name == "x" and symbol.bit_width == 4 for symbol in facts.symbols)
        judged = await session.check_text(file, SourceText.of("module a; p::u x; endmodule"))
        assert judged is not None
        assert judged.diagnostics
        assert await session.facts(file) is facts


async def test_facts_follow_other_files(tmp_path: Path) -> None:
    """What another file declares changes the facts, whether it is open or changed on disk."""
    write(
        tmp_path,
        p="package p; parameter int W = 1; endpackage",
        a="module a; int x = p::W; endmodule",
    )
    async with session_on(tmp_path) as session:
        await session.load()
        file, package = file_of(session, tmp_path, "a.sv"), file_of(session, tmp_path, "p.sv")

        async def errors() -> int:
            facts = await session.facts(file)
            assert facts is not None
            return len(facts.diagnostics)

        assert await errors() == 0
        session.apply((Opened(package, SourceText.of("package p; endpackage")),))
        assert await errors() == 1
        session.apply((Closed(package),))
        assert await errors() == 0
        write(tmp_path, p="package p; endpackage")
        session.refresh([str(tmp_path / "p.sv")])
        assert await errors() == 1


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [("module a; logic x; assign x = y; endmodule", True), ("module a; endmodule", False)],
)
async def test_elaboration_of_the_whole_design(text: str, is_wrong: bool, tmp_path: Path) -> None:
    """The design's facts have its tops and its findings; listeners are told."""
    write(tmp_path, a=text, top="module top; a u_a(); endmodule")
    told: list[int] = []
    async with session_on(tmp_path) as session:
        session.listeners.design = lambda: told.append(1)
        assert session.elaborate() is None  # nothing is loaded yet
        await session.load()
        task = session.elaborate()
        assert task is not None
        await task
        assert session.design_facts is not None
        assert session.design_facts.tops == ("top",)
        assert bool(session.design_facts.diagnostics) is is_wrong
        assert told == [1]


async def test_settings_have_layers(tmp_path: Path) -> None:
    """The workspace's file beats the defaults, the client beats the file, and each problem is said once."""
    (tmp_path / "hdl-lsp.toml").write_text(
        '[diagnostics]\ndelay_ms = 7\nignore = ["x"]\n[llm]\napi_key = "stolen"\n', encoding="utf-8"
    )
    told: list[str] = []
    async with session_on(tmp_path, diagnostics={"delayMs": 9, "nonsense": 1}) as session:
        session.listeners.problems = told.extend
        session.configure()
        assert session.config.diagnostics.delay_ms == 9
        assert session.config.diagnostics.ignore == ("x",)
        assert session.origin("diagnostics.delay_ms") is Layer.CLIENT
        assert session.config.llm.api_key == ""
        assert told == []  # open_folder has said it, to nobody
        assert session.configure({"project": {"tops": ["t"]}}) is True
        assert session.configure() is False


async def test_the_loop_turns_while_a_workspace_is_read(tmp_path: Path) -> None:
    """Reading is done in small steps: other work on the loop gets many turns meanwhile."""
    for number in range(200):
        write(tmp_path, **{f"m{number}": f"module m{number}; logic a; endmodule\n" * 5})
    turns = 0

    async def count(is_over: Callable[[], bool]) -> None:
        nonlocal turns
        while not is_over():
            turns += 1
            await asyncio.sleep(0)

    async with session_on(tmp_path) as session:
        await asyncio.gather(session.load(), count(lambda: session.loads > 0))
    assert turns > 50
