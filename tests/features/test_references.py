"""References: what scopes prove, what slang is asked, and what names alone answer."""

from __future__ import annotations

import pytest
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


async def test_connection_after_a_directive() -> None:
    """What follows `endif is a connection and no member of something."""
    found = await uses(
        """
        //- /leaf.v
        module leaf(input wire a, output wire <|>b); endmodule
        //- /top.v
        module top(input wire a, output wire b);
          leaf u (
        `ifdef NEVER
            .a(),
        `endif
            .b(b));
        endmodule
        """
    )
    assert found == snapshot("""\
/leaf.v
  1 | module leaf(input wire a, output wire b); endmodule
    |                                       ^
/top.v
  6 |     .b(b));
    |      ^
""")


async def test_port_under_a_condition() -> None:
    """A port that only the project's macros bring in is connected as any other; the parameters may be many."""
    parameters = ", ".join(f".Parameter{number}(Value{number})" for number in range(30))
    found = await uses(
        f"""
        //- /hdl-lsp.toml
        [project]
        defines = ["TRACE"]
        //- /leaf.sv
        module leaf(
        `ifdef TRACE
          output logic valid<|>,
        `endif
          input logic a);
          assign valid = a;
        endmodule
        //- /top.sv
        module top(
        `ifdef TRACE
          output logic valid,
        `endif
          input logic a);
          leaf #({parameters}) u (
        `ifdef TRACE
            .valid,
        `endif
            .a);
        endmodule
        """
    )
    assert found == snapshot("""\
/leaf.sv
  3 |   output logic valid,
    |                ^^^^^
  6 |   assign valid = a;
    |          ^^^^^
/top.sv
  8 |     .valid,
    |      ^^^^^
""")


MACRO = r"""
`define REG(q, d, clk = clk_i) \
  always_ff @(posedge clk) begin \
    q``_copy <= `"q`"; // q of the register \
    q <= `d d; \
  end
module m(input logic clk_i, d, output logic q);
  `REG(q, d)
endmodule
"""


@pytest.mark.parametrize("place", ["(q<|>", "q<|>``_copy", "q<|> <="])
async def test_argument_of_a_macro(place: str) -> None:
    """An argument of a macro is known in all lines of its definition, and nowhere else."""
    assert await uses(MACRO.replace(place.replace("<|>", ""), place, 1)) == snapshot("""\
/main.sv
  1 | `define REG(q, d, clk = clk_i) \\
    |             ^
  3 |     q``_copy <= `"q`"; // q of the register \\
    |     ^
  3 |     q``_copy <= `"q`"; // q of the register \\
    |                   ^
  4 |     q <= `d d; \\
    |     ^
""")


async def test_argument_of_a_macro_beside_a_macro_of_its_name() -> None:
    """After a backtick the name is that of a macro."""
    assert await uses(MACRO.replace("`d d;", "`d d<|>;")) == snapshot("""\
/main.sv
  1 | `define REG(q, d, clk = clk_i) \\
    |                ^
  4 |     q <= `d d; \\
    |             ^
""")


async def test_pasted_piece_is_no_name() -> None:
    """A piece that two backticks join to another word is not a use of what has its name."""
    found = await uses(
        """
        `define IS(x) x``_q = clk``x;
        module m(input logic clk<|>);
          assign `IS(a)
        endmodule
        """
    )
    assert found == snapshot("""\
/main.sv
  2 | module m(input logic clk);
    |                      ^^^
""")


async def test_field_by_the_types_on_the_way() -> None:
    """A field is told from another of its name by written types, where slang can't compile a file too."""
    found = await uses(
        """
        //- /p.sv
        package p;
          typedef struct packed { logic valid<|>; } req_t;
          typedef struct packed { logic valid; } rsp_t;
        endpackage
        //- /core.sv
        module core; if (1) begin : gen p::req_t req; end endmodule
        //- /tb.sv
        class item extends lost_pkg::base;
          p::req_t req [2];
          p::rsp_t rsp;
          lost_item other;
          function void f();
            req[0].valid = rsp.valid + other.valid;
          endfunction
        endclass
        module tb; core u_core(); always_comb if (u_core.gen.req.valid) $stop; endmodule
        """
    )
    assert found == snapshot("""\
/p.sv
  2 |   typedef struct packed { logic valid; } req_t;
    |                                 ^^^^^
/tb.sv
  6 |     req[0].valid = rsp.valid + other.valid;
    |            ^^^^^
  9 | module tb; core u_core(); always_comb if (u_core.gen.req.valid) $stop; endmodule
    |                                                          ^^^^^
""")


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ("struct packed { logic other; logic valid<|>; } a, b;", "b.valid"),
        ("p::t b [p::N[p::M]:0];", "b[0].valid"),
        (
            "if (p::M) begin : g p::u b; end else begin : g p::t b; end",
            "g.b.valid",
        ),
    ],
)
async def test_field_whose_type_is_not_plainly_written(declared: str, used: str) -> None:
    """A second signal of a nameless struct, brackets in brackets, and branches of one name are not taken for foreign."""
    package = """
    //- /p.sv
    package p;
      localparam int M = 0; localparam int N [1] = '{1};
      typedef struct packed { logic val<|>id; } t;
      typedef struct packed { logic valid; } u;
    endpackage
    """
    if "<|>" in declared:
        package = package.replace("<|>", "")
    found = await uses(f"{package}//- /m.sv\n    module m; {declared} wire w = {used}; endmodule\n")
    assert found.count("^^^^^") == 2, found
    assert "/m.sv" in found
