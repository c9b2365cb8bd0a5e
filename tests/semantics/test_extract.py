"""Which symbol stands behind each name of a file."""

from __future__ import annotations

from tests.semantics.shallow import MAIN, Compiled

PACKAGE = (
    "/rtl/p.sv",
    """\
    package p;
      typedef enum logic [1:0] {Idle, Busy = 2'd2} state_e;
      typedef struct packed { logic [3:0] tag; state_e state; } entry_t;
      parameter int unsigned Width = 8;
      function automatic logic [3:0] next(input logic [3:0] now, state_e how); return now; endfunction
    endpackage
    """,
)
FIFO = (
    "/rtl/fifo.sv",
    """\
    module fifo #(parameter int Depth = 4, parameter type T = logic) (
      input logic clk_i, input T data_i, output p::state_e state_o);
    endmodule
    """,
)


def test_a_port_of_a_connection_leads_to_the_other_file() -> None:
    """The port name of a named connection is the port of the module in its own file."""
    got = Compiled("module m(input logic c); fifo u (.clk_i(c)); endmodule", FIFO).symbol("clk_i")
    assert (got.kind, got.path, got.direction, got.type_text) == (
        "port",
        "/rtl/fifo.sv",
        "input",
        "logic",
    )


def test_module_instance_and_parameter_names_are_resolved() -> None:
    """Type name, instance name and parameter name of an instantiation have their symbols."""
    at = Compiled("module m; fifo #(.Depth(9)) u (); endmodule", FIFO)
    assert [(at.symbol(n).kind, at.symbol(n).path) for n in ("fifo", "Depth", "u ()")] == [
        ("module", "/rtl/fifo.sv"),
        ("parameter", "/rtl/fifo.sv"),
        ("instance", MAIN),
    ]


def test_an_instance_in_a_dead_branch_still_has_ports() -> None:
    """A generate branch that is not taken is not elaborated, and its connections are resolved all the same."""
    at = Compiled(
        "module m #(parameter bit En = 0)(input c); if (En) fifo u (.clk_i(c)); endmodule", FIFO
    )
    assert (at.symbol("clk_i").path, at.symbol("clk_i").direction) == ("/rtl/fifo.sv", "input")


def test_enum_members_have_values_and_their_type() -> None:
    """An enum member shows its value, and its typedef's qualified name."""
    got = Compiled("module m; p::state_e s; assign s = p::Busy; endmodule", PACKAGE).symbol("Busy")
    assert (got.kind, got.value, got.type_name, got.container) == (
        "enum member",
        "2'b10",
        "p::state_e",
        "p",
    )


def test_package_names_and_typedefs_are_resolved() -> None:
    """The package before `::` and the type behind it lead to the package's file."""
    at = Compiled("module m; p::entry_t e; endmodule", PACKAGE)
    assert (at.symbol("p::").kind, at.symbol("entry_t").kind) == ("package", "typedef")
    assert at.symbol("entry_t").type_text == "struct packed {logic [3:0] tag; p::state_e state;}"


def test_struct_members_are_resolved_in_access_and_in_patterns() -> None:
    """`e.tag` and the `tag:` of an assignment pattern are the member of the typedef."""
    at = Compiled(
        "module m; import p::*; entry_t e; logic [3:0] t;"
        " assign t = e.tag; assign e = '{tag: 1, state: Idle}; endmodule",
        PACKAGE,
    )
    assert [at.symbol("tag", turn).path for turn in (0, 1)] == ["/rtl/p.sv"] * 2
    assert at.symbol("Idle").kind == "enum member"


def test_named_arguments_are_the_functions_arguments() -> None:
    """`.now(x)` in a call is the argument of the called function."""
    at = Compiled("module m; wire [3:0] y = p::next(.now(1), .how(p::Idle)); endmodule", PACKAGE)
    assert (at.symbol("now").container, at.symbol("now").direction) == ("next", "input")
    assert (
        at.symbol("next").type_text
        == "logic [3:0] next(input logic [3:0] now, input p::state_e how)"
    )


def test_assignments_are_writes() -> None:
    """Targets of assignments are written, also through selects, and right sides are not."""
    at = Compiled("module m; logic [3:0] a, b; assign a[1:0] = b[1:0]; endmodule")
    written, read = at.reference("a[1"), at.reference("b[1")
    assert written is not None
    assert read is not None
    assert (written.is_write, read.is_write) == (True, False)


def test_end_labels_are_references() -> None:
    """The label behind `endmodule` is the module."""
    at = Compiled("module top; endmodule : top")
    assert at.symbol("top", 1) == at.symbol("top")


def test_names_beside_a_bad_operand_are_known() -> None:
    """Elaboration drops an expression with an undeclared name as a whole; its other names are found all the same."""
    at = Compiled("module m; logic a; p::entry_t e; wire q = a + e.tag + zz; endmodule", PACKAGE)
    assert (at.symbol("a +").kind, at.symbol("tag").kind) == ("variable", "struct member")
    assert at.reference("zz") is None


def test_hierarchical_names_lead_into_generate_blocks() -> None:
    """The block and the signal of `g[1].x` are both resolved."""
    at = Compiled(
        "module m; for (genvar n = 0; n < 2; n++) begin : g logic x; assign x = n; end"
        " wire y = g[1].x; endmodule"
    )
    assert at.symbol("g[1]").kind == "generate block"
    assert at.symbol("x;", 1).container == "g"
    assert at.symbol("n < 2").kind == "genvar"


