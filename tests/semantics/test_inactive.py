"""Branches of `ifdef that are not taken: where they are, and what they declare."""

from __future__ import annotations

import pytest

from hdl_lsp.semantics.inactive import inactive_spans
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText


@pytest.mark.parametrize(
    ("text", "inactive"),
    [
        ("a\n`ifdef X b `else c `endif d", [" b "]),
        ("`ifndef X b `else c `endif d", [" c "]),
        ("`define X\n`ifdef X b `else c `endif", [" c "]),
        ("`define X\n`undef X\n`ifdef X b `endif", [" b "]),
        ("`ifdef X a `elsif Y b `else c `endif", [" a ", " b "]),
        ("`define Y\n`ifdef X a `elsif Y b `else c `endif", [" a ", " c "]),
        (
            "`ifdef X a `ifdef Y b `else c `endif d `else e `endif f",
            [" a `ifdef Y b `else c `endif d "],
        ),
        ("`ifndef X a `ifdef Y b `else c `endif d `else e `endif f", [" b ", " e "]),
        ("`ifdef X `define Z\n`endif\n`ifdef Z a `endif", [" `define Z\n", " a "]),
        ("`ifndef GUARD\n`define GUARD\nmodule m; endmodule\n`endif", []),
        ("`ifdef X a", [" a"]),
        ("`else a `endif `endif `elsif", []),
        ("`ifdef", [""]),
        ("``ifdef X a ``endif", []),
    ],
)
def test_branches_that_are_not_taken(text: str, inactive: list[str]) -> None:
    """Nested, chained, unclosed and stray conditions (22.6)."""
    data = text.encode()
    assert [data[s.start : s.end].decode() for s in inactive_spans(data)] == inactive


def test_dead_branches_are_declared_too() -> None:
    """Modules, instances and signals of a dead branch are there, under the scope around them."""
    text = """module top;
`ifdef FPGA
  logic slow_q;
  fpga_pll #(.M(`MULT)) u_pll (.clk_i(clk));
  import fpga_pkg::*;
`else
  asic_pll u_pll (.clk_i(clk));
`endif
endmodule
`ifdef VERILATOR
module stub(input logic a_i); logic x; endmodule
`endif
"""
    result = summarise(SourceText.of(text))
    shown = [
        (d.kind.value, d.name, result.decls[d.parent].name if d.parent is not None else "")
        for d in result.decls
    ]
    assert shown == [
        ("module", "top", ""),
        ("instance", "u_pll", "top"),
        ("variable", "slow_q", "top"),
        ("instance", "u_pll", "top"),
        ("module", "stub", ""),
        ("port", "a_i", "stub"),
        ("variable", "x", "stub"),
    ]
    assert [(use.definition, result.decls[use.decl].definition) for use in result.instances] == [
        ("asic_pll", "asic_pll"),
        ("fpga_pll", "fpga_pll"),
    ]
    assert [(item.package, item.parent) for item in result.imports] == [("fpga_pkg", 0)]
    assert result.problems == ()


@pytest.mark.parametrize(
    "branch",
    [
        "a <= b;",
        ", input logic x_i);",
        "if (a) begin",
        "+ foo(b);",
        ".x(y), .z(w));",
        "end else begin c = d;",
    ],
)
def test_branch_that_is_half_of_something_adds_nothing(branch: str) -> None:
    """What can't stand alone is left out, and the rest of the file is as before."""
    text = f"module m;\n`ifdef X\n{branch}\n`endif\n  logic a;\nendmodule\n"
    result = summarise(SourceText.of(text))
    assert [d.name for d in result.decls] == ["m", "a"]
    assert result.instances == ()
