"""What `hdl-lsp check` prints, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.cli.main import main

UNKNOWN = """module note (input logic [7:0] d_i, output logic [3:0] q_o);
  assign q_o = `ACME_SEL(d_i);
endmodule
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: empty, and no settings of the user's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    folder = tmp_path / "chip"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_an_error_is_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Place, severity, words and code of an error stand on one line; the status is 1."""
    (folder / "m.sv").write_text(
        "module m (output logic q_o);\n  assign q_o = missing;\nendmodule\n"
    )
    assert main(["check", "m.sv"]) == 1
    out = capsys.readouterr().out
    assert "m.sv:2:16: error: use of undeclared identifier 'missing' [UndeclaredIdentifier]" in out


def test_a_missing_macro_is_a_note(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody configured is no finding, but it is said."""
    (folder / "note.sv").write_text(UNKNOWN)
    assert main(["check", "note.sv"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "note: note.sv: can't find macro `ACME_SEL" in printed.err
    assert "no findings in 1 file" in printed.err


def test_many_files_with_gaps_are_summed_up(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A macro that is missing everywhere does not flood the terminal."""
    for number in range(5):
        (folder / f"note{number}.sv").write_text(UNKNOWN.replace("note", f"note{number}"))
    assert main(["check"]) == 0
    err = capsys.readouterr().err
    assert err.count("can't find macro") == 3
    assert "and 2 more files like these" in err
