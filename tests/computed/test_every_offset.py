"""Every rule at every place of broken text."""

from __future__ import annotations

import pytest

from hdl_lsp.computed.rules import computed
from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.context import site
from hdl_lsp.text.source import Offset
from tests.support.fixture import parse_fixture

BROKEN = """\
package p; typedef enum {A, B} e; typedef struct packed {e m; logic v; s_t; endpackage
import p
module m import p::*; #(parameter W (input clk, rst_n
  e q, d; s_t s = '{m: A, '{v:
  always_comb begin case (q) A: B, : begin d = ;
    default endcase
  always_ff @(posedge clk or negedge rst_n if (!rst_n) begin q <=
  end else q <= d; {q, <= d end
  assign s = '{ }; `ifdef X '{
endmodule
class c; extern function void f(; endclass
function c::
"""


@pytest.mark.parametrize("end", range(0, len(BROKEN), 37))
def test_no_rule_raises(end: int) -> None:
    """Cut anywhere, with the cursor at the end of every line, a rule has an answer or none, never an empty text."""
    text = BROKEN[:end]
    at = parse_fixture(f"{text}<|>")
    snapshot = at.snapshot()
    for offset in (*range(0, end, 11), end):
        place = site.at(snapshot, at.file, Offset(offset))
        if place is not None:
            assert all(one.text for one in computed(Asked(snapshot, place, None)))