def test_interface_members_and_modports_are_resolved() -> None:
    """Through an interface port, the signal, the interface and the modport are found in the interface's file."""
    bus = ("/rtl/bus.sv", "interface bus; logic v; modport dst(input v); endinterface\n")
    at = Compiled("module m(bus.dst b, output logic o); assign o = b.v; endmodule", bus)
    assert [at.symbol(n).kind for n in ("bus", "dst", "b,", "v;")] == [
        "interface",
        "modport",
        "port",
        "variable",
    ]
    members = at.symbol("b,").type_members
    assert members is not None
    assert [(m.name, m.detail) for m in at.facts.member_lists[members]] == [("v", "input")]


def test_classes_methods_and_members_are_resolved() -> None:
    """Members and methods of a class with parameters are found inside it and through its base class."""
    at = Compiled(
        """\
        class base #(type T = int);
          T x;
          task put(T v); x = v; endtask
        endclass
        class derived extends base #(int);
          function void go(); put(x); endfunction
        endclass
        """
    )
    assert (at.symbol("put(x").kind, at.symbol("x);").container) == ("task", "base")
    assert at.symbol("base #(int").kind == "class"


def test_values_are_written_as_users_write_them() -> None:
    """Integers are decimal, vectors hexadecimal with their width, bits binary, strings quoted."""
    at = Compiled(
        "module m; localparam int A = 32'h10; localparam logic [31:0] B = 32'hdead_beef;"
        ' localparam bit C = 1; localparam string D = "x"; localparam int E [2] = \'{1, 2}; endmodule'
    )
    assert [at.symbol(f"{n} =" if n != "E" else "E [").value for n in "ABCDE"] == [
        "16",
        "32'hdeadbeef",
        "1'b1",
        '"x"',
        "'{1, 2}",
    ]


def test_constants_of_megabits_have_no_text() -> None:
    """A constant that would take minutes to print has no value text."""
    at = Compiled("module m; localparam logic [999999:0] A = '1; endmodule")
    assert at.symbol("A =").value is None


def test_expressions_have_types() -> None:
    """A select knows its type and width."""
    at = Compiled(
        "module m(input logic [7:0] a [4], output logic [3:0] o); assign o = a[1][3:0]; endmodule"
    )
    types = {
        at.text[e.span.start : e.span.end]: (e.type_text, e.bit_width) for e in at.facts.expressions
    }
    assert types == {"a[1]": ("logic [7:0]", 8), "a[1][3:0]": ("logic [3:0]", 4)}


def test_scopes_list_their_names_and_imports() -> None:
    """Inside a module its own names and those of a wildcard import can be used."""
    at = Compiled("module m import p::*; (input logic a); logic b; endmodule", PACKAGE)
    names = {at.facts.symbols[i].name for i in at.facts.scopes[0].symbols}
    assert {"a", "b", "Idle", "entry_t", "Width"} <= names
    assert [at.facts.symbols[i].name for i in at.facts.packages["p"]][:3] == [
        "Idle",
        "Busy",
        "state_e",
    ]


def test_names_pasted_by_a_macro_stand_for_their_first_piece() -> None:
    """A typedef whose name a macro puts together leads to the piece of it that was written."""
    at = Compiled("`define T(n) typedef logic n``_t;\nmodule m; `T(foo) foo_t x; endmodule")
    got = at.symbol("foo_t x")
    assert at.text[got.name_span.start : got.name_span.end] == "foo"


def test_every_reference_spells_its_symbol() -> None:
    """Spans lie in the text and hold the symbol's name, macros, non-ASCII comments and labels included."""
    at = Compiled(
        "`define R(n) logic n; assign n = 0;\n// é ü\nmodule m; `R(q) wire w = q; begin : b end endmodule : m"
    )
    data = at.text.encode()
    for reference in at.facts.references:
        spelled = data[reference.span.start : reference.span.end].decode()
        assert spelled == at.facts.symbols[reference.symbol].name
    assert len(at.facts.references) >= 5


def test_a_signal_that_begins_with_the_name_of_its_field() -> None:
    """In `fu_data.fu` the letters of the field at the start belong to the signal."""
    at = Compiled(
        """\
        module m;
          struct packed {logic fu;} fu_data;
          assign fu_data.fu = 1'b0;
        endmodule
        """
    )
    assert at.symbol("fu_data.").name == "fu_data"
    assert at.symbol("fu = ").name == "fu"


def test_an_argument_is_a_port_of_its_routine() -> None:
    """An argument of a function has the kind that the outline gives it."""
    at = Compiled("module m; function int f(int a); return a; endfunction endmodule")
    assert (at.symbol("a; end").kind, at.symbol("a; end").direction) == ("port", "input")


def test_an_enum_without_values_is_a_finding_not_a_failure() -> None:
    """A member after one with unknown bits has no value; slang can't spell the type, and we go on."""
    at = Compiled("module m; enum integer {A = 'x, B} state; endmodule")
    assert at.facts.failure == ""
    assert at.shown() == ["error EnumIncrementUnknown B"]
    assert at.symbol("state").name == "state"


def test_a_port_name_alone_is_a_signal_in_a_dead_branch_too() -> None:
    """`.clk_i` without a value names the signal, in a branch that is not elaborated as well."""
    at = Compiled(
        "module m #(parameter bit En = 0)(input clk_i); if (En) fifo u (.clk_i); endmodule", FIFO
    )
    assert at.symbol("clk_i)", 1).path == MAIN
