"""What `hdl-lsp doctor` prints about a project and its settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_lsp.cli.main import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a design and an hdl-lsp.toml; no settings of the user's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    folder = tmp_path / "chip"
    folder.mkdir()
    (folder / "top.sv").write_text("module top; endmodule\n")
    (folder / "hdl-lsp.toml").write_text('[project]\nsources = ["*.sv"]\n')
    return folder


def test_doctor_names_the_table_that_decided(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Square brackets in a sentence are shown."""
    assert main(["doctor", "--no-model", str(project)]) == 0
    assert "[project] of hdl-lsp.toml" in capsys.readouterr().out


def test_doctor_says_where_settings_come_from(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments are not called settings of an editor, and nothing else is changed behind the user's back."""
    assert main(["doctor", "--no-model", "--json", "--top", "top", str(project)]) == 0
    rows = json.loads(capsys.readouterr().out)["settings"]
    origins = {row["key"]: row["from"] for row in rows if row["from"] != "default"}
    assert origins == {"project.sources": "hdl-lsp.toml", "project.tops": "command line"}
