"""Summaries: declarations, instances and names of one text, on whole and on broken HDL."""

from __future__ import annotations

import pickle
import random

import pytest

from hdl_lsp.semantics.summarise import BIG_FILE_BYTES, summarise
from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary
from hdl_lsp.text.source import SourceText


def summary(text: str) -> FileSummary:
    """The summary of *text*, checked for what is true of every summary."""
    source = SourceText.of(text)
    result = summarise(source)
    for index, decl in enumerate(result.decls):
        assert decl.parent is None or decl.parent < index
        assert 0 <= decl.span.start <= decl.name_span.start
        assert decl.name_span.end <= decl.span.end <= source.size_bytes
    assert pickle.loads(pickle.dumps(result)) == result
    return result


def named(result: FileSummary, name: str) -> Decl:
    """The only declaration of that name."""
    (decl,) = [d for d in result.decls if d.name == name]
    return decl


def outline(result: FileSummary) -> list[str]:
    """`kind name < parent` of every declaration."""
    return [
        f"{d.kind.value} {d.name}"
        + (f" < {result.decls[d.parent].name}" if d.parent is not None else "")
        for d in result.decls
    ]


def test_ansi_ports_take_over_direction_and_type() -> None:
    """A port without a direction is like the one before it (23.2.2.3)."""
    result = summary(
        "module m #(parameter int W = 8, localparam D = W*2, parameter type T = logic)"
        " (input logic [W-1:0] a_i, b_i, output T q_o, inout wire p, foo_if.tx bus, input clk);"
        " endmodule"
    )
    ports = [(d.name, d.direction, d.type_text) for d in result.decls if d.kind is DeclKind.PORT]
    assert ports == [
        ("a_i", "input", "logic [W-1:0]"),
        ("b_i", "input", "logic [W-1:0]"),
        ("q_o", "output", "T"),
        ("p", "inout", "wire"),
        ("bus", "", "foo_if.tx"),
        ("clk", "input", ""),
    ]
    assert [(d.kind.value, d.name, d.type_text, d.value_text) for d in result.decls[1:4]] == [
        ("parameter", "W", "int", "8"),
        ("localparam", "D", "", "W*2"),
        ("parameter", "T", "type", "logic"),
    ]


def test_non_ansi_ports_are_ports() -> None:
    """Ports declared in the body (23.2.2.1) have their direction and type."""
    result = summary(
        "module m(a, q); parameter N = 3; input wire [3:0] a; output q; reg q; endmodule"
    )
    assert named(result, "a").direction == "input"
    assert named(result, "a").type_text == "wire [3:0]"
    assert [d.kind for d in result.decls if d.name == "q"] == [DeclKind.PORT, DeclKind.VARIABLE]


def test_everything_has_its_parent() -> None:
    """Packages, classes, types, blocks and subroutines nest as they are written."""
    result = summary("""
package p;
  typedef enum logic [1:0] {Idle = 0, Busy} state_e;
  typedef struct packed { logic v; struct packed { logic x; } in; } s_t;
  function automatic int f(int a, ref b); int t; return t; endfunction
  task run; endtask
  class c #(int N = 1) extends base;
    rand int m; constraint k { m < 3; } extern function void go();
    function new(int a); endfunction
  endclass
  function void c::go(); endfunction
endpackage
interface i; modport mp(input a); logic a; clocking cb @(posedge a); endclocking endinterface
module m; genvar g;
  for (g = 0; g < 2; g++) begin : gen_x
    wire w = 0;
    if (g) begin : gen_y leaf u_leaf (.a(w)); end
  end
  always_comb begin : blk int z; for (int j = 0; j < 3; j++) z = j; end
  lbl: assert property (@(posedge g) 1);
  property pr; 1; endproperty
  and (a, b, c);
endmodule
""")
    assert outline(result) == [
        "package p",
        "typedef state_e < p",
        "enum member Idle < state_e",
        "enum member Busy < state_e",
        "typedef s_t < p",
        "struct member v < s_t",
        "struct member in < s_t",
        "struct member x < in",
        "function f < p",
        "port a < f",
        "port b < f",
        "variable t < f",
        "task run < p",
        "class c < p",
        "parameter N < c",
        "variable m < c",
        "constraint k < c",
        "function go < c",
        "function new < c",
        "port a < new",
        "function go < p",
        "interface i",
        "modport mp < i",
        "variable a < i",
        "clocking block cb < i",
        "module m",
        "genvar g < m",
        "generate block gen_x < m",
        "net w < gen_x",
        "generate block gen_y < gen_x",
        "instance u_leaf < gen_y",
        "block blk < m",
        "variable z < blk",
        "variable j < blk",
        "assertion lbl < m",
        "property pr < m",
    ]
    assert named(result, "state_e").type_text == "enum logic [1:0]"
    assert named(result, "c").type_text == "extends base"
    assert named(result, "f").type_text == "function automatic int f(int a, ref b)"
    assert named(result, "Idle").value_text == "0"


