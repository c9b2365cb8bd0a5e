"""What is under the cursor, on half-typed text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdl_lsp.syntax.cursor import Cursor, CursorKind, cursor
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.source import SourceText


def at(marked: str) -> Cursor:
    """The cursor at `<|>` of *marked*."""
    offset = len(marked[: marked.index("<|>")].encode())
    return cursor(parse(SourceText.of(marked.replace("<|>", ""))), offset)


KINDS = [
    ("module m; ibex_alu u_alu (.op<|>", CursorKind.PORT_NAME, "op", ()),
    ("module m; ibex_alu u_alu (.<|>);\nendmodule", CursorKind.PORT_NAME, "", ()),
    ("module m; ibex_alu u_alu (.a(b)\n  .c<|>", CursorKind.PORT_NAME, "c", ()),
    ("module m; ibex_alu u_alu (.a\n  .c<|>", CursorKind.PORT_NAME, "c", ()),
    ("module m; ibex_alu u_alu (.a(b.<|>), .c(d));", CursorKind.MEMBER, "", ("b",)),
    ("module m; ibex_alu u_alu (\n`ifdef A\n .a(b),\n`endif\n .<|>", CursorKind.PORT_NAME, "", ()),
    ("module m; ibex_alu u_alu [3:0] (.<|>", CursorKind.PORT_NAME, "", ()),
    ("module m; ibex_alu #(.W<|>", CursorKind.PARAMETER_NAME, "W", ()),
    ("module m; ibex_alu #(.A(f(x)), .<|>W(3)) u_alu (.a);", CursorKind.PARAMETER_NAME, "W", ()),
    ("module m; `CELL u (.<|>", CursorKind.PORT_NAME, "", ()),
    ("module m; initial foo(.x<|>", CursorKind.ARGUMENT_NAME, "x", ()),
    ("assign x = a.b.<|>", CursorKind.MEMBER, "", ("a", "b")),
    ("assign x = a[i[2]].b[3].c<|>", CursorKind.MEMBER, "c", ("a", "b")),
    ("assign x = f(1).c<|>", CursorKind.MEMBER, "c", ("f",)),
    ("x = pkg::st.<|>", CursorKind.MEMBER, "", ("pkg", "st")),
    ("x = pkg::<|>", CursorKind.SCOPE, "", ("pkg",)),
    ("x = queue#(int)::get<|>", CursorKind.SCOPE, "get", ("queue",)),
    ("x = this.a<|>", CursorKind.MEMBER, "a", ("this",)),
    ("`AS<|>", CursorKind.MACRO, "AS", ()),
    ("x = `<|>", CursorKind.MACRO, "", ()),
    ("x = $clo<|>", CursorKind.SYSTEM, "$clo", ()),
    ("x = <|>$clog2(3)", CursorKind.SYSTEM, "$clog2", ()),
    ("x = $<|>", CursorKind.SYSTEM, "$", ()),
    ('`include "dir/pr<|>', CursorKind.INCLUDE, "dir/pr", ()),
    ('`include "pr<|>im.svh"', CursorKind.INCLUDE, "prim.svh", ()),
    ("`include <pr<|>", CursorKind.INCLUDE, "pr", ()),
    ("// a com<|>ment", CursorKind.COMMENT, "comment", ()),
    ("/* a\n b.<|>c */", CursorKind.COMMENT, "c", ()),
    ("/* a */ b<|>", CursorKind.IDENTIFIER, "b", ()),
    ("/* never closed\n\n foo<|>", CursorKind.COMMENT, "foo", ()),
    ('x = "http://a/*<|>";', CursorKind.STRING, "", ()),
    ('x = "/*"; foo<|>', CursorKind.IDENTIFIER, "foo", ()),
    ("// see a/*.sv\nfoo<|>", CursorKind.IDENTIFIER, "foo", ()),
    ('$display("a\\"b<|>', CursorKind.STRING, "b", ()),
    ('$display("a" <|>', CursorKind.IDENTIFIER, "", ()),
    ('x = "abc\n foo<|>', CursorKind.IDENTIFIER, "foo", ()),
    ("x = 4'b0<|>", CursorKind.NUMBER, "b0", ()),
    ("x = 4'<|>", CursorKind.NUMBER, "", ()),
    ("x = 12<|>", CursorKind.NUMBER, "12", ()),
    ("x = 'h<|>", CursorKind.NUMBER, "h", ()),
    ("fo<|>o bar", CursorKind.IDENTIFIER, "foo", ()),
    ("<|>foo bar", CursorKind.IDENTIFIER, "foo", ()),
    ("x = \\a+b<|>c ;", CursorKind.IDENTIFIER, "\\a+bc", ()),
    ("<|>", CursorKind.IDENTIFIER, "", ()),
    ("é<|>", CursorKind.IDENTIFIER, "", ()),
    ("`define A(x) \\\n  x.fie<|>ld", CursorKind.MEMBER, "field", ("x",)),
]


@pytest.mark.parametrize(("text", "kind", "word", "base"), KINDS, ids=[case[0] for case in KINDS])
def test_kind_word_and_base(text: str, kind: CursorKind, word: str, base: tuple[str, ...]) -> None:
    """What is typed, the whole word, and the names left of it."""
    found = at(text)
    assert (found.kind, found.word, found.base) == (kind, word, base)


def test_typed_is_the_left_part() -> None:
    """The word is whole, what was typed ends at the cursor."""
    found = at("assign q = foo_<|>bar;")
    assert (found.word, found.typed, found.word_span.start) == ("foo_bar", "foo_", 11)


INSTANCES = [
    ("module m; fifo u_f (.<|>", "fifo", "u_f", False, None, (), ()),
    (
        "module m; fifo #(.D(4), .W(8)) u_f (.a(b), .c(d<|>), .e);",
        "fifo",
        "u_f",
        False,
        "c",
        ("a", "c", "e"),
        ("D", "W"),
    ),
    (
        "module m; fifo #(.D(4), .<|>, .X(3)) u_f (.a(b), .c);",
        "fifo",
        "u_f",
        True,
        None,
        ("a", "c"),
        ("D", "X"),
    ),
    ("module m; fifo #(.D(4<|>)) u_f [1:0] (.a(b));", "fifo", "u_f", True, "D", ("a",), ("D",)),
    ("module m; fifo u_f (.a(b), <|>);", "fifo", "u_f", False, None, ("a",), ()),
    ("module m; fifo u_f (a, <|>b);", "fifo", "u_f", False, None, (), ()),
    ("module m; fifo u_a (.a(b)), u_b (.c<|>, .d(e));", "fifo", "u_b", False, None, ("d",), ()),
    ("module m; fifo u_f (.a(f(x, g[<|>", "fifo", "u_f", False, "a", ("a",), ()),
    ("module m; fifo u_f (.a({b, <|>}), .c(d));", "fifo", "u_f", False, "a", ("a", "c"), ()),
    ("module m; fifo #4 u_f (.a<|>", "fifo", "u_f", False, None, (), ()),
    (
        "module m; fifo u_f (\n // .x(y)\n .a(b), // .z(\n .<|>\n);\nendmodule",
        "fifo",
        "u_f",
        False,
        None,
        ("a",),
        (),
    ),
    ("module m;\n wire w;\n fifo u_f (.a(b\n .c(d), .<|>\n", "fifo", "u_f", False, None, (), ()),
]


@pytest.mark.parametrize(
    ("text", "definition", "name", "is_in_parameters", "connection", "ports", "parameters"),
    INSTANCES,
    ids=[case[0] for case in INSTANCES],
)
def test_the_instance_around(
    text: str,
    definition: str,
    name: str,
    is_in_parameters: bool,
    connection: str | None,
    ports: tuple[str, ...],
    parameters: tuple[str, ...],
) -> None:
    """Definition, name, list, connection being written, and what is connected on both sides."""
    found = at(text).instance
    assert found is not None
    assert (found.definition, found.name, found.is_in_parameters) == (
        definition,
        name,
        is_in_parameters,
    )
    if "(.a(b\n" not in text:  # one connection never closed: what it holds is anyone's guess
        assert found.connection == connection
        assert (found.connected_ports, found.connected_parameters) == (ports, parameters)


def test_an_ordered_connection_has_an_index_and_a_wildcard_is_seen() -> None:
    """Commas count for ordered lists; `.*` is told."""
    ordered = at("module m; fifo u_f (a, f(b, c), <|>").instance
    wild = at("module m; fifo u_f (.a, .*, .<|>").instance
    assert ordered is not None
    assert wild is not None
    assert (ordered.argument0, wild.has_wildcard, wild.connected_ports) == (2, True, ("a",))


def test_the_span_of_an_instance() -> None:
    """From the definition to the semicolon; to the cursor's word where it never closes."""
    closed = at("module m; fifo #(.A(1)) u_f (.a<|>) ; wire w;").instance
    assert closed is not None
    assert (closed.span.start, closed.span.end) == (10, 34)


