"""Highlights of a name in its file."""

from __future__ import annotations

from dataclasses import replace

import pytest
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


@pytest.mark.parametrize(
    "text",
    [
        "[|mod<|>ule|] m; module_a u(); [|endmodule|]\n",
        "module m; initial [|begin|] : a begin end [|en<|>d|] endmodule\n",
        "module m; initial [|<|>if|] (a) begin end [|else|] [|if|] (b) x = 1; [|else|] y = 1; endmodule\n",
        "module m; [|if|] (1) begin end [|els<|>e|] begin end endmodule\n",
        "module m; initial [|c<|>asez|] (a) 1: case (b) endcase [|endcase|] endmodule\n",
        "module m; initial begin wait fork; [|fork|] disable fork; [|join_n<|>one|] end endmodule\n",
        '[|packa<|>ge|] p; import "DPI-C" function void f(); [|endpackage|]\n',
        "module m; [|b<|>egin|] broken ( [|end|] endmodule\n",
    ],
)
def test_keywords_that_belong_together(text: str) -> None:
    """On a keyword its partners are marked, as text."""
    at = parse_fixture(text)
    found = highlights(at.snapshot(), at.file, at.offset)
    assert [one.span for one in found] == [marked.span for marked in at.ranges]
    assert all(one.is_text for one in found)


def test_silent() -> None:
    """Keywords that stand alone, comments and blanks highlight nothing."""
    for text in (
        "module m; init<|>ial begin end endmodule\n",
        "mod<|>ule m; // endmodule\n",
        "module m; // m<|>\nendmodule\n",
        "module m;  <|>  endmodule\n",
    ):
        at = parse_fixture(text)
        assert highlights(at.snapshot(), at.file, at.offset) == ()
