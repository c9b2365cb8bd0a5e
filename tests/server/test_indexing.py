"""Sessions one after the other on the same folder: what the second need not read."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hdl_lsp.semantics.index_names import TABLES
from hdl_lsp.server.loading import Silent
from hdl_lsp.server.session import Session
from tests.support import designs

OFF = {"llm": {"enabled": False}}
LONG_AGO_NS = 1_600_000_000 * 10**9


@asynccontextmanager
async def loaded(root: Path, index: Path | None) -> AsyncIterator[Session]:
    """A session on *root* that has read it; its index is kept in *index*."""
    session = Session(user_config=root / "none.toml", index_folder=index)
    session.open_folder([str(root)], OFF)
    try:
        await session.load()
        yield session
    finally:
        await session.close()


def write(root: Path, name: str, text: str, mtime_ns: int = LONG_AGO_NS) -> Path:
    """A file that was changed at *mtime_ns*."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def content(session: Session) -> object:
    """Every table and summary, by path."""
    index = session.snapshot().index
    path_of = index.table.path_of
    tables = {
        kind: {n: sorted(map(path_of, index.files_in(kind, n))) for n in index.names_in(kind)}
        for kind in TABLES
    }
    return tables, {path_of(file): index.summary_of(file) for file in index.files()}


async def test_a_second_session_parses_nothing(tmp_path: Path) -> None:
    """Names and texts are there without a process and without a decoded summary."""
    root = tmp_path / "design"
    write(root, "a.sv", "module a; endmodule")
    write(root, "b.sv", "module b; a u_a (); endmodule")
    async with loaded(root, tmp_path / "index") as first:
        expected = content(first)
    async with loaded(root, tmp_path / "index") as session:
        assert session.index.unit_names() == ("a", "b")
        assert session.index.summaries.decoded == 0
        assert {session.shallow.status().state, session.design.status().state} == {"stopped"}
        assert content(session) == expected
        file = session.table.id_of(str(root / "b.sv"))
        text = session.snapshot().text(file)
        assert text is not None
        assert text.text == "module b; a u_a (); endmodule"


async def test_warm_equals_cold_on_ibex(tmp_path: Path) -> None:
    """All tables and summaries from disk are those that both analysis processes made."""
    async with loaded(designs.ibex(), tmp_path) as cold:
        expected = content(cold)
        assert len(cold.index.files()) > 500
    async with loaded(designs.ibex(), tmp_path) as warm:
        assert {warm.shallow.status().state, warm.design.status().state} == {"stopped"}
        assert content(warm) == expected


async def test_what_changed_between_sessions_is_read(tmp_path: Path) -> None:
    """Edited, new and deleted files count as they are now."""
    root = tmp_path / "design"
    for name in "abc":
        write(root, f"{name}.sv", f"module {name}; endmodule")
    async with loaded(root, tmp_path / "index"):
        pass
    write(root, "a.sv", "module a2; endmodule", LONG_AGO_NS + 1)
    (root / "b.sv").unlink()
    write(root, "d.sv", "module d; endmodule")
    for _ in range(2):
        async with loaded(root, tmp_path / "index") as session:
            assert session.index.unit_names() == ("a2", "c", "d")


async def test_a_file_edited_in_the_tick_of_its_indexing_is_read_again(tmp_path: Path) -> None:
    """Same size and same time mean nothing if the file was that young when it was read."""
    root = tmp_path / "design"
    path = root / "a.sv"
    root.mkdir()
    path.write_text("module one; endmodule", encoding="utf-8")
    young_ns = path.stat().st_mtime_ns
    async with loaded(root, tmp_path / "index") as session:
        assert session.index.unit_names() == ("one",)
    write(root, "a.sv", "module two; endmodule", young_ns)
    async with loaded(root, tmp_path / "index") as session:
        assert session.index.unit_names() == ("two",)


async def test_touched_files_are_not_parsed_again(tmp_path: Path) -> None:
    """Another time with the same text is the same file."""
    root = tmp_path / "design"
    path = write(root, "a.sv", "module a; endmodule")
    async with loaded(root, tmp_path / "index"):
        pass
    os.utime(path, ns=(LONG_AGO_NS + 5, LONG_AGO_NS + 5))
    async with loaded(root, tmp_path / "index") as session:
        assert session.index.unit_names() == ("a",)
        assert session.index.edited == frozenset()


class Impatient(Silent):
    """Wants to stop after the first report."""

    is_cancelled = False

    def report(self, done: int, total: int) -> None:
        """That is enough."""
        self.is_cancelled = True


async def test_a_stopped_indexing_is_usable_and_goes_on_later(tmp_path: Path) -> None:
    """What was read counts, the user is told how much that is, and the next session reads only the rest."""
    root = tmp_path / "design"
    filler = "// " + "x" * 10_000 + "\n"
    for number in range(60):
        write(root, f"f{number}.sv", f"{filler}module m{number}; endmodule")
    told: list[str] = []
    session = Session(user_config=root / "none", index_folder=tmp_path / "index")
    session.listeners.problems = told.extend
    session.open_folder([str(root)], OFF)
    await session.load(Impatient())
    known = len(session.index.unit_names())
    await session.close()
    assert 0 < known < 60
    assert told == [f"stopped: {known} of 60 files are known until it is read again"]
    async with loaded(root, tmp_path / "index") as again:
        assert len(again.index.unit_names()) == 60


async def test_a_damaged_index_is_built_again(tmp_path: Path) -> None:
    """Cut off anywhere, it costs time and nothing else."""
    root = tmp_path / "design"
    for number in range(30):
        write(root, f"f{number}.sv", f"module m{number}; logic a; endmodule")
    async with loaded(root, tmp_path / "index") as session:
        expected = content(session)
        path = session.files.store.path
    assert path is not None
    whole = path.read_bytes()
    for size in range(0, len(whole), len(whole) // 6):
        path.write_bytes(whole[:size])
        async with loaded(root, tmp_path / "index") as session:
            assert content(session) == expected


async def test_the_index_follows_a_file_that_nobody_told_about(tmp_path: Path) -> None:
    """Who reads a closed file that has changed on disk brings the index up to date."""
    path = write(tmp_path, "a.sv", "module a; endmodule")
    async with loaded(tmp_path, None) as session:
        file = session.table.id_of(str(path))
        write(tmp_path, "a.sv", "module changed; endmodule", LONG_AGO_NS + 1)
        text = session.snapshot().text(file)
        assert text is not None
        assert text.text == "module changed; endmodule"
        await session.load()
        assert session.snapshot().index.unit_names() == ("changed",)


async def test_another_spelling_of_a_file_is_the_same_file(tmp_path: Path) -> None:
    """On a disk where case does not count a file list may spell a name as it likes."""
    path = write(tmp_path, "Build/fifo.sv", "module fifo; endmodule")
    (
        tmp_path / "build"
    ).mkdir()  # never scanned, so that the other spelling comes from the list alone
    os.link(path, tmp_path / "build" / "fifo.sv")
    (tmp_path / "a.f").write_text("build/fifo.sv\n", encoding="utf-8")
    async with loaded(tmp_path, None) as session:
        path_of = session.table.path_of
        assert [path_of(f) for f in session.index.files()] == [str(path)]
        assert session.project.sources == (str(path),)