NO_INSTANCE = [
    "module foo (input a<|>",
    "module foo #(parameter W = <|>",
    "function automatic foo_t bar(input <|>",
    "function int bar(<|>",
    "function pkg::foo_t bar(<|>",
    "if (a<|>",
    "always_ff @(posedge clk<|>",
    "fifo u_f (.a(b));\n<|>",
    "fifo u_f (.a(b);\n assign x = <|>",
    "x <= #(3<|>",
    "modport mp (input <|>",
    'import "DPI-C" function int foo(<|>',
]


@pytest.mark.parametrize("text", NO_INSTANCE)
def test_what_is_neither_instance_nor_call(text: str) -> None:
    """Headers, conditions, delays and finished statements."""
    found = at("module m;\n" * (not text.startswith("module")) + text)
    assert (found.instance, found.call) == (None, None)


CALLS = [
    ("initial x = foo(a, b<|>", "foo", (), 1, ""),
    ("initial x = foo(<|>", "foo", (), 0, ""),
    ("initial x = foo(a, (b, <|>", "foo", (), 1, ""),
    ("initial x = foo(a, {b, c<|>", "foo", (), 1, ""),
    ("initial x = foo(a[1, 2], bar(b, c), <|>", "foo", (), 2, ""),
    ("initial x = foo(a, bar(b, <|>", "bar", (), 1, ""),
    ("initial x = pkg::foo(<|>", "foo", ("pkg",), 0, ""),
    ("initial obj.q[3].push(<|>", "push", ("obj", "q"), 0, ""),
    ("initial x = foo(.a(1), .b(<|>", "foo", (), 1, "b"),
    ('initial $display("a", <|>', "$display", (), 1, ""),
    ("initial begin `FOO(a, <|>", "`FOO", (), 1, ""),
    ("initial x = new(<|>", "new", (), 0, ""),
    ("initial if (foo(a, <|>", "foo", (), 1, ""),
    ("initial begin if (a) foo(b, <|>", "foo", (), 1, ""),
    ("initial for (int i = 0; i < foo(<|>", "foo", (), 0, ""),
    ("fifo u_f (.a(foo(x, <|>", "foo", (), 1, ""),
    ("initial x = a + foo(<|> b);", "foo", (), 0, ""),
    ("initial return foo(<|>", "foo", (), 0, ""),
    ('initial $display("a, b<|>', "$display", (), 0, ""),
]


