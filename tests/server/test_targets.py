"""Choosing a build, remembering it, and settings of several folders in one session."""

from __future__ import annotations

from pathlib import Path

from hdl_lsp.server.remembered_target import remember, remembered
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.vfs import Opened

OFF = {"llm": {"enabled": False}}


def write(path: Path, text: str) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_choice_is_remembered_for_its_folders_only(tmp_path: Path) -> None:
    """Kept outside the workspace; an empty name forgets it, and a damaged file is none."""
    remember(("/w",), "fpga", tmp_path)
    assert remembered(("/w",), tmp_path) == "fpga"
    assert remembered(("/w", "/x"), tmp_path) == ""
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b'{"roots": ["/w"], "tar')
    assert remembered(("/w",), tmp_path) == ""
    remember(("/w",), "", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_can_not_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    """Nothing raises where the cache folder is a file."""
    folder = write(tmp_path / "cache", "")
    remember(("/w",), "fpga", folder)
    assert remembered(("/w",), folder) == ""


async def test_two_folders_do_not_mix_their_macros(tmp_path: Path) -> None:
    """`WIDTH is 8 in one folder and 16 in the other: defined in a header there, by hdl-lsp.toml here."""
    use = "module {m}; logic [{n}:0] a; assign a = {n}'d0; initial $display(`WIDTH); localparam int W = `WIDTH; endmodule\n"
    one = write(tmp_path / "one/m.sv", use.format(m="m1", n=7))
    write(tmp_path / "one/defs.svh", "`define WIDTH 8\n")
    two = write(tmp_path / "two/m.sv", use.format(m="m2", n=15))
    write(tmp_path / "two/hdl-lsp.toml", '[project]\ndefines = ["WIDTH=16"]\n')
    session = Session(user_config=tmp_path / "none")
    try:
        session.open_folder([str(tmp_path / "one"), str(tmp_path / "two")], OFF)
        await session.load()
        values: list[str] = []
        for path in (one, two):
            file = session.table.id_of(str(path))
            session.apply((Opened(file, SourceText.of(path.read_text(encoding="utf-8"))),))
            facts = await session.facts(file)
            assert facts is not None
            assert facts.diagnostics == ()
            values += [s.value for s in facts.symbols if s.name == "W"]
        assert values == ["8", "16"]
        await session.elaborate()
        assert session.design_facts is not None
        assert session.design_facts.counts.files == 2
        assert not session.design_facts.failure
    finally:
        await session.close()


async def test_each_folder_excludes_for_itself(tmp_path: Path) -> None:
    """`exclude` of one folder leaves the other alone."""
    for root in ("one", "two"):
        write(tmp_path / root / "old/m.sv", f"module {root}; endmodule\n")
    write(tmp_path / "one/hdl-lsp.toml", '[project]\nexclude = ["old"]\n')
    session = Session(user_config=tmp_path / "none")
    try:
        session.open_folder([str(tmp_path / "one"), str(tmp_path / "two")], OFF)
        await session.load()
        assert session.snapshot().index.unit_names() == ("two",)
    finally:
        await session.close()


async def test_mistakes_in_settings_are_named_by_path_and_line(tmp_path: Path) -> None:
    """A statement that is no TOML and a key that does not exist; what is right counts."""
    text = '[project]\ntops = \ndefines = ["A"]\nmacros = ["B"]\n'
    path = write(tmp_path / "hdl-lsp.toml", text)
    told: list[str] = []
    session = Session(user_config=tmp_path / "none")
    session.listeners.problems = told.extend
    try:
        session.open_folder([str(tmp_path)], OFF)
        assert session.config.project.defines == ("A",)
        assert told == [
            f"{path}:2: not TOML: Invalid value",
            f"{path}:4: project.macros: no such setting",
        ]
    finally:
        await session.close()
