"""Facts about a name: true sentences, each computed."""

from __future__ import annotations

import pytest

from hdl_lsp.context.evidence import evidence, evidence_of_line
from tests.support.fixture import parse_fixture

DESIGN = """
//- /pkg.sv
package a_pkg;
  // How wide a word is.
  localparam int Width = 12;
endpackage
//- /child.sv
interface bus_if; endinterface
module child (input logic clk_i, output logic [a_pkg::Width-1:0] data_o, inout wire pad_io);
endmodule
//- /top.sv
module top (input logic clk_i);
  logic [a_pkg::Width-1:0] data;
  wire pad;
  child u_child (.clk_i(clk_i), .data_o(data), .pad_io(pad));
  child u_other (.clk_i(clk_i), .data_o(), .pad_io());
endmodule
"""


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        (
            "a_pkg::Wi<|>dth-1:0] data;",
            [
                "`Width` is a localparam of `a_pkg`",
                "its type is `int`, 32 bits wide",
                "its value is `12`",
                "it is used in line 2 of this file",
            ],
        ),
        (
            "chi<|>ld u_child",
            [
                "`child` is a module",
                "it has 1 input, 1 output, 1 inout",
                "it is instantiated in `top`",
            ],
        ),
        ("modu<|>le top", None),
        (
            "module to<|>p",
            ["`top` is a module", "it has 1 input", "it instantiates `child`"],
        ),
        ("interface bus<|>_if", ["`bus_if` is an interface"]),
    ],
)
def test_facts(place: str, facts: list[str] | None) -> None:
    """Kind, container, type, width, value, ports, instances up and down."""
    plain = place.replace("<|>", "")
    assert DESIGN.count(plain) == 1
    at = parse_fixture(DESIGN.replace(plain, place))
    known = evidence(at.snapshot(), at.file, at.offset)
    assert (list(known.facts) if known else None) == facts


def test_comments_come_from_the_declaration() -> None:
    """The doc comment of another file's declaration, without its marks."""
    at = parse_fixture(DESIGN.replace("a_pkg::Width-1:0] data;", "a_pkg::Wi<|>dth-1:0] data;"))
    known = evidence(at.snapshot(), at.file, at.offset)
    assert known is not None
    assert known.comment == "How wide a word is."


def test_a_line_without_names() -> None:
    """Its number and the unit around it."""
    at = parse_fixture("module m;\n  // nothing<|>\nendmodule\n")
    known = evidence_of_line(at.snapshot(), at.file, at.offset)
    assert known.facts == ("this is line 2 of module `m`",)
    assert known.code == "// nothing"