@pytest.mark.parametrize(
    ("text", "name", "base", "argument0", "argument_name"), CALLS, ids=[c[0] for c in CALLS]
)
def test_the_call_around(
    text: str, name: str, base: tuple[str, ...], argument0: int, argument_name: str
) -> None:
    """The innermost call, its scope, and the argument being written."""
    found = at("module m;\n" + text).call
    assert found is not None
    assert (found.name, found.base, found.argument0, found.argument_name) == (
        name,
        base,
        argument0,
        argument_name,
    )


CONTAINERS = [
    ("<|>module m; endmodule", ""),
    ("module m;\n<|>", "m"),
    ("module m; endmodule\n<|>", ""),
    ("module m; endmodule module n #(<|>", "n"),
    ("package p;\n class c;\n  int x;<|>", "c"),
    ("package p;\n class c; endclass\n <|>", "p"),
    ("package p;\n typedef class c;\n <|>", "p"),
    ("module m (bus_if.mp b, interface c);\n <|>", "m"),
    ("module m;\n virtual interface bus_if vif;\n <|>", "m"),
    ("virtual class c;\n <|>", "c"),
    ("interface class c;\n <|>", "c"),
    ("// module x\n/* module y */ <|>", ""),
    ('module m;\n // endmodule\n string s = "endmodule";<|>', "m"),
    ("module m; wire endmodule_x;<|>", "m"),
    ("extern module x(input a);\n<|>", ""),
    ("module automatic m;<|>", "m"),
    ("checker c; <|>", "c"),
]


