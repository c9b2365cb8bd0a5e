"""What a misspelt word may have meant, by where it stands."""

from __future__ import annotations

import pytest

from hdl_lsp.context.near_names import near_names
from hdl_lsp.text.source import Offset
from tests.support.fixture import parse_fixture

DESIGN = """
package bus_pkg;
  typedef enum logic {BusIdle, BusBusy} bus_e;
endpackage
module child #(parameter int Width = 8) (input logic clk_i, input logic data_a_i, input logic data_b_i);
endmodule
module top (input logic clk_i);
  typedef struct packed {logic valid; logic ready;} state_t;
  state_t state_q;
  logic   only_here;
  PLACE
endmodule
module other;
  logic only_there;
endmodule
"""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("assign x = only_hre<|>;", ("only_here",)),
        ("assign x = only_thre<|>;", ("only_here",)),  # names of other modules can't stand here
        ("assign x = state_q.vlid<|>;", ("valid",)),
        ("assign x = bus_pkg::BusIdel<|>;", ("BusIdle",)),
        ("child u (.data_x_i<|>(clk_i));", ("data_a_i", "data_b_i")),
        ("child u (.data_a_i(clk_i), .data_x_i<|>(clk_i));", ("data_b_i",)),  # each once
        ("child #(.Widht<|>(4)) u ();", ("Width",)),
        ("chidl<|> u ();", ("child", "chandle", "while")),  # any word may start an item
        ("assign x = zzzzzz<|>;", ()),
        ("assign x = <|>;", ()),
    ],
)
def test_near_names(place: str, expected: tuple[str, ...]) -> None:
    """Names in scope, members, items of packages, free ports and parameters, design units."""
    at = parse_fixture(DESIGN.replace("PLACE", place))
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    assert near_names(snapshot, at.file, at.offset, facts) == expected


def test_every_offset_of_a_broken_file() -> None:
    """No place raises."""
    at = parse_fixture("module m; fifo #(.a(é u (.b( x.y.z p::q `m $f \\esc ")
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    for offset in range(at.source.size_bytes + 2):
        near_names(snapshot, at.file, Offset(offset), facts)
