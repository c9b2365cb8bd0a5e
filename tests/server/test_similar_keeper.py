"""The full-text index of a session: made in the background, found by the next session, ended with its owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hdl_lsp.server import similar_keeper
from hdl_lsp.server.session import Session


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncGenerator[Session]:
    """A session on the folder rtl/, read to the end."""
    session = Session(index_folder=tmp_path / "index")
    try:
        session.open_folder([str(tmp_path / "rtl")], {})
        await session.load()
        yield session
    finally:
        await session.close()


def found(session: Session, word: str) -> list[str]:
    """Names of the files in which a snapshot finds *word*."""
    similar = session.snapshot().similar
    assert similar is not None
    return [Path(chunk.path).name for chunk in similar.search([word], 8) or ()]


@pytest.fixture
def rtl(tmp_path: Path) -> Path:
    """A folder with two files."""
    folder = tmp_path / "rtl"
    folder.mkdir()
    (folder / "a.sv").write_text("module a;\n  logic grant_parity;\nendmodule\n")
    (folder / "b.sv").write_text("module b;\n  logic credit_left;\nendmodule\n")
    return folder


def test_it_is_made_when_asked_for_and_kept(tmp_path: Path, rtl: Path) -> None:
    """Reading a folder finds nothing yet; after the update everything, and in the next session at once."""

    async def run() -> None:
        async with opened(tmp_path) as session:
            assert found(session, "parity") == []
            session.files.search_similar(0)
            await session.files.similar.complete()
            assert found(session, "parity") == ["a.sv"]
        (rtl / "b.sv").write_text("module b;\n  logic parity_wrong;\nendmodule\n")
        async with opened(tmp_path) as session:
            assert found(session, "parity") == ["a.sv"]
            session.files.search_similar(0)
            await session.files.similar.complete()
            assert found(session, "parity") == ["a.sv", "b.sv"]
            assert found(session, "credit") == []

    asyncio.run(run())


@pytest.mark.usefixtures("rtl")
def test_closing_does_not_wait_for_it(tmp_path: Path) -> None:
    """An update that has not begun never begins; the next session does it."""

    async def run() -> None:
        async with opened(tmp_path) as session:
            session.files.search_similar(3600)
        async with opened(tmp_path) as session:
            assert found(session, "parity") == []
            session.files.search_similar(0)
            await session.files.similar.complete()
            assert found(session, "parity") == ["a.sv"]

    asyncio.run(run())


@pytest.mark.usefixtures("rtl")
def test_too_much_code_is_not_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the documented size nothing is made."""
    monkeypatch.setattr(similar_keeper, "MOST_SOURCE_BYTES", 60)

    async def run() -> None:
        async with opened(tmp_path) as session:
            session.files.search_similar(0)
            await session.files.similar.complete()
            assert found(session, "parity") == []

    asyncio.run(run())
