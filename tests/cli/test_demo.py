"""The tour of the Ibex core runs through to its end."""

from __future__ import annotations

import pytest

from hdl_lsp.cli.main import main


def test_every_step_shows_something(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a model: definition, completion, hover and review of the real core."""
    assert main(["demo", "--no-model"]) == 0
    out = capsys.readouterr().out
    assert "ibex_pkg.sv:" in out
    assert "ctrl_fsm_e ctrl_fsm_cs" in out
    assert "came out empty" not in out
