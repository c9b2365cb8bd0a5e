"""Definition, type definition and implementation, with fresh facts, old ones and none."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from hdl_lsp.features.definition import definition, implementation, type_definition
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText
from tests.support.fixture import parse_fixture
from tests.support.render import render_targets

DESIGN = """
//- /defs.svh
`define WIDTH 8
`define MAX(a, b) ((a) > (b) ? (a) : (b))
//- /pkg.sv
package pkg;
  typedef enum logic [1:0] { Idle, Busy } state_e;
  typedef struct packed { logic valid; state_e state; } status_t;
  function automatic logic is_busy(state_e state);
    return state == Busy;
  endfunction
endpackage
//- /fifo.sv
module fifo #(parameter int Depth = 4) (input logic clk_i, output logic full_o);
endmodule
//- /bus.sv
interface bus; logic req; modport host (output req); endinterface
"""


def check(top: str, expected: str) -> None:
    """Facts or not, the answer is the same."""
    at = parse_fixture(DESIGN + "//- /top.sv\n" + top)
    with_facts = at.snapshot()
    without = replace(with_facts, known_facts={})
    assert render_targets(at, definition(with_facts, at.file, at.offset)) == expected
    assert render_targets(at, definition(without, at.file, at.offset)) == expected


def test_instance_type_leads_to_module() -> None:
    """The type name of an instance leads to the module in another file."""
    check(
        "module top(input logic clk);\n  fi<|>fo u_fifo (.clk_i(clk), .full_o());\nendmodule\n",
        snapshot("""\
/fifo.sv
  1 | module fifo #(parameter int Depth = 4) (input logic clk_i, output logic full_o);
    |        ^^^^
"""),
    )


def test_connection_leads_to_port() -> None:
    """The name of a connection leads to the port of the instantiated module."""
    check(
        "module top(input logic clk);\n  fifo u_fifo (.clk_<|>i(clk), .full_o());\nendmodule\n",
        snapshot("""\
/fifo.sv
  1 | module fifo #(parameter int Depth = 4) (input logic clk_i, output logic full_o);
    |                                                     ^^^^^
"""),
    )


def test_parameter_assignment_leads_to_parameter() -> None:
    """The name in `#(.Depth(…))` leads to the parameter."""
    check(
        "module top(input logic clk);\n  fifo #(.Dep<|>th(2)) u_fifo (.clk_i(clk), .full_o());\nendmodule\n",
        snapshot("""\
/fifo.sv
  1 | module fifo #(parameter int Depth = 4) (input logic clk_i, output logic full_o);
    |                             ^^^^^
"""),
    )


def test_connection_without_value_leads_to_both() -> None:
    """`.clk_i` alone names a signal here and the port there."""
    at = parse_fixture(
        DESIGN
        + "//- /top.sv\nmodule top(input logic clk_i);\n  fifo u_fifo (.clk_<|>i, .full_o());\nendmodule\n"
    )
    found = definition(at.snapshot(), at.file, at.offset)
    assert {target.path for target in found} == {"/top.sv", "/fifo.sv"}


def test_include_leads_to_file() -> None:
    """The path of an include leads to the first byte of the file."""
    check(
        '`include "de<|>fs.svh"\nmodule top; endmodule\n',
        snapshot("""\
