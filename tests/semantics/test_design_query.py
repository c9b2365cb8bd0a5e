"""Questions about an elaborated design: instances by path, uses, drivers and loads, values per instance."""

from __future__ import annotations

import pytest

from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_answers import answer
from hdl_lsp.semantics.design_query import (
    NO_TOP,
    ChildrenOf,
    DesignQuestion,
    DesignValues,
    InstanceAt,
    InstancePage,
    InstancesOf,
    NotElaborated,
    Question,
    SignalAnswer,
    SignalOf,
    Site,
    ValuesOf,
)
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, Input
from hdl_lsp.text.source import SourceText

BUS = """
interface bus_if (input logic clk);
  logic req, gnt;
  modport m (output req, input gnt);
  modport s (input req, output gnt);
endinterface
"""
LEAF = """
module leaf #(parameter int W = 4, localparam int L = W * 2) (
  input logic [W-1:0] a_i, output logic q_o, bus_if.m bus
);
  logic [L-1:0] x;
  assign q_o = ^x;
  assign bus.req = a_i[0];
  if (W == 8) begin : g_wide
    assign x = {2{a_i}};
  end else begin : g_narrow
    assign x = ~a_i;
  end
endmodule
"""
MID = """
module mid (input logic clk, input logic [7:0] a, output logic q);
  bus_if b (clk);
  leaf #(.W(8)) u_one (.a_i(a), .q_o(q), .bus(b));
  assign b.gnt = b.req;
endmodule
"""
TOP = """
module top (input logic clk, input logic [7:0] a, output logic [2:0] q);
  mid m1 (.clk, .a, .q(q[0]));
  mid m2 (.clk, .a(a + 8'd1), .q(q[1]));
  bus_if bs [2] (clk);
  leaf u_many [1:0] (.a_i(a), .q_o(), .bus(bs));
  logic [2:0] n;
  always_ff @(posedge clk) begin
    if (a[0]) n <= n + 1;
    else n[a[1:0]] <= q[1];
  end
  assign q[2] = n[0] & m1.u_one.x[0];
  missing u_gone (.clk);
endmodule
"""
FILES = {"bus": BUS, "leaf": LEAF, "mid": MID, "top": TOP}


def elaborated(*tops: str, **files: str) -> Designer:
    """A designer that has elaborated open files, `name` for /project/name.sv."""
    inputs = tuple(
        Input(f"/project/{name}.sv", SourceText.of(text).digest, text)
        for name, text in files.items()
    )
    designer = Designer()
    options = CompileOptions(tops=tops, is_configured=True)
    designer.facts(DesignRequest(inputs, options, version=7))
    return designer


def ask(question: Question, designer: Designer | None = None) -> object:
    """The answer about the design above."""
    designer = designer or elaborated("top", **FILES)
    return answer(designer.last, DesignQuestion(question, 7))


def instances(question: Question, designer: Designer | None = None) -> InstancePage:
    """A page of instances."""
    page = ask(question, designer)
    assert isinstance(page, InstancePage)
    return page


def signal(question: SignalOf) -> SignalAnswer:
    """Drivers and loads."""
    found = ask(question)
    assert isinstance(found, SignalAnswer)
    return found


def told(sites: tuple[Site, ...]) -> list[str]:
    """Sites as lines: kind, instance, text, what lies behind."""
    return [
        f"{'  ' * (s.level - 1)}{s.kind.value} in {s.instance}: {s.text}"
        + (f" <> {', '.join(s.through)}" if s.through else "")
        for s in sites
    ]


def values(name: str, file: str, **more: object) -> DesignValues:
    """What the first declaration of *name* is in the instances."""
    text = FILES[file]
    question = ValuesOf(
        name=name,
        file=f"/project/{file}.sv",
        offset=text.index(f" {name}") + 1,
        digest=SourceText.of(text).digest,
        **more,  # pyright: ignore[reportArgumentType] - instance and limit
    )
    found = ask(question)
    assert isinstance(found, DesignValues)
    return found


def test_children_come_page_by_page() -> None:
    """A level of the tree has its instances in order, arrays and interfaces and unknown modules included."""
    designer = elaborated("top", **FILES)
    page = instances(ChildrenOf("top"), designer)
    assert [(i.name, i.kind, i.definition, i.child_count) for i in page.instances] == [
        ("m1", "module", "mid", 2),
        ("m2", "module", "mid", 2),
        ("bs[0]", "interface", "bus_if", 0),
        ("bs[1]", "interface", "bus_if", 0),
        ("u_many[0]", "module", "leaf", 0),
        ("u_many[1]", "module", "leaf", 0),
        ("u_gone", "unknown", "missing", 0),
    ]
    some = instances(ChildrenOf("top", start=1, limit=2), designer)
    assert ([i.path for i in some.instances], some.start, some.total) == (
        ["top.m2", "top.bs[0]"],
        1,
        7,
    )
    assert instances(ChildrenOf("top.u_many[1]"), designer).total == 0
    assert not instances(ChildrenOf("top.zz"), designer).is_known
    assert not instances(ChildrenOf("nope"), designer).is_known


