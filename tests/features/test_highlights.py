"""Highlights of a name in its file."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from hdl_lsp.features.highlights import highlights
from tests.support.fixture import parse_fixture
from tests.support.render import render_spans

MODULE = """
module m(input logic clk_i, output logic o);
  logic a; // a
  always_ff @(posedge clk_i) a <= o;
  assign o = <|>a;
  if (1) begin : gen_b
    logic a;
    assign a = 1'b1;
  end
endmodule
"""


def test_uses_and_writes() -> None:
    """Every use of the variable, writes marked; another variable of that name is left out."""
    at = parse_fixture(MODULE)
    found = highlights(at.snapshot(), at.file, at.offset)
    labelled = [(one.span, "write" if one.is_write else "read") for one in found]
    assert render_spans(at.source, labelled) == snapshot("""\
  2 |   logic a; // a
    |         ^ read
  3 |   always_ff @(posedge clk_i) a <= o;
    |                              ^ write
  4 |   assign o = a;
    |              ^ read
""")


def test_spelling_without_facts() -> None:
    """Without facts, the same spelling within the scope of the declaration."""
    at = parse_fixture(MODULE)
    found = highlights(replace(at.snapshot(), known_facts={}), at.file, at.offset)
    assert render_spans(at.source, [(one.span, "") for one in found]) == snapshot("""\
  2 |   logic a; // a
    |         ^
  3 |   always_ff @(posedge clk_i) a <= o;
    |                              ^
  4 |   assign o = a;
    |              ^
""")


def test_macro() -> None:
    """A macro is highlighted at its definition and uses."""
    at = parse_fixture("`define N 1\nmodule m; localparam int P = `<|>N + `N; endmodule\n")
    assert len(highlights(at.snapshot(), at.file, at.offset)) == 3


def test_silent() -> None:
    """Keywords, comments and blanks highlight nothing."""
    for text in (
        "mod<|>ule m; endmodule\n",
        "module m; // m<|>\nendmodule\n",
        "module m;  <|>  endmodule\n",
    ):
        at = parse_fixture(text)
        assert highlights(at.snapshot(), at.file, at.offset) == ()
