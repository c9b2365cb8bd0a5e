"""`hdl-lsp stats` prints what was counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_lsp.cli.main import main
from hdl_lsp.server import acceptance
from hdl_lsp.server.acceptance_store import Event, add


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with four counts, in place of the user's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = acceptance.stats_file()
    assert path.is_relative_to(tmp_path)
    for site, event in (("port connection", "shown"), ("statement", "offered")):
        add(path, [Event("2026-11-23", site, "port map", event, 8)] * 4)
    add(path, [Event("2026-11-23", "port connection", "port map", "accepted", 8)] * 3)
    return path


def test_rows_say_which_share_was_accepted(
    counted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what was shown; of what was offered where the editor never says what it draws."""
    assert main(["stats", "--json", "--by", "site"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["site"], row["acceptance"], row["charactersAccepted"]) for row in rows] == [
        ("port connection", 0.75, 24),
        ("statement", 0.0, 0),
    ]
    assert main(["stats", "--by", "origin"]) == 0  # a pipe gets JSON
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["origin"], row["accepted"], row["acceptance"]) == ("port map", 3, 0.75)


def test_clearing_forgets(counted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is gone, and nothing is left to show."""
    assert main(["stats", "--clear"]) == 0
    assert not counted.exists()
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