def test_instances_of_a_module_are_found_below_equal_parents() -> None:
    """Only one of two equal parents is elaborated; the paths below both are told."""
    designer = elaborated("top", **FILES)
    paths = [i.path for i in instances(InstancesOf("leaf"), designer).instances]
    assert paths == ["top.m1.u_one", "top.m2.u_one", "top.u_many[0]", "top.u_many[1]"]
    assert instances(InstancesOf("leaf", start=3), designer).total == 4
    assert not instances(InstancesOf("nobody"), designer).is_known
    (one,) = instances(InstanceAt("top.m2.u_one"), designer).instances
    assert (one.definition, one.parameters) == ("leaf", (("W", "8"),))
    assert not instances(InstanceAt("top.m2.u_one.x"), designer).instances


@pytest.mark.parametrize(
    ("path", "drivers", "loads"),
    [
        (
            "top.m2.u_one.x",
            ["continuous assign in top.m2.u_one: x = {2{a_i}} <> top.m2.u_one.a_i"],
            ["continuous assign in top.m2.u_one: q_o = ^x <> top.m2.u_one.q_o"],
        ),
        (
            "top.u_many[0].x",
            ["continuous assign in top.u_many[0]: x = ~a_i <> top.u_many[0].a_i"],
            ["continuous assign in top.u_many[0]: q_o = ^x <> top.u_many[0].q_o"],
        ),
        (
            "top.m2.q",
            [
                "port connection in top.m2: leaf #(.W(8)) u_one (.a_i(a), .q_o(q), .bus(b)); <> top.m2.u_one.q_o"
            ],
            ["port connection in top: mid m2 (.clk, .a(a + 8'd1), .q(q[1])); <> top.q"],
        ),
        (
            "top.n",
            [
                "always_ff in top: n <= n + 1 <> top.n",
                "always_ff in top: n[a[1:0]] <= q[1] <> top.a, top.q",
            ],
            [
                "always_ff in top: n <= n + 1 <> top.n",
                "continuous assign in top: q[2] = n[0] & m1.u_one.x[0] <> top.q",
            ],
        ),
        (
            "top.m2.b.req",
            [
                "continuous assign in top.m2.u_one: bus.req = a_i[0] <> top.m2.u_one.a_i",
            ],
            ["continuous assign in top.m2: b.gnt = b.req <> top.m2.b.gnt"],
        ),
        (
            "top.bs[1].req",
            ["continuous assign in top.u_many[0]: bus.req = a_i[0] <> top.u_many[0].a_i"],
            [],
        ),
    ],
)
def test_drivers_and_loads(path: str, drivers: list[str], loads: list[str]) -> None:
    """What drives and reads a signal, through ports, interfaces and modports, in the instance asked about."""
    found = signal(SignalOf(path))
    assert found.path == path
    assert (told(found.drivers), told(found.loads)) == (drivers, loads)


def test_clock_is_read_by_events_and_connections() -> None:
    """An input of the top is driven from outside, and read in event controls and connections."""
    found = signal(SignalOf("top.clk"))
    assert [site.kind.value for site in found.drivers] == ["port of the top"]
    assert [(s.kind.value, s.through) for s in found.loads] == [
        ("port connection", ("top.m1.clk",)),
        ("port connection", ("top.m2.clk",)),
        ("port connection", ("top.bs[0].clk",)),
        ("port connection", ("top.bs[1].clk",)),
        ("always_ff", ()),
    ]


def test_signal_read_by_hierarchical_name_is_a_load() -> None:
    """A name that reaches down from the parent counts, for that one instance only."""
    assert [s.instance for s in signal(SignalOf("top.m1.q")).loads] == ["top"]
    text = "module top; leaf a(); leaf b(); assign a.x = 1; logic y = b.x; endmodule\n"
    designer = elaborated("top", top=text, leaf="module leaf; logic x; endmodule\n")
    one, two = (ask(SignalOf(f"top.{name}.x"), designer) for name in "ab")
    assert isinstance(one, SignalAnswer)
    assert isinstance(two, SignalAnswer)
    assert [s.text for s in one.drivers] == ["a.x = 1"]
    assert (one.loads, two.drivers) == ((), ())
    assert [s.through for s in two.loads] == [("top.y",)]


def test_assertions_and_gates_have_their_own_kinds() -> None:
    """What reads or drives a signal is told in the language's words."""
    text = """
module top (input logic clk, input logic a, output wire q);
  wire g;
  logic s;
  and u_and (g, a, s);
  assert property (@(posedge clk) a |-> s);
  initial s = 1'b0;
  always_latch if (a) s <= g;
  assign q = twice(s);
  function automatic logic twice(logic x); return x ^ g; endfunction
  always_comb begin : count
    for (int i = 0; i < 4; i++) begin end
  end
endmodule
"""
    designer = elaborated("top", top=text)
    found = ask(SignalOf("top.s"), designer)
    assert isinstance(found, SignalAnswer)
    assert [s.kind.value for s in found.drivers] == ["initial", "always_latch"]
    assert [s.kind.value for s in found.loads] == ["primitive", "assertion", "continuous assign"]
    gate = ask(SignalOf("top.g"), designer)
    assert isinstance(gate, SignalAnswer)
    assert [s.kind.value for s in gate.drivers] == ["primitive"]
    assert [s.kind.value for s in gate.loads] == ["always_latch", "function or task"]