def test_instance_with_its_connections() -> None:
    """Named, ordered, empty and wildcard connections have their names, values and spans."""
    text = (
        "module m; fifo #(.W(8), .D()) u_a (.clk_i, .d_i({a, b}), .*), u_b (x[1], , y);"
        " foo #(3) u_c (); endmodule"
    )
    result = summary(text)
    source = SourceText.of(text)
    first, second, third = result.instances
    assert (first.name, first.definition, result.decls[first.decl].name) == ("u_a", "fifo", "u_a")
    assert [(c.name, c.value_text) for c in first.parameters] == [("W", "8"), ("D", "")]
    assert [(c.name, c.value_text, source.slice(c.span)) for c in first.ports] == [
        ("clk_i", "", ".clk_i"),
        ("d_i", "{a, b}", ".d_i({a, b})"),
        ("*", "", ".*"),
    ]
    assert [(c.name, c.value_text, source.slice(c.span)) for c in second.ports] == [
        ("", "x[1]", "x[1]"),
        ("", "", ""),
        ("", "y", "y"),
    ]
    assert [c.value_text for c in third.parameters] == ["3"]
    assert source.slice(first.definition_span) == "fifo"
    assert source.slice(first.name_span) == "u_a"


def test_lexical_names_include_dead_branches() -> None:
    """Macros, includes and scopes are found under `ifdef too, not in comments or strings."""
    text = """`ifdef NEVER
`include "a.svh"
`define ADD(x, y = (1,2)) ((x) + \\
   (y)) // sum
`endif
// `define NO 1
`include <sys.vh>
string s = "`NO pkg::x";
import p_pkg::*, q_pkg::W;
localparam X = r_pkg::Y + C#(3)::Z + $unit::V + `ADD(1, `TWO);
"""
    result = summary(text)
    source = SourceText.of(text)
    (macro,) = result.macros
    assert (macro.name, macro.arguments) == ("ADD", ("x", "y"))
    assert macro.body == "((x) + \\\n   (y))"
    assert source.slice(macro.name_span) == "ADD"
    assert [(i.path, i.is_system, source.slice(i.span)) for i in result.includes] == [
        ("a.svh", False, '"a.svh"'),
        ("sys.vh", True, "<sys.vh>"),
    ]
    assert [u.name for u in result.macro_uses] == ["NEVER", "ADD", "TWO"]
    assert [source.slice(u.span) for u in result.macro_uses] == ["NEVER", "ADD", "TWO"]
    assert [n.name for n in result.scoped_names] == ["p_pkg", "q_pkg", "r_pkg", "C"]
    assert [(i.package, i.item, i.parent) for i in result.imports] == [
        ("p_pkg", "*", None),
        ("q_pkg", "W", None),
    ]
    assert {"ADD", "r_pkg", "Y", "X"} <= result.identifiers
    assert "NO" not in result.identifiers


def test_offsets_count_bytes_of_utf8() -> None:
    """Characters of several bytes before a name move its span by their bytes."""
    text = "// größe 😀\nmodule m; /* é */ logic q; endmodule\n"
    result = summary(text)
    assert SourceText.of(text).slice(named(result, "q").name_span) == "q"


