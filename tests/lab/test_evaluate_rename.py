"""The evaluation of rename: real renames of a small design, judged by slang's driver."""

from __future__ import annotations

import re
from pathlib import Path

from hdl_lsp.lab.evaluate.design import Design
from hdl_lsp.lab.evaluate.rename import Done, Judge, RenameResult, evaluate_rename
from hdl_lsp.lab.evaluate.truth import walked
from hdl_lsp.semantics.truth.record import TruthRequest
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import span

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


SHADOWED = """module m(output logic q, r);
  logic outer, inner;
  assign outer = 1'b1;
  assign inner = 1'b1;
  if (1) begin : g
    logic inner;
    assign inner = 1'b0;
    assign q = inner;
  end
  assign r = outer;
endmodule
"""


def _uses(name: str, new: str, *which: int) -> tuple[TextEdit, ...]:
    """Edits of some of the places where *name* is written, counted from 0."""
    starts = [found.start() for found in re.finditer(rf"\b{name}\b", SHADOWED)]
    return tuple(TextEdit(span(at, at + len(name)), new) for at in (starts[n] for n in which))


async def test_wrong_renames_among_right_ones_are_found(tmp_path: Path) -> None:
    """A use that is left behind is an error, or silently means another signal; both are told apart in one batch."""
    path = tmp_path / "m.sv"
    path.write_text(SHADOWED, encoding="utf-8")
    listed = tmp_path / "m.f"
    listed.write_text(f"{path}\n", encoding="utf-8")
    request = TruthRequest(filelist=str(listed), tops=("m",))
    before = await walked(request)
    symbols = {(s.name, min(s.places)[1]): s for s in before.symbols if s.places}
    inner = SHADOWED.index("inner;", SHADOWED.index("begin"))
    renames = [
        ("right", symbols["q", SHADOWED.index("q,")], _uses("q", "right", 0, 1)),
        ("broken", symbols["outer", SHADOWED.index("outer")], _uses("outer", "broken", 0, 1)),
        ("silent", symbols["inner", inner], _uses("inner", "silent", 2, 3)),
    ]
    result = RenameResult()
    judge = Judge(request, before, result)
    for new, symbol, edits in renames:
        await judge.add(Done(symbol, symbol.name, new, {str(path): edits}))
    await judge.judge()
    assert [line.partition(":")[0] for line in result.new_errors] == ["outer"]
    assert {line.partition(":")[0] for line in result.missed} == {"outer", "inner"}
    assert path.read_text(encoding="utf-8") == SHADOWED
