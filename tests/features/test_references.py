"""References: what scopes prove, what slang is asked, and what names alone answer."""

from __future__ import annotations

from inline_snapshot import snapshot

from hdl_lsp.features.references import lexical_references, references
from hdl_lsp.semantics.name_uses import NamesRequest
from tests.support.asking import asker
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


async def uses(fixture: str, seen: list[NamesRequest] | None = None) -> str:
    """All uses, slang asked where texts alone can't tell."""
    at = parse_fixture(fixture)
    found = await references(at.snapshot(), at.file, at.offset, asker(seen))
    return render_targets(at, found)


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


def test_nothing_between_names() -> None:
    """Between names there are no references."""
    assert lexical("module m; <|> endmodule\n") == "nowhere\n"


async def test_port_needs_no_slang() -> None:
    """Connections by name, with values and without, are proved by the instances alone."""
    seen: list[NamesRequest] = []
    assert await uses(
        """
        //- /leaf.sv
        module leaf(input logic cl<|>k_i); wire w = clk_i; endmodule
        //- /top.sv
        module top(input logic clk_i); leaf a (.clk_i(clk_i)); leaf b (.clk_i); endmodule
        """,
        seen,
    ) == snapshot("""\
/leaf.sv
  1 | module leaf(input logic clk_i); wire w = clk_i; endmodule
    |                         ^^^^^
  1 | module leaf(input logic clk_i); wire w = clk_i; endmodule
    |                                          ^^^^^
/top.sv
  1 | module top(input logic clk_i); leaf a (.clk_i(clk_i)); leaf b (.clk_i); endmodule
    |                                         ^^^^^
  1 | module top(input logic clk_i); leaf a (.clk_i(clk_i)); leaf b (.clk_i); endmodule
    |                                                                 ^^^^^
""")
    assert not seen


async def test_exported_package_items() -> None:
    """An item is found through a package that passes it on."""
    assert (
        await uses(
            """
            //- /a.sv
            package a; parameter int Si<|>ze = 3; endpackage
            //- /b.sv
            package b; import a::*; export a::Size; endpackage
            //- /m.sv
            module m; localparam int X = b::Size; endmodule
            """
        )
    ).count("^^^^") == 3


async def test_included_files_see_the_scope_around() -> None:
    """A fragment's plain names mean what they mean where it is included."""
    assert (
        await uses(
            """
            //- /m.sv
            module m; logic sig<|>nal;
            `include "part.svh"
            endmodule
            //- /part.svh
            assign signal = 1'b1;
            //- /other.sv
            module other; logic signal; endmodule
            """
        )
    ).count("^^^^^^") == 2


async def test_upward_names_of_bound_modules() -> None:
    """A hierarchical name in a bound module starts where it is bound."""
    found = await uses(
        """
        //- /leaf.sv
        module leaf; logic fla<|>g; endmodule
        module core; leaf u_leaf (); endmodule
        //- /watch.sv
        module watch; wire w = u_leaf.flag; endmodule
        bind core watch u_watch ();
        """
    )
    assert "wire w = u_leaf.flag" in found


async def test_no_place_comes_twice_and_this_file_is_first() -> None:
    """The answer begins with the file that was asked in."""
    at = parse_fixture(
        """
        //- /a.sv
        module a; leaf x (.p(1'b0)); endmodule
        //- /z.sv
        module leaf(input logic p<|>); endmodule
        """
    )
    found = await references(at.snapshot(), at.file, at.offset, asker())
    assert [target.path for target in found] == ["/z.sv", "/a.sv"]
