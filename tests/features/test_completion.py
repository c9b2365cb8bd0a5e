"""Completion in code: connections, members, scopes, enums, plain names, places without items."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from hdl_lsp.features.completion import CompletionItem, Completions, completion
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.edit import TextEdit, apply
from hdl_lsp.text.source import SourceText
from tests.support.fixture import parse_fixture

DESIGN = """
//- /pkg.sv
package pkg;
  parameter int Width = 8;
  typedef enum logic [1:0] { Idle, Busy, Done } state_e;
  typedef struct packed { logic valid; logic [Width-1:0] data; state_e state; } word_t;
  function automatic logic parity(word_t word, logic odd);
    return ^word ^ odd;
  endfunction
endpackage
//- /fifo.sv
module fifo #(
  parameter int Depth = 4,
  parameter type T = logic
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  pkg::state_e state_i,
  output T     data_o
);
endmodule
//- /bus.sv
interface bus_if; logic req, gnt; modport host (output req, input gnt); endinterface
"""


def complete(top: str) -> tuple[str, Completions]:
    """The text of /top.sv and what is offered at its cursor, with facts and without."""
    at = parse_fixture(DESIGN + "//- /top.sv\n" + top)
    world = at.snapshot()
    return at.source.text, completion(world, at.file, at.offset)


def labels(top: str) -> list[str]:
    """What is offered, in order."""
    return [item.label for item in complete(top)[1].items]


def item(top: str, label: str) -> CompletionItem:
    """The item called *label*."""
    (found,) = (one for one in complete(top)[1].items if one.label == label)
    return found


def inserted(top: str, label: str) -> str:
    """The text after the item was taken, snippet stops as they are."""
    source, offered = complete(top)
    (found,) = (one for one in offered.items if one.label == label)
    return apply(SourceText.of(source), [TextEdit(found.replace, found.insert_text)]).text


def shown(top: str, first: int = 8) -> list[str]:
    """Label and detail of the first items."""
    return [f"{one.label}: {one.detail}" for one in complete(top)[1].items[:first]]


# -- instances


def test_ports_that_are_not_connected() -> None:
    """After a dot in a port list, the ports that are still open are offered in their order, then all of them."""
    assert shown("module top;\n  fifo u_fifo (.rst_ni(1'b1), .<|>);\nendmodule\n") == snapshot(
        [
            "clk_i: input logic",
            "state_i: input pkg::state_e",
            "data_o: output T",
            "all 3 remaining ports: clk_i, state_i, data_o",
        ]
    )


def test_port_inserts_its_connection() -> None:
    """A port inserts its connection; a signal of that name, or of that name without its suffix, is the value."""
    top = "module top(input logic clk_i);\n  logic state;\n  fifo u_fifo (.<|>);\nendmodule\n"
    assert inserted(top, "clk_i") == snapshot("""\
module top(input logic clk_i);
  logic state;
  fifo u_fifo (.clk_i(${1:clk_i}));
endmodule
""")
    assert ".state_i(${1:state})" in inserted(top, "state_i")
    assert ".rst_ni(${1:rst_ni})" in inserted(top, "rst_ni")


def test_port_being_typed_is_replaced_with_its_dot() -> None:
    """The typed dot and letters are replaced; the parenthesis that is there already is kept."""
    assert inserted("module top;\n  fifo u_fifo (.cl<|>(clk));\nendmodule\n", "clk_i") == snapshot("""\
module top;
  fifo u_fifo (.clk_i(clk));
endmodule
""")


def test_ports_without_a_dot() -> None:
    """Between connections ports are offered before the dot is typed."""
    assert labels("module top;\n  fifo u_fifo (\n    <|>\n  );\nendmodule\n")[:2] == snapshot(
        ["clk_i", "rst_ni"]
    )


def test_all_remaining_ports() -> None:
    """One item connects everything that is left, aligned."""
    top = "module top(input logic clk_i);\n  fifo u_fifo (.rst_ni(1'b1), .<|>);\nendmodule\n"
    assert inserted(top, "all 3 remaining ports") == snapshot("""\