def test_unknown_macros_and_includes_are_no_problem() -> None:
    """What other files would define neither hides the rest of the file nor is reported."""
    result = summary("""
`include "defs.svh"
module m #(parameter X = "inv"
  `declare_params(X)
) (input logic clk_i);
  `ASSERT(NoX, a |-> ##1 b, clk_i)
  `ASSERT_INIT_NET
  logic [`W'h3:0] a;
  initial begin
    if (a == 0) `uvm_fatal(get_name(), "no")
    `uvm_info("x", "y", UVM_LOW)
    a = `VALUE + `F(3) + 32'h`START;
    q = a ? b :
      `PICK;
    foreach (x[i]) `downcast(y, x[i])
    case (a)
      0: `uvm_info("x", "y", UVM_LOW)
      default: `uvm_fatal(get_name(), "no")
    endcase
    if (a) `uvm_info("x", "y", UVM_LOW)
    else
      `uvm_info("x", "z", UVM_LOW)
    q = a ? b :
      `PICK(c);
  end
  `PRIM_FLOP u_flop (.d(a));
  `include "body.svh"
endmodule
""")
    assert result.problems == ()
    assert [d.name for d in result.decls] == ["m", "X", "clk_i", "a", "i", "u_flop"]


def test_fragment_is_a_problem_in_a_source_only() -> None:
    """Statements outside of any module are what a header is for (no rule of the LRM)."""
    text = SourceText.of("always_comb a = b;\n")
    assert [p.code for p in summarise(text, "/x.sv").problems] == ["NotAllowedInCU"]
    assert summarise(text, "/x.svh").problems == ()


def test_declarations_out_of_a_macro_lie_at_its_use() -> None:
    """What a macro of the same file declares has spans inside the text."""
    text = "`define REG(n) logic n; logic hidden_q;\nmodule m; `REG(my_q) endmodule"
    result = summary(text)
    source = SourceText.of(text)
    assert source.slice(named(result, "my_q").name_span) == "my_q"
    assert source.slice(named(result, "hidden_q").name_span) == "`REG"


def test_syntax_error_has_a_place_and_does_not_hide_the_rest() -> None:
    """A missing semicolon is one problem, and declarations after it are found."""
    text = "module m;\n  logic a\n  logic b;\n  foo u_foo (.x(\nendmodule\nmodule n; endmodule\n"
    result = summary(text)
    assert result.problems[0].is_error
    assert result.problems[0].message == "expected ';'"
    assert SourceText.of(text).line_of(result.problems[0].span.start) == 1
    assert {"m", "a", "b", "n"} <= {d.name for d in result.decls}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeffmodule m; endmodule",
        "module m; logic \x00 a; endmodule",
        "module",
        "module m (",
        "module m #(parameter",
        "class c extends",
        "typedef enum {",
        "typedef struct {",
        "foo #(",
        "foo u (.",
        "foo u (.a(",
        "import ;",
        "import p::",
        "`",
        "`define",
        "`define A(",
        "`ifdef",
        "`include",
        '`include "',
        "/*",
        '"',
        "function",
        "for (genvar i",
        "generate if (",
        "bind",
        "extern module m;",
        "\\esc+name logic;",
        "module \\a+b (input \\c.d ); endmodule",
        "\r\r\n\n\u2028",
    ],
)
def test_smallest_broken_texts_do_not_raise(text: str) -> None:
    """Pieces of declarations give a summary."""
    summary(text)


@pytest.mark.parametrize(
    "text",
    [
        "module m; initial " + "begin " * 20_000,
        "module m; assign q = " + "(" * 20_000,
        "module m; assign q = " + "a ? b : " * 20_000 + "c; endmodule",
        "module n; endmodule module m; initial " + "begin " * 20_000,
    ],
    ids=["begin", "parenthesis", "conditional", "second"],
)
def test_nesting_too_deep_is_one_problem(text: str) -> None:
    """Where slang's parser gives up there is a summary of names with one problem."""
    result = summary("`define A 1\n" + text)
    assert [p.code for p in result.problems] == ["ParseTreeTooDeep"]
    assert [m.name for m in result.macros] == ["A"]


def test_expression_of_very_many_terms() -> None:
    """A sum of 500,000 terms is no deep recursion for us, wherever an expression may stand."""
    terms = " + ".join(["a"] * 500_000)
    result = summary(
        f"module m #(parameter P = {terms}) (input [{terms}:0] a); foo #({terms}) u ({terms}, b);"
        f" assign q = {terms}; logic z = {terms}; endmodule module n; endmodule"
    )
    assert [d.name for d in result.decls] == ["m", "P", "a", "u", "z", "n"]
    assert [len(c.value_text) for c in result.instances[0].ports] == [len(terms), 1]