/defs.svh
  1 | `define WIDTH 8
    | |
"""),
    )


def test_macro_use_leads_to_define() -> None:
    """A macro leads to its `define`."""
    check(
        '`include "defs.svh"\nmodule top; logic [`WI<|>DTH-1:0] a; endmodule\n',
        snapshot("""\
/defs.svh
  1 | `define WIDTH 8
    |         ^^^^^
"""),
    )


def test_nearest_define_above_wins() -> None:
    """With several definitions the last one above the use in the same file comes first."""
    at = parse_fixture(
        """
        //- /a.svh
        `define N 1
        //- /top.sv
        `define N 2
        module top;
          localparam int P = `<|>N;
        endmodule
        `define N 3
        """
    )
    found = definition(at.snapshot(), at.file, at.offset)
    assert render_targets(at, found[:1]) == snapshot("""\
/top.sv
  1 | `define N 2
    |         ^
""")
    assert len(found) == 3


def test_package_in_import() -> None:
    """The package of an import leads to the package."""
    check(
        "module top import pk<|>g::*; (); endmodule\n",
        snapshot("""\
/pkg.sv
  1 | package pkg;
    |         ^^^
"""),
    )


def test_scoped_name_leads_into_package() -> None:
    """`pkg::Busy` leads to the enum member."""
    check(
        "module top; localparam int P = int'(pkg::Bu<|>sy); endmodule\n",
        snapshot("""\
/pkg.sv
  2 |   typedef enum logic [1:0] { Idle, Busy } state_e;
    |                                    ^^^^
"""),
    )


def test_wildcard_import_makes_names_visible() -> None:
    """A name that a wildcard import brings leads into the package."""
    check(
        "module top import pkg::*; ();\n  state<|>_e s;\nendmodule\n",
        snapshot("""\
/pkg.sv
  2 |   typedef enum logic [1:0] { Idle, Busy } state_e;
    |                                           ^^^^^^^
"""),
    )


def test_struct_field() -> None:
    """A name after a dot leads to the field of the struct."""
    check(
        "module top import pkg::*; (input status_t st, output logic o);\n  assign o = st.val<|>id;\nendmodule\n",
        snapshot("""\
/pkg.sv
  3 |   typedef struct packed { logic valid; state_e state; } status_t;
    |                                 ^^^^^
"""),
    )


def test_field_of_interface() -> None:
    """A name after an interface port leads to the signal in the interface."""
    check(
        "module top (bus.host b);\n  assign b.re<|>q = 1'b1;\nendmodule\n",
        snapshot("""\
/bus.sv
  1 | interface bus; logic req; modport host (output req); endinterface
    |                      ^^^
"""),
    )


def test_function_call() -> None:
    """The name of a called function leads to the function."""
    check(
        "module top import pkg::*; (input state_e s, output logic o);\n  assign o = is_b<|>usy(s);\nendmodule\n",
        snapshot("""\
/pkg.sv
  4 |   function automatic logic is_busy(state_e state);
    |                            ^^^^^^^
"""),
    )


def test_end_label_leads_to_start() -> None:
    """The name behind `endmodule` leads to the module."""
    check(
        "module top;\nendmodule : t<|>op\n",
        snapshot("""\
/top.sv
  1 | module top;
    |        ^^^
"""),
    )


def test_declaration_leads_to_itself() -> None:
    """On a declaration the answer is the declaration."""
    check(
        "module top;\n  logic a<|>b;\nendmodule\n",
        snapshot("""\
/top.sv
  2 |   logic ab;
    |         ^^
"""),
    )


def test_inner_declaration_hides_outer() -> None:
    """The innermost scope wins."""
    check(
        "module top(input logic a, output logic b);\n  always_comb begin : p\n    logic a;\n    a = 1'b0;\n    b = <|>a;\n  end\nendmodule\n",
        snapshot("""\
/top.sv
  3 |     logic a;
    |           ^
"""),
    )


def test_all_equal_candidates_are_given() -> None:
    """Two modules of one name are both given, the nearer one first, test benches last."""
    at = parse_fixture(
        """
        //- /rtl/ram.sv
        module ram; endmodule
        //- /dv/ram.sv
        module ram; endmodule
        //- /rtl/top.sv
        module top; ra<|>m u_ram (); endmodule
        """
    )
    found = definition(at.snapshot(), at.file, at.offset)
    assert [target.path for target in found] == ["/rtl/ram.sv", "/dv/ram.sv"]


def test_keyword_leads_nowhere() -> None:
    """Keywords have no definition."""
    check("mod<|>ule top; endmodule\n", snapshot("nowhere\n"))


def test_unknown_name_leads_nowhere() -> None:
    """A name that nobody declares has no definition."""
    check(
        "module top; logic a; always_comb a = ghos<|>t; endmodule\n",
        snapshot("nowhere\n"),
    )


def test_comment_leads_nowhere() -> None:
    """A name in a comment is not looked up."""
    check("module top; // the fi<|>fo\nendmodule\n", snapshot("nowhere\n"))


def test_old_facts_answer_for_new_text() -> None:
    """After an edit, the place of the declaration is that of the present text."""
    at = parse_fixture(
        "//- /top.sv\nmodule top;\n  logic data;\n  logic other;\n  assign other = dat<|>a;\nendmodule\n"
    )
    old = at.snapshot()
    facts = old.facts(at.file)
    assert facts is not None
    inserted = "// one line more\n"
    text = SourceText.of(inserted + at.source.text)
    new = replace(
        old,
        files={at.file: text},
        index=old.index.with_files({at.file: (text.digest, summarise(text))}),
        known_facts={at.file: facts},
    )
    (target,) = definition(new, at.file, at.offset + len(inserted))
    assert text.line_of(target.focus.start) == 2
    assert text.slice(target.focus) == "data"


def test_type_definition_of_variable() -> None:
    """The type of a variable is its typedef."""
    at = parse_fixture(
        DESIGN + "//- /top.sv\nmodule top import pkg::*; ();\n  status_t s<|>t;\nendmodule\n"
    )
    found = type_definition(at.snapshot(), at.file, at.offset)
    assert render_targets(at, found) == snapshot("""\
/pkg.sv
  3 |   typedef struct packed { logic valid; state_e state; } status_t;
    |                                                         ^^^^^^^^
""")


def test_type_definition_of_instance() -> None:
    """The type of an instance is its module."""
    at = parse_fixture(DESIGN + "//- /top.sv\nmodule top;\n  fifo u_<|>fifo ();\nendmodule\n")
    (target,) = type_definition(at.snapshot(), at.file, at.offset)
    assert (target.path, target.name) == ("/fifo.sv", "fifo")


def test_implementation_is_every_instance() -> None:
    """A module leads to its instances."""
    at = parse_fixture(
        "module leaf; endmodule\nmodule top; leaf u_a (); le<|>af u_b (); endmodule\n"
    )
    found = implementation(at.snapshot(), at.file, at.offset)
    assert [target.name for target in found] == ["u_a", "u_b"]


CLASSES = """
package p;
  class base; int value; virtual function int get(); return value; endfunction endclass
  class derived extends base;
    function int get(); return super.get() + value; endfunction
  endclass
endpackage
"""


def test_super_leads_to_base_class() -> None:
    """`super.get` is the base class's method, not the one that overrides it."""
    at = parse_fixture(CLASSES.replace("super.get", "super.ge<|>t"))
    (target,) = definition(at.snapshot(), at.file, at.offset)
    assert at.source.line_of(target.focus.start) == 1


def test_inherited_member() -> None:
    """A member of the base class is found from the derived one, without facts too."""
    at = parse_fixture(CLASSES.replace("+ value", "+ val<|>ue"))
    (target,) = definition(replace(at.snapshot(), known_facts={}), at.file, at.offset)
    assert at.source.line_of(target.focus.start) == 1


MACRO_MADE = """
`define DECLARE_SIZES(w) localparam int size_p = w; typedef struct packed { logic [w-1:0] part; } part_t;
module m;
  `DECLARE_SIZES(3)
  part_t whole;
  logic [size_p-1:0] x;
  assign x = whole.part;
endmodule
"""


def test_name_that_a_macro_declares() -> None:
    """A name that only a macro's expansion declares leads to the use of the macro."""
    for marked in (
        MACRO_MADE.replace("[size_p-1", "[size<|>_p-1"),
        MACRO_MADE.replace("whole.part", "whole.pa<|>rt"),
    ):
        at = parse_fixture(marked)
        found = definition(at.snapshot(), at.file, at.offset)
        assert render_targets(at, found) == snapshot("""\
/main.sv
  3 |   `DECLARE_SIZES(3)
    |   ^^^^^^^^^^^^^^
""")


def test_macro_argument() -> None:
    """In the body of a macro, an argument leads to its place between the parentheses."""
    at = parse_fixture("`define MAX(left, right) \\\n  (left > righ<|>t ? left : right)\n")
    assert render_targets(at, definition(at.snapshot(), at.file, at.offset)) == snapshot("""\
/main.sv
  1 | `define MAX(left, right) \\
    |                   ^^^^^
""")


def test_signal_of_a_clocking_block() -> None:
    """Behind the name of a clocking block a signal leads to its line there, not to the signal that is sampled."""
    at = parse_fixture(
        """
        interface bus(input logic clk);
          logic data;
          clocking cb @(posedge clk);
            input data;
          endclocking
        endinterface
        module top(input logic clk);
          bus u_bus(.clk(clk));
          initial $display(u_bus.cb.da<|>ta);
        endmodule
        """
    )
    assert render_targets(at, definition(at.snapshot(), at.file, at.offset)) == snapshot("""\
/main.sv
  4 |     input data;
    |           ^^^^
""")