@pytest.mark.parametrize(("text", "name"), CONTAINERS)
def test_the_container(text: str, name: str) -> None:
    """The innermost thing that is open, by its keywords."""
    assert at(text).container == name


PROCEDURES = [
    ("module m; always_comb begin <|> end endmodule", True),
    ("module m; always_ff @(posedge clk) <|>", True),
    ("module m; initial begin if (a) begin end <|>", True),
    ("module m; initial begin end <|>", False),
    ("module m; always_comb x = 1; <|>", False),
    ("module m; function f(); <|>", True),
    ("module m; function f(); endfunction <|>", False),
    ("module m; task t; foo.<|>", True),
    ("module m; if (A) begin : g_a\n foo.<|>", False),
    ("module m; assign a = b;\n foo.<|>", False),
    ("module m; always_comb begin a = 1; end\n if (A) begin : g\n foo.<|>", False),
    ("module m; always_comb for (int i = 0; i < 3; i++) x[i] = {foo<|>", True),
    ("module m; always_comb for (int i = 0; i < <|>", True),
    ("module m; always_comb if (a) b = 1; else begin foo.<|>", True),
    ("module m; always_comb if (a) begin b = 1; end else foo.<|>", True),
    ("module m; always_comb case (a) 1: b = 1; 2: foo.<|>", True),
    ("module m; always_comb case (a) 1: b = 1; endcase foo.<|>", False),
    ("module m; assert final (foo.<|>", False),
    ("class c; function new(); foo.<|>", True),
    ("class c; extern function void f();\n foo.<|>", False),
    ("<|>", False),
]


@pytest.mark.parametrize(("text", "is_inside"), PROCEDURES)
def test_in_procedure(text: str, is_inside: bool) -> None:
    """Procedures are told from module items, whole or half-typed."""
    assert at(text).in_procedure is is_inside


KEYWORDS_BEFORE = [
    ("import ibex<|>", "import", "import"),
    ("import a::*, ibex<|>", "", "import"),
    ("typedef <|>", "typedef", "typedef"),
    ("module m; initial begin case (state) <|>", "case", "case"),
    ("module m; always_ff @(posedge clk) <|>", "always_ff", "always_ff"),
    ("module m; initial begin if (a) <|>", "if", "if"),
    ("module m; assign a = <|>", "", "assign"),
    ("module m; wire w; <|>", "", ""),
]


@pytest.mark.parametrize(("text", "keyword", "statement"), KEYWORDS_BEFORE)
def test_keyword_and_statement(text: str, keyword: str, statement: str) -> None:
    """The keyword before the word, over a parenthesis, and the first token of the statement."""
    found = at(text)
    assert (found.after_keyword, found.statement) == (keyword, statement)


def test_every_offset_of_a_broken_text_has_a_cursor() -> None:
    """No cut of a text and no offset in it raises."""
    text = 'module m #(parameter W=1)(input a);\n fifo #(.W(W)) u [1:0] (.a(a.b[3]), .c(f(`X, "s")));\n/* c */ `ifdef A\nalways_comb begin case (a) 1: x = p::y; end\n'
    for end in range(len(text)):
        tree = parse(SourceText.of(text[:end]))
        for offset in (0, end // 2, end - 1, end, end + 5):
            cursor(tree, offset)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                ".",
                ",",
                ";",
                "#",
                "a",
                "b ",
                "fifo ",
                "\n",
                "\r",
                "`M",
                "`define X \\\n",
                '"',
                "/*",
                "*/",
                "//",
                "::",
                "begin ",
                "end ",
                "module ",
                "\\",
                "'",
                "$",
                "é",
                "4",
                ".*",
                "\0",
                "function ",
            ]
        ),
        max_size=30,
    ),
    st.integers(0, 120),
)
def test_no_text_raises(pieces: list[str], offset: int) -> None:
    """Any mess of tokens has an answer whose word is around the cursor."""
    text = SourceText.of("".join(pieces))
    found = cursor(parse(text), offset)
    assert found.word_span.contains(min(offset, text.size_bytes))
    assert text.slice(found.word_span) == found.word
