"""The evaluation of rename: real renames of a small design, judged by slang's driver."""

from __future__ import annotations

from pathlib import Path

from hdl_lsp.lab.evaluate.design import Design
from hdl_lsp.lab.evaluate.rename import evaluate_rename

LEAF = """module leaf #(parameter int Width = 4) (input logic clk_i, output logic [Width-1:0] q_o);
  always_ff @(posedge clk_i) q_o <= q_o + 1;
endmodule
"""
TOP = """module top(input logic clk_i, output logic [3:0] q_o);
  leaf u_leaf (.*);
endmodule
"""


async def test_every_symbol_of_a_small_design(tmp_path: Path) -> None:
    """All are renamed, nothing new is wrong, no use is missed; the folder is as it was."""
    for name, text in {"leaf.sv": LEAF, "top.sv": TOP}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    told: list[str] = []
    result = await evaluate_rename(Design(tmp_path, tops=("top",)), 100, 1, told.append)
    assert result.asked == len(told)
    assert {"leaf", "Width", "clk_i", "q_o", "u_leaf"} <= set(told)
    assert (result.renamed, result.new_errors, result.missed) == (result.asked - 1, [], [])
    assert [line.split(":")[0] for line in result.refusals] == ["top.sv"]
    assert (tmp_path / "top.sv").read_text(encoding="utf-8") == TOP
