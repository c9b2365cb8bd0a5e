"""What is being written at a place: in a whole file, cut off after the cursor, and between broken neighbours."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.site_kind import SiteKind, kind_at
from hdl_lsp.syntax.cursor import cursor
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from tests.support.designs import ibex
from tests.support.fixture import parse_fixture
from tests.support.site_truth import truths

K = SiteKind

CASES = [
    ("fifo u_fifo (<|>", K.PORT_CONNECTION),
    ("fifo u_fifo (.clk_i(clk_i), .<|>", K.PORT_CONNECTION),
    ("fifo #(.D(4)) u_fifo (\n    .clk_i,\n    .data_i({a, <|>", K.PORT_CONNECTION),
    ("pkg_macro u (.*, .a(b[<|>", K.PORT_CONNECTION),
    ("fifo #(<|>", K.PARAMETER_OVERRIDE),
    ("fifo #(.Depth(4), .<|>", K.PARAMETER_OVERRIDE),
    ("fifo #(.Depth(Max + <|>", K.PARAMETER_OVERRIDE),
    ("logic <|>", K.DECLARATION),
    ("logic [7:0] a, b, <|>", K.DECLARATION),
    ("foo_t <|>", K.DECLARATION),
    ("my_pkg::thing <|>", K.DECLARATION),
    ("typedef struct packed {\n    logic a;\n    <|>", K.DECLARATION),
    ("function automatic int f(input int <|>", K.DECLARATION),
    ("function automatic logic [3:0] f(<|>", K.DECLARATION),
    ("parameter int Depth = 4, <|>", K.DECLARATION),
    ("always_comb begin\n    case (s)\n      A: y = 1;\n      <|>", K.CASE_ITEM),
    ("always_comb\n    unique case (s) <|>", K.CASE_ITEM),
    ("always_comb case (s)\n      A: begin\n        y = 1;\n      end\n      B, C<|>", K.CASE_ITEM),
    ("case (P)\n    1: begin : g assign y = a; end\n    <|>", K.CASE_ITEM),
    ("typedef enum logic [1:0] {<|>", K.ENUM_LITERAL),
    ("typedef enum {\n    Idle,\n    <|>", K.ENUM_LITERAL),
    ("enum logic {A = 0, B = <|>", K.ENUM_LITERAL),
    ("assign s = '{<|>", K.STRUCT_LITERAL),
    ("assign s = '{a: 1, b: <|>", K.STRUCT_LITERAL),
    ("fifo u (.cfg_i('{mode: <|>", K.STRUCT_LITERAL),
    ("assign <|>", K.ASSIGN_LEFT),
    ("assign y[<|>", K.ASSIGN_LEFT),
    ("always_comb begin\n    q.<|>", K.ASSIGN_LEFT),
    ("always_ff @(posedge c) begin\n    if (r) q[0] <|>", K.ASSIGN_LEFT),
    ("assign y = <|>", K.ASSIGN_RIGHT),
    ("assign y = (a === b) ? <|>", K.ASSIGN_RIGHT),
    ("always_ff @(posedge c) q <= <|>", K.ASSIGN_RIGHT),
    ("always_comb begin\n    if (a <= b) q = {<|>", K.ASSIGN_RIGHT),
    ("localparam int A = <|>", K.ASSIGN_RIGHT),
    ("always_ff @(<|>", K.SENSITIVITY),
    ("always_ff <|>", K.SENSITIVITY),
    ("always @(posedge clk or <|>", K.SENSITIVITY),
    ("always_ff @(posedge c) begin\n    <|>", K.ALWAYS_FF),
    ("always_ff @(posedge c or negedge r) begin\n    if (!r) begin\n      <|>", K.ALWAYS_FF),
    ("always @(posedge c)\n    if (r) q <= 0;\n    else <|>", K.ALWAYS_FF),
    ("always_comb begin\n    q = a;\n    <|>", K.ALWAYS_COMB),
    ("always @* begin\n    q = a;\n    sta<|>", K.ALWAYS_COMB),
    ("always_comb begin\n    case (s)\n      A: <|>", K.ALWAYS_COMB),
    ("always_comb begin\n    for (int i = 0; i < 4; i++) begin\n      <|>", K.ALWAYS_COMB),
    ("if (P) begin : g_p\n    <|>", K.GENERATE),
    ("for (genvar i = 0; i < 4; i++) begin : g\n    always_comb y = a;\n    <|>", K.GENERATE),
    ("generate\n    assign y = a;\n    <|>", K.GENERATE),
    ("if (P) begin : g\n    assign y = a;\n  end else begin : h\n    <|>", K.GENERATE),
    ("initial foo(<|>", K.ARGUMENT),
    ('initial $display("%d", <|>', K.ARGUMENT),
    ("assign y = pkg::f(.a(1), .b(<|>", K.ARGUMENT),
    ("assign y = `MAX(a, <|>", K.ARGUMENT),
    ("import <|>", K.IMPORT),
    ("import a_pkg::<|>", K.IMPORT),
    ("import a_pkg::*, b_pkg::<|>", K.IMPORT),
    ('`include "<|>', K.INCLUDE),
    ('`include "prim_<|>', K.INCLUDE),
    ("`include <|>", K.INCLUDE),
    ("assert property (<|>", K.PROPERTY),
    ("a_x: assert property (@(posedge c) a |-> <|>", K.PROPERTY),
    ("property p;\n    @(posedge c) a |=> <|>", K.PROPERTY),
    ("`ASSERT(ReqAck_A, req |-> <|>", K.PROPERTY),
    ("covergroup cg @(posedge c);\n    <|>", K.COVERGROUP),
    ("covergroup cg;\n    cp: coverpoint a {\n      bins x = {1};\n      <|>", K.COVERGROUP),
    ("covergroup cg;\n    coverpoint <|>", K.COVERGROUP),
    ("task run_phase(uvm_phase phase);\n    <|>", K.UVM_PHASE),
    ("function void build_phase(uvm_phase phase);\n    super.f(phase);\n    <|>", K.UVM_PHASE),
    ("task c::main_phase(uvm_phase phase);\n    if (a) begin\n      <|>", K.UVM_PHASE),
    ("// <|>", K.COMMENT),
    ("assign y = a; // the <|>", K.COMMENT),
    ("/* assign <|>", K.COMMENT),
    ("`define MAX(a, b) <|>", K.DEFINE),
    ("`define MAX(a, b) \\\n    ((a) > <|>", K.DEFINE),
    ("`define W <|>", K.DEFINE),
    ("initial begin\n    <|>", K.STATEMENT),
    ("function void f();\n    int a;\n    <|>", K.STATEMENT),
    ("initial begin\n    `FOO(a,\n      b)\n    <|>", K.STATEMENT),
    ("<|>", K.MODULE_ITEM),
    ("always_ff @(posedge c) begin\n    q <= d;\n  end\n  <|>", K.MODULE_ITEM),
    ("`ASSERT(A, b |-> c)\n  <|>", K.MODULE_ITEM),
    ("if (P) begin : g\n    always_comb begin y = a; end\n  end\n  <|>", K.MODULE_ITEM),
    ("fifo <|>", K.MODULE_ITEM),
    ("if (<|>", K.OTHER),
    ("for (genvar i = 0; i < <|>", K.OTHER),
    ('initial $display("<|>', K.OTHER),
    ("always_comb begin : name\n  end : <|>", K.OTHER),
]

WHOLE = "module m (input logic clk_i);\n  {}\nendmodule\n"
CUT_OFF = "module m (input logic clk_i);\n  {}"
BROKEN = """\
module before (input logic a
  assign x = (a;
  always_comb begin
    if (a) begin
endmodule
module m (input logic clk_i,);
  child u (.a(b), .c(;
  always_ff @(posedge clk_i begin
    q <= `UNKNOWN(1;
  end
  {}
  end else begin
  assign = ;
endmodule
"""


@pytest.mark.parametrize("around", [WHOLE, CUT_OFF, BROKEN], ids=["whole", "cut off", "broken"])
@pytest.mark.parametrize(("written", "expected"), CASES)
def test_what_is_being_written(around: str, written: str, expected: SiteKind) -> None:
    """Every kind, at what an engineer has typed so far, whatever the text around it is worth."""
    at = parse_fixture(around.replace("{}", written))
    tree = at.snapshot().syntax(at.file)
    assert kind_at(tree.text, cursor(tree, at.offset)) is expected


def test_every_kind_has_cases() -> None:
    """Three at least, so that no kind is only a name."""
    counted = Counter(kind for _, kind in CASES)
    assert {kind for kind in SiteKind if counted[kind] < 3} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<|>", K.OTHER),
        ("package p;\n  <|>\nendpackage", K.DECLARATION),
        ("class c;\n  function void f();\n  endfunction\n  <|>\nendclass", K.DECLARATION),
        ("interface i;\n  <|>\nendinterface", K.MODULE_ITEM),
        ("module m import a_pkg::*; #(\n  parameter <|>", K.DECLARATION),
        ("module m\n  import <|>", K.IMPORT),
        ("module m (\n  input logic a,\n  <|>", K.DECLARATION),
        ("module m; endmodule\n<|>", K.OTHER),
        ("class c;\n  constraint d {\n    <|>", K.OTHER),
    ],
)
def test_outside_modules(text: str, expected: SiteKind) -> None:
    """Headers, packages and classes; nothing where only a new unit may stand."""
    at = parse_fixture(text)
    tree = at.snapshot().syntax(at.file)
    assert kind_at(tree.text, cursor(tree, at.offset)) is expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "`ifdef A\n  always_ff @(posedge c) begin\n`else\n  always_comb begin\n`endif\n    <|>",
            K.ALWAYS_COMB,
        ),
        (
            "`ifdef A\n  always_ff @(posedge c) begin\n`else\n  always_comb begin\n`endif\n  end\n  <|>",
            K.MODULE_ITEM,
        ),
        ("`ifdef NEVER\n  always_comb begin\n    <|>\n  end\n`endif", K.ALWAYS_COMB),
        ("`ifdef NEVER\n  initial begin\n`elsif ALSO\n  assign y = <|>\n`endif", K.ASSIGN_RIGHT),
        ("`define X begin \\\n  case (a)\n  assign y = a;\n  <|>", K.MODULE_ITEM),
        ("// initial begin with a case (\n  /* begin */ <|>", K.MODULE_ITEM),
        ('initial $display("begin");\n  <|>', K.MODULE_ITEM),
    ],
)
def test_branches_macros_and_comments(inside: str, expected: SiteKind) -> None:
    """One branch of an `ifdef` counts, macro bodies and comments never do."""
    at = parse_fixture(WHOLE.replace("{}", inside))
    tree = at.snapshot().syntax(at.file)
    assert kind_at(tree.text, cursor(tree, at.offset)) is expected


def test_a_site_says_its_kind() -> None:
    """The site that features ask has it."""
    at = parse_fixture("module m;\n  assign y = <|>\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    assert place.kind is SiteKind.ASSIGN_RIGHT


def test_every_offset_of_mutilated_text() -> None:
    """Pieces cut out, doubled and swapped by a fixed seed: an answer everywhere, and never an exception."""
    text = "\n".join(case.replace("<|>", "") for case, _ in CASES)
    choice = random.Random(4)
    asked = Counter[SiteKind]()
    for _ in range(12):
        low, high = sorted(choice.sample(range(len(text)), 2))
        part = text[low : min(high, low + 700)]
        cut = choice.randrange(len(part) + 1)
        mutilated = (
            part[cut:] + choice.choice(["", "}", "(", "end ", "`endif\n", "é\r\n"]) + part[:cut]
        )
        source = SourceText.of(mutilated)
        tree = parse(source)
        for offset in range(0, source.size_bytes + 1, 3):
            asked[kind_at(source, cursor(tree, offset))] += 1
    assert len(asked) > 10  # the texts were not all alike


@pytest.mark.real
def test_a_real_core_is_recognised_while_it_is_written() -> None:
    """Every fifth place of the core, some of them with the text cut off: what the grammar says of the whole file.

    Not so: what a macro declares is its argument, and what stands after `else` is still a module's item.
    """
    places, cut, missed = 0, 0, list[str]()
    for path in sorted((ibex() / "rtl").glob("*.sv")):
        text = decode(path.read_bytes())
        tree = parse(text)
        for truth in sorted(truths(tree))[::5]:
            found = kind_at(text, cursor(tree, truth.offset))
            places += 1
            if places % 20 == 0:
                half = SourceText(text.data[: truth.offset])
                assert kind_at(half, cursor(parse(half), truth.offset)) is found
                cut += 1
            if found is not truth.kind:
                missed.append(f"{path.name}:{text.line_of(truth.offset) + 1} {truth.rule} {found}")
    assert places > 4_000
    assert cut > 200
    assert len(missed) <= 6, missed
