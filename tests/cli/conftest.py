"""A small design on disk and a way to run the command on it.

Must not use a model: `--no-model`, or settings that switch it off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hdl_lsp.cli.main import main

FILES = {
    "hdl-lsp.toml": "[llm]\nenabled = false\n",
    "rtl/fifo.sv": """\
// Holds words until the reader is ready.
module fifo #(parameter int Depth = 4) (input logic clk_i, input logic push_i, output logic full_o);
  logic [2:0] count_q;
  always_ff @(posedge clk_i) if (push_i) count_q <= count_q + 3'd1;
  assign full_o = count_q == Depth;
endmodule
""",
    "rtl/top.sv": """\
module top (input logic clk_i, output logic full_o);
  fifo u_fifo (.clk_i(clk_i), .push_i(1'b1), .full_o(full_o));
endmodule
""",
    "bad/bad.sv": """\
module bad (input logic clk_i, input logic rst_ni, output logic q_o);
  logic a_q, b_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) a_q <= 1'b0;
    else begin
      a_q <= 1'b1;
      b_q <= a_q;
    end
  end
  assign q_o = nothing_q;
endmodule
""",
}


@dataclass(frozen=True)
class Ran:
    """What a run of the command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, read as JSON."""
        return json.loads(self.out)


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project, which is the working directory."""
    root = tmp_path / "design"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return root


@pytest.fixture
def hdl(design: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs `hdl-lsp` with arguments in the design's folder."""
    assert design.is_dir()

    def run(*arguments: str) -> Ran:
        capfd.readouterr()
        try:
            code = main(arguments)
        except SystemExit as leaving:  # argparse
            code = leaving.code if isinstance(leaving.code, int) else 1
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return run
