"""What `hdl-lsp doctor FILE` prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from hdl_lsp.cli.doctor_file import table
from hdl_lsp.cli.main import main


@pytest.fixture
def leaf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a design with targets; no settings of the user's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    folder = tmp_path / "chip"
    (folder / "rtl").mkdir(parents=True)
    (folder / "hdl-lsp.toml").write_text(
        '[project]\nsources = ["rtl/*.sv"]\ndefines = ["A=1"]\n[targets.fpga]\ndefines = ["A=2"]\n',
        encoding="utf-8",
    )
    (folder / "rtl/top.sv").write_text("module top; leaf u (); endmodule\n", encoding="utf-8")
    path = folder / "rtl/leaf.sv"
    path.write_bytes("module leaf; // µ\nendmodule\n".encode("latin-1"))
    return path


def test_json_in_a_pipe(leaf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal the report is JSON, and the chosen target counts."""
    assert main(["doctor", str(leaf), "--target", "fpga"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["role"], found["target"], found["defines"]) == ("source", "fpga", ["A=2"])
    assert (found["encoding"], found["tops"], found["isIndexed"]) == ("Latin-1", ["top"], True)


def test_table_for_a_person(leaf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same in words."""
    assert main(["doctor", str(leaf), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    console = Console(width=200, record=True)
    console.print(table(found))
    text = console.export_text()
    assert "compiled: one of the project's sources" in text
    assert "hdl-lsp.toml: [project] of hdl-lsp.toml says which files count" in text
    assert "not found        nothing is missing" in text


def test_a_target_that_does_not_exist(leaf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence with those that do, and the exit status of a wrong command line."""
    assert main(["check", str(leaf), "--target", "asic"]) == 2
    assert "hdl-lsp check: no target asic; there are fpga" in capsys.readouterr().err


def test_check_leaves_third_party_files_out(leaf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a folder; its own files are still checked."""
    (leaf.parent / "top.sv").write_text("module top; assign x = y; endmodule\n", encoding="utf-8")
    assert main(["check", str(leaf.parents[1])]) == 1
    assert "top.sv" in capsys.readouterr().out
    config = leaf.parents[1] / "hdl-lsp.toml"
    config.write_text(
        '[project]\nsources = ["rtl/*.sv"]\nthird_party = ["top.sv"]\n', encoding="utf-8"
    )
    assert main(["check", str(leaf.parents[1])]) == 0
