"""What `hdl-lsp init` proposes for small repositories, and what it writes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from hdl_lsp.cli.main import main

FILES = {
    "inc/defs.svh": "`define RESET 1'b0\n",
    "inc2/unused.svh": "`define UNUSED 1\n",
    "rtl/top.sv": '`include "defs.svh"\nmodule top; logic a = `RESET; leaf u_leaf (); endmodule\n',
    "rtl/leaf.sv": 'module leaf;\n  logic [`WIDTH-1:0] q;\n`ifndef FAST\n`include "gone.svh"\n`endif\nendmodule\n',
    "tb/tb_top.sv": "module tb_top; top u_top (); endmodule\n",
    "old/a.sv": "module a; x y z; assign b = ; assign c = ; assign d = ; assign e = ; assign f = ;endmodule\n",
    "Makefile": "run:\n\tvcs -f x.f +define+WIDTH=8 -DNOT_USED=1 $(FLAGS)\n",
}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A design without a project file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    folder = tmp_path / "chip"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_every_kind_of_choice_with_its_proof(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An include folder, a macro from the Makefile, a flag the sources test, a folder of errors, the top."""
    assert main(["init", str(repository), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    kept = [(c["key"], c["value"]) for c in found["choices"] if c["isKept"]]
    assert kept == [
        ("include_dirs", "inc"),
        ("defines", "WIDTH=8"),
        ("defines", "FAST"),
        ("exclude", "old"),
        ("tops", "top"),
    ]
    assert found["errorsAfter"] == 0
    gains = [c["errorsBefore"] - c["errorsAfter"] for c in found["choices"] if c["isKept"]]
    assert sum(gains) == found["errorsBefore"] > 0
    assert found["choices"][0]["proof"] == f"removes {gains[0]} errors in 1 file"


def test_the_file_is_written_and_helps(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is TOML with a reason on every line, `check` is clean with it, and nothing is overwritten by itself."""
    assert main(["init", str(repository), "--write"]) == 0
    out = capsys.readouterr().out
    path = repository / "hdl-lsp.toml"
    text = path.read_text(encoding="utf-8")
    assert text in out
    assert tomllib.loads(text)["project"] == {
        "include_dirs": ["inc"],
        "defines": ["WIDTH=8", "FAST"],
        "exclude": ["old"],
        "tops": ["top"],
    }
    values = [line for line in text.split("\n") if line.startswith("  ")]
    assert all(" # " in line for line in values)
    assert main(["check", "--project", str(repository), "--errors-only"]) == 0
    path.write_text("# mine\n", encoding="utf-8")
    assert main(["init", str(repository), "--write"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "# mine\n"
    assert main(["init", str(repository), "--write", "--force"]) == 0
    assert path.read_text(encoding="utf-8") == text


def test_a_design_without_errors_needs_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the top is named."""
    (tmp_path / "m.sv").write_text("module m; endmodule\n", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "# 0 errors without this file, 0 with it." in out
    assert '"m", # 1 file; elaborates with 0 errors' in out


def test_an_empty_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be tried without files."""
    assert main(["init", str(tmp_path)]) == 3
    assert "no HDL file" in capsys.readouterr().err


def test_a_link_is_not_written_through(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository can hold a link to nothing; what it would create lies outside."""
    (repository / "hdl-lsp.toml").symlink_to(tmp_path / "outside.toml")
    assert main(["init", str(repository), "--write"]) == 2
    assert "is a link" in capsys.readouterr().err
    assert not (tmp_path / "outside.toml").exists()