def test_cone_goes_back_level_by_level() -> None:
    """With a depth, what drives the drivers follows, every place once."""
    found = signal(SignalOf("top.m2.q", depth=4))
    assert told(found.drivers) == [
        "port connection in top.m2: leaf #(.W(8)) u_one (.a_i(a), .q_o(q), .bus(b)); <> top.m2.u_one.q_o",
        "  continuous assign in top.m2.u_one: q_o = ^x <> top.m2.u_one.x",
        "    continuous assign in top.m2.u_one: x = {2{a_i}} <> top.m2.u_one.a_i",
        "      port connection in top.m2: leaf #(.W(8)) u_one (.a_i(a), .q_o(q), .bus(b)); <> top.m2.a",
    ]
    assert signal(SignalOf("top.a", limit=2)).is_cut


def test_signal_at_a_place_is_that_of_an_instance() -> None:
    """A declaration in a file is a signal of the chosen instance, else of the first."""
    offset = LEAF.index("x;")
    first = signal(SignalOf(file="/project/leaf.sv", offset=offset))
    assert (first.path, first.type_text, first.bit_width) == (
        "top.m1.u_one.x",
        "logic [15:0]",
        16,
    )
    chosen = SignalOf(file="/project/leaf.sv", offset=offset, instance="top.u_many[1]")
    assert (signal(chosen).path, signal(chosen).bit_width) == ("top.u_many[1].x", 8)
    assert signal(SignalOf(file="/project/leaf.sv", offset=0)).path == ""
    assert signal(SignalOf("top.u_many[1]")).path == ""


def test_values_differ_between_instances() -> None:
    """Parameters, localparams and widths are told once per value, with instances that have it."""
    found = values("W", "leaf")
    assert [(v.value, v.total, v.instances) for v in found.values] == [
        ("8", 2, ("top.m1.u_one", "top.m2.u_one")),
        ("4", 2, ("top.u_many[0]", "top.u_many[1]")),
    ]
    assert [v.value for v in values("L", "leaf").values] == ["16", "8"]
    assert [v.type_text for v in values("x", "leaf").values] == ["logic [15:0]", "logic [7:0]"]
    chosen = values("W", "leaf", instance="top.m2.u_one")
    assert [(v.value, v.instances) for v in chosen.values] == [("8", ("top.m2.u_one",))]
    assert chosen.is_chosen
    assert values("W", "leaf", limit=1).kinds == 2
    stale = ask(ValuesOf("W", "/project/leaf.sv", LEAF.index("W "), "another digest"))
    assert stale == DesignValues()


def test_generate_loops_have_a_value_per_turn() -> None:
    """A localparam in a generate loop is told for its blocks."""
    text = "module top;\n for (genvar i = 0; i < 3; i++) begin : g\n  localparam int K = i / 2;\n end\nendmodule\n"
    designer = elaborated("top", top=text)
    question = ValuesOf("K", "/project/top.sv", text.index("K"), SourceText.of(text).digest)
    found = ask(question, designer)
    assert isinstance(found, DesignValues)
    assert [(v.value, v.instances) for v in found.values] == [
        ("0", ("top.g[0]", "top.g[1]")),
        ("1", ("top.g[2]",)),
    ]


def test_without_a_top_the_answer_is_a_sentence() -> None:
    """Nothing is elaborated without a top; the answer says so."""
    assert ask(ChildrenOf(), elaborated(**FILES)) == NotElaborated(NO_TOP)


def test_another_version_is_not_answered() -> None:
    """A question about newer texts is not answered from older ones."""
    designer = elaborated("top", **FILES)
    assert answer(designer.last, DesignQuestion(ChildrenOf(), 8)) == NotElaborated()
    assert answer(None, DesignQuestion(ChildrenOf(), 0)) == NotElaborated()
    assert isinstance(answer(designer.last, DesignQuestion(ChildrenOf(), 0)), InstancePage)


@pytest.mark.parametrize(
    "text",
    [
        "module top; top u (); endmodule",
        "module top; leaf #( u (",
        "module top; if (1) begin : g leaf u (.a(nothing)); end endmodule module leaf(input a); endmodule",
        "module top; \\odd.name u (); endmodule module \\odd.name ; logic x; endmodule",
        "module top; bind leaf probe p (.x(a)); leaf u (); endmodule module leaf; logic a; endmodule module probe(input x); endmodule",
        "module top; leaf a (); leaf b (); endmodule module leaf; endmodule module leaf; endmodule",
    ],
)
def test_broken_and_odd_designs_answer(text: str) -> None:
    """Recursion, broken instances, escaped names, bind and duplicates have a tree that can be walked."""
    designer = elaborated("top", top=text)
    todo, seen = [""], 0
    while todo and seen < 200:
        for one in instances(ChildrenOf(todo.pop()), designer).instances:
            seen += 1
            assert instances(InstanceAt(one.path), designer).instances == (one,)
            todo.append(one.path)
    assert seen >= 1
