"""References: what slang is asked, and what spelling alone answers."""

from __future__ import annotations

from inline_snapshot import snapshot

from hdl_lsp.features.references import lexical_references, references_request
from tests.support.fixture import parse_fixture
from tests.support.render import render_targets

DESIGN = """
//- /defs.svh
`define WIDTH 8
//- /leaf.sv
module leaf(input logic clk_i);
endmodule : leaf
//- /top.sv
`include "defs.svh"
`ifdef WIDTH
`endif
module top(input logic clk_i);
  logic [`WIDTH-1:0] data; // WIDTH bits for the leaf
  leaf leaf (.clk_i(clk_i));
  leaf u_leaf (.clk_i(clk_i));
endmodule
//- /other.sv
module other(input logic clk_i);
  logic data;
endmodule
"""


def lexical(fixture: str) -> str:
    """The uses found by spelling."""
    at = parse_fixture(fixture)
    return render_targets(at, lexical_references(at.snapshot(), at.file, at.offset))


def asked(fixture: str) -> tuple[str, list[str], list[str]]:
    """Name, searched files and context of the request."""
    at = parse_fixture(fixture)
    request = references_request(at.snapshot(), at.file, at.offset)
    assert request is not None
    return (
        request.name,
        [one.path for one in request.files],
        [one.path for one in request.context],
    )


def test_macro() -> None:
    """A macro is found at its definition, its uses and its tests, and not in comments."""
    assert lexical(DESIGN.replace("define WIDTH", "define WI<|>DTH")) == snapshot("""\
/defs.svh
  1 | `define WIDTH 8
    |         ^^^^^
/top.sv
  2 | `ifdef WIDTH
    |        ^^^^^
  5 |   logic [`WIDTH-1:0] data; // WIDTH bits for the leaf
    |           ^^^^^
""")


def test_module() -> None:
    """A module is found at its declaration, end label and instances, not where an instance has its name."""
    assert lexical(DESIGN.replace("module leaf", "module le<|>af")) == snapshot("""\
/leaf.sv
  1 | module leaf(input logic clk_i);
    |        ^^^^
  2 | endmodule : leaf
    |             ^^^^
/top.sv
  6 |   leaf leaf (.clk_i(clk_i));
    |   ^^^^
  7 |   leaf u_leaf (.clk_i(clk_i));
    |   ^^^^
""")


def test_local_stays_in_its_module() -> None:
    """A variable of the same name in another module is another one."""
    assert lexical(DESIGN.replace("] data", "] da<|>ta")) == snapshot("""\
/top.sv
  5 |   logic [`WIDTH-1:0] data; // WIDTH bits for the leaf
    |                      ^^^^
""")


def test_shadowed_name_is_left_out() -> None:
    """Where an inner declaration hides the name, its uses are not counted."""
    assert lexical(
        """
        module m(output logic o);
          logic <|>a;
          always_comb begin : p
            logic a;
            a = 1'b0;
          end
          assign o = a;
        endmodule
        """
    ) == snapshot("""\
/main.sv
  2 |   logic a;
    |         ^
  7 |   assign o = a;
    |              ^
""")


def test_units_and_macros_need_no_slang() -> None:
    """For names that are unique by their spelling nothing is asked."""
    for marked in (
        DESIGN.replace("module leaf", "module le<|>af"),
        DESIGN.replace("[`W", "[`W<|>"),
    ):
        at = parse_fixture(marked)
        assert references_request(at.snapshot(), at.file, at.offset) is None


def test_port_is_searched_where_its_module_is_used() -> None:
    """A port is searched in its own file and in those that instantiate the module."""
    name, files, _ = asked(DESIGN.replace("leaf(input logic clk_i", "leaf(input logic clk<|>_i"))
    assert name == "clk_i"
    assert files == ["/leaf.sv", "/top.sv"]


def test_request_starts_at_the_declaration() -> None:
    """Asked at a use, the request is about the declaration."""
    at = parse_fixture(DESIGN.replace(".clk_i(clk_i));\nendm", ".clk_<|>i(clk_i));\nendm"))
    request = references_request(at.snapshot(), at.file, at.offset)
    assert request is not None
    assert request.path == "/leaf.sv"
    leaf = at.snapshot().text(at.file_of("/leaf.sv"))
    assert leaf is not None
    assert leaf.data[request.offset : request.offset + 5] == b"clk_i"


def test_context_is_what_the_searched_files_need() -> None:
    """Packages and modules that the searched files need are compiled along."""
    _, files, context = asked(
        """
        //- /pkg.sv
        package pkg; typedef logic [1:0] two_t; endpackage
        //- /leaf.sv
        module leaf(input pkg::two_t a); endmodule
        //- /top.sv
        module top; pkg::two_t b<|>us; leaf u (.a(bus)); endmodule
        """
    )
    assert files == ["/top.sv"]
    assert sorted(context) == ["/leaf.sv", "/pkg.sv"]


def test_package_items_are_searched_everywhere() -> None:
    """A constant of a package is searched in every file that names it."""
    _, files, _ = asked(
        """
        //- /pkg.sv
        package pkg; localparam int Si<|>ze = 3; endpackage
        //- /a.sv
        module a; localparam int P = pkg::Size; endmodule
        //- /b.sv
        module b; localparam int P = 3; endmodule
        """
    )
    assert files == ["/pkg.sv", "/a.sv"]


def test_nothing_between_names() -> None:
    """Between names there are no references."""
    assert lexical("module m; <|> endmodule\n") == "nowhere\n"