@pytest.mark.parametrize(
    ("before", "term", "after"),
    [
        ("module m; ", "a::", "b x; endmodule"),
        ("module m; always @(", "a or ", "a) x = 1; endmodule"),
        ("module m; clocking cb @(", "a or ", "a); endclocking endmodule"),
        ("module m; property p; ", "a ##1 ", "a; endproperty endmodule"),
        ("class c extends ", "a::", "b; endclass"),
        ("module m; initial ", "a.", "b = 1; endmodule"),
    ],
)
def test_longest_chains_of_a_small_file(before: str, term: str, after: str) -> None:
    """A file that the server summarises itself can't overflow the stack."""
    terms = (BIG_FILE_BYTES - len(before) - len(after)) // len(term)
    assert summary(before + term * terms + after).decls


def test_random_edits_do_not_raise() -> None:
    """Cutting and doubling pieces of a text never raises and keeps spans inside."""
    text = (
        "`define M(x) logic x;\npackage p; typedef struct packed {logic a;} t; endpackage\n"
        "module m import p::*; #(parameter W=`N(3)) (input t a, output logic [W-1:0] q);\n"
        "  `M(z) foo #(.A(1)) u_f (.x(a), .*);\n  for (genvar i=0;i<2;i++) begin : g `M(y) end\n"
        "  function automatic int f(int k); return k; endfunction\nendmodule\n"
    )
    chance = random.Random(7)
    for _ in range(300):
        start, end = sorted(chance.sample(range(len(text)), 2))
        piece = text[start : min(end, start + 30)]
        summary(text[:start] + text[start + len(piece) :])
        summary(text[:start] + piece + text[start:])


def test_macro_body_that_ends_with_a_quote() -> None:
    """The quote that closes a string made of an argument belongs to the body (22.5.1)."""
    summary = summarise(SourceText.of('`define STR(x) `"x`"\n`define NEXT 1\n'))
    assert [macro.body for macro in summary.macros] == ['`"x`"', "1"]


BROKEN_ELSEWHERE = "\nmodule broken; assign = ; endmodule\n"
"""Makes summarise() ask slang for every token of an instance, where it reads sound text itself."""


@pytest.mark.parametrize(
    "connections",
    [
        "",
        " ",
        ".a",
        ".a()",
        ".a(b), .c (d) , . e ( f )",
        ".*",
        ".a(b), .*",
        ".a({b, c}), .d(e[f(1, 2)]), .g((((((h))))))",
        ".a(b /* ), .x( */), .c // ), .y(z)\n (d)",
        '.a("),.b("), .c("\\")")',
        ".a(b) /* , */, /* .c(d), */ .e(f) // end\n",
        "a, b, c",
        "a, , c",
        ",",
        ".a(b),",
        ".a(b), c",
        '(* keep *) .a(b), (* x = "(" *) .c(d)',
        ".\\a.b (c), .d(\\e( )",
        ".a(`A), .b(`CALL(1, 2)), .c(d)",
        ".a(`UNKNOWN(b, c)), .d(e)",
        ".a(b)\n`ifdef A , .c(d)\n`else , .e(f)\n`endif\n, .g(h)",
        ".é(b), .c(é)",
        ".a(b c), .d(e)",
        ".a(b, .c(d)",
        ".a(b)) , .c(d)",
    ],
)
def test_connections_are_the_same_however_they_are_found(connections: str) -> None:
    """Sound text and text with an error elsewhere give the same connections, as parameters too."""
    macros = "`define A b\n`define CALL(x, y) {x, y}\n" if "`" in connections else ""
    text = macros + f"module m; sub #({connections}) u({connections}), v(.q(r)); endmodule\n"
    sound, unsound = summary(text), summary(text + BROKEN_ELSEWHERE)
    assert sound.instances == unsound.instances
    for use in sound.instances:
        for found in (*use.parameters, *use.ports):
            assert use.span.start < found.span.start <= found.span.end < use.span.end


def test_identifiers_are_words_and_escaped_names() -> None:
    """Digits of literals, system names and comments are none; a continued line breaks no name."""
    text = "module m; // word\nassign a = 8'hFF + 'b1 + x'(2) + $clog2(y) + 3s; endmodule"
    assert summary(text).identifiers == {"module", "m", "assign", "a", "x", "y", "endmodule"}
    escaped = "`define D a\\\n  b\nwire \\c+d , e$f;"
    assert summary(escaped).identifiers == {"define", "D", "a", "b", "wire", "\\c+d", "e$f"}