module top(input logic clk_i);
  fifo u_fifo (.rst_ni(1'b1), .clk_i   (${1:clk_i}),
.state_i (${2:state_i}),
.data_o  (${3:data_o}));
endmodule
""")


def test_parameters() -> None:
    """After a dot in `#(`, parameters with their defaults are offered."""
    assert shown("module top;\n  fifo #(.<|>) u_fifo ();\nendmodule\n") == snapshot(
        ["Depth: int = 4", "T: type = logic", "all 2 remaining parameters: Depth, T"]
    )


def test_module_becomes_an_instance() -> None:
    """A module's name inserts a whole instance."""
    top = "module top(input logic clk_i);\n  fif<|>\nendmodule\n"
    assert inserted(top, "fifo") == snapshot("""\
module top(input logic clk_i);
  fifo #(
  .Depth (${1:4}),
  .T     (${2:logic})
) ${3:u_fifo} (
  .clk_i   (${4:clk_i}),
  .rst_ni  (${5:rst_ni}),
  .state_i (${6:state_i}),
  .data_o  (${7:data_o})
);
endmodule
""")


def test_instance_name() -> None:
    """After a module's name, an instance name with its ports is offered, and nothing else."""
    assert labels("module top;\n  fifo <|>\nendmodule\n") == ["u_fifo"]


# -- behind a dot or ::


def test_fields_of_a_struct() -> None:
    """Fields come in the order of the struct, with their types."""
    assert shown(
        "module top import pkg::*; (input word_t word_i);\n  assign x = word_i.<|>;\nendmodule\n"
    ) == snapshot(["valid: logic", "data: logic [Width-1:0]", "state: state_e"])


def test_enum_methods() -> None:
    """A variable of an enum has the methods of 6.19.5."""
    assert labels("module top;\n  pkg::state_e s;\n  initial s = s.<|>;\nendmodule\n") == snapshot(
        ["first", "last", "name", "next", "num", "prev"]
    )


def test_members_of_an_interface_port() -> None:
    """An interface port has the interface's signals and modports."""
    assert labels("module top(bus_if.host bus);\n  assign bus.<|>\nendmodule\n") == snapshot(
        ["req", "gnt", "host"]
    )


def test_queue_methods() -> None:
    """A queue has the methods of 7.10.2."""
    assert "push_back" in labels("module top;\n  int q [$];\n  initial q.<|>\nendmodule\n")


def test_names_in_a_package() -> None:
    """After `pkg::` everything in the package is offered."""
    assert labels("module top;\n  localparam int W = pkg::<|>;\nendmodule\n") == snapshot(
        ["Busy", "Done", "Idle", "parity", "state_e", "Width", "word_t"]
    )


def test_import() -> None:
    """After `import` packages are offered, with the rest of the statement."""
    assert inserted("module top;\n  import p<|>\nendmodule\n", "pkg") == snapshot("""\
module top;
  import pkg::*;
endmodule
""")


def test_argument_names() -> None:
    """After a dot in a call the function's arguments are offered."""
    assert labels(
        "module top import pkg::*; ();\n  assign x = parity(.<|>);\nendmodule\n"
    ) == snapshot(["word", "odd"])


# -- enums first


def test_enum_members_in_a_comparison() -> None:
    """Compared with a variable of an enum, its members come first, in their order."""
    top = "module top import pkg::*; (input state_e s, output logic o);\n  assign o = s == <|>;\nendmodule\n"
    assert labels(top)[:3] == ["Idle", "Busy", "Done"]


def test_enum_members_are_written_with_their_package() -> None:
    """Where the package is not imported, members are offered with its name."""
    top = "module top(input pkg::state_e s, output logic o);\n  assign o = s == <|>;\nendmodule\n"
    assert labels(top)[:3] == ["pkg::Idle", "pkg::Busy", "pkg::Done"]


def test_enum_members_in_an_assignment() -> None:
    """Assigned to a variable or field of an enum, its members come first."""
    top = "module top import pkg::*; ();\n  word_t w;\n  always_comb begin\n    w.state = <|>\n  end\nendmodule\n"
    assert labels(top)[:3] == ["Idle", "Busy", "Done"]


def test_enum_members_as_case_items() -> None:
    """At the start of a case item the members of the expression's enum come first."""
    top = (
        "module top import pkg::*; (input state_e s, output logic o);\n  always_comb begin\n    case (s)\n"
        "      Idle: begin o = 1; end\n      <|>\n    endcase\n  end\nendmodule\n"
    )
    assert labels(top)[:3] == ["Idle", "Busy", "Done"]


def test_no_enum_members_inside_a_case_body() -> None:
    """Inside the body of a case item statements start, not items."""
    top = (
        "module top import pkg::*; (input state_e s, output logic o);\n  always_comb begin\n    case (s)\n"
        "      Idle: begin\n        <|>\n      end\n    endcase\n  end\nendmodule\n"
    )
    assert "Idle" not in labels(top)[:3]


def test_enum_members_for_a_port() -> None:
    """The value of a port of an enum type starts with its members."""
    top = "module top;\n  fifo u_fifo (.state_i(<|>));\nendmodule\n"
    assert labels(top)[0] == "pkg::Idle"


# -- plain names


def test_names_in_an_expression() -> None:
    """Locals come before imports, imports before keywords."""
    offered = labels(
        "module top import pkg::*; (input logic clk_i);\n  logic mine;\n  assign mine = <|>;\nendmodule\n"
    )
    assert offered.index("mine") < offered.index("Width") < offered.index("posedge")
    assert offered.index("clk_i") < offered.index("Width")


def test_names_in_a_half_typed_statement() -> None:
    """A statement that is not finished does not hide the names of its module."""
    offered = labels(
        "module top(input logic clk_i);\n  logic mine;\n  always_comb begin\n    if (mi<|>\n  end\nendmodule\n"
    )
    assert "mine" in offered
    assert "clk_i" in offered


def test_later_locals_of_a_function_are_not_offered() -> None:
    """In a function only what is declared above can be named."""
    offered = labels(
        "module top;\n  function automatic int f(int a);\n    int x = <|>;\n    int later;\n    return a;\n  endfunction\nendmodule\n"
    )
    assert "a" in offered
    assert "later" not in offered


def test_items_of_a_module() -> None:
    """Where a module item starts there are keywords, types and modules, and no signals."""
    offered = labels("module top import pkg::*; ();\n  logic mine;\n  <|>\nendmodule\n")
    assert {"always_comb", "state_e", "fifo", "assign"} <= set(offered)
    assert "mine" not in offered


def test_statements() -> None:
    """Where a statement starts there are names and statement keywords, and no modules."""
    offered = labels("module top;\n  logic mine;\n  always_comb begin\n    <|>\n  end\nendmodule\n")
    assert {"mine", "if", "unique case"} <= set(offered)
    assert "fifo" not in offered
    assert "always_ff" not in offered


def test_file_scope() -> None:
    """Outside all units there are the keywords that start one."""
    offered = labels("<|>\n")
    assert {"module", "package", "import"} <= set(offered)
    assert "always_comb" not in offered


def test_header() -> None:
    """In a header there are directions and types."""
    offered = labels("module top import pkg::*; (\n  <|>\n);\n  logic mine;\nendmodule\n")
    assert {"input", "output", "word_t", "pkg"} <= set(offered)
    assert "mine" not in offered


def test_a_new_name_is_the_users() -> None:
    """After a type nothing is offered: the name is made up there."""
    assert labels("module top;\n  logic [3:0] <|>;\nendmodule\n") == []
    assert labels("module top;\n  logic <|>;\nendmodule\n") == []


def test_type_of_constants_is_shown() -> None:
    """A parameter shows its type and value."""
    top = "module top import pkg::*; ();\n  localparam int N = <|>;\nendmodule\n"
    assert item(top, "Width").detail == "int = 8"


def test_comments_strings_and_numbers_are_silent() -> None:
    """No items inside comments, strings and numbers."""
    assert labels("module top; // <|>\nendmodule\n") == []
    assert labels('module top; initial $display("<|>");\nendmodule\n') == []
    assert labels("module top; localparam int P = 32'h<|>;\nendmodule\n") == []


def test_typed_word_is_replaced() -> None:
    """The whole word around the cursor is replaced."""
    assert "assign mine = mine;" in inserted(
        "module top;\n  logic mine;\n  assign mine = mi<|>n;\nendmodule\n", "mine"
    )


def test_names_slang_knew_survive_broken_text() -> None:
    """Names that only facts of an older text know are still offered."""
    at = parse_fixture(
        DESIGN + "//- /top.sv\nmodule top;\n  logic early;\n  assign early = <|>1'b0;\nendmodule\n"
    )
    old = at.snapshot()
    facts = old.facts(at.file)
    assert facts is not None
    text = SourceText.of("module top;\n  assign x = \nendmodule\n")
    offset = text.data.index(b"= ") + 2
    new = replace(
        old,
        files={**old.files, at.file: text},
        index=old.index.with_files({at.file: (text.digest, summarise(text))}),
        known_facts={at.file: facts},
    )
    assert "early" in [one.label for one in completion(new, at.file, offset).items]


def test_many_items_are_capped() -> None:
    """More items than the limit are cut to those that fit, and the editor is told to ask again."""
    names = ", ".join(f"signal_{n}" for n in range(600))
    _, offered = complete(f"module top;\n  logic {names};\n  assign x = signal_59<|>;\nendmodule\n")
    assert offered.is_incomplete
    assert len(offered.items) <= 400
    assert "signal_599" in [one.label for one in offered.items]
