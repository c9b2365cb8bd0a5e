"""Typed views of whole and half-typed nodes."""

from __future__ import annotations

from hdl_lsp.syntax.nodes import always_blocks, enclosing_module, instances, modules
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.source import SourceText

TEXT = """\
module top #(parameter W = 1) (input logic clk_i);
  fifo #(.Depth(4), .T(logic [3:0])) u_a (.clk_i, .d_i(a + (b)), .q_o(), .*), u_b [1:0] (x, y[2]);
  always_ff @(posedge clk_i) q <= 1;
  always_comb begin @(z) q = 1; end
endmodule
interface bus; endinterface
"""


def test_modules_have_keyword_name_and_extent() -> None:
    """A module and an interface, from keyword to end keyword."""
    tree = parse(SourceText.of(TEXT))
    found = [
        (
            each.keyword,
            each.name,
            tree.text.line_of(each.span.start),
            tree.text.line_of(each.span.end),
        )
        for each in modules(tree)
    ]
    assert found == [("module", "top", 0, 4), ("interface", "bus", 5, 5)]


def test_instances_have_their_connections() -> None:
    """Each instance of a list with its definition, parameters and ports as written."""
    first, second = instances(parse(SourceText.of(TEXT)))
    assert (first.definition, first.name, second.name) == ("fifo", "u_a", "u_b")
    assert [(each.name, each.value) for each in first.parameters] == [
        ("Depth", "4"),
        ("T", "logic [3:0]"),
    ]
    assert [(each.name, each.value, each.is_wildcard) for each in first.ports] == [
        ("clk_i", "", False),
        ("d_i", "a + (b)", False),
        ("q_o", "", False),
        ("", "", True),
    ]
    assert [(each.name, each.value) for each in second.ports] == [("", "x"), ("", "y[2]")]


def test_always_blocks_have_keyword_and_sensitivity() -> None:
    """The event of the procedure itself; one deeper inside is not its sensitivity."""
    found = [(each.keyword, each.sensitivity) for each in always_blocks(parse(SourceText.of(TEXT)))]
    assert found == [("always_ff", "(posedge clk_i)"), ("always_comb", "")]


def test_an_unclosed_module_goes_to_the_next_one_or_the_end() -> None:
    """Offsets in a module without `endmodule` are still in it."""
    text = SourceText.of("module a (input x);\n  assign y = \n\nmodule b;\n  wire z = (;\n")
    tree = parse(text)
    for marker, name in ((b"assign", "a"), (b"wire", "b")):
        found = enclosing_module(tree, text.data.index(marker))
        assert found is not None
        assert found.name == name
    assert enclosing_module(parse(SourceText.of("wire x;")), 3) is None


def test_right_after_the_end_keyword_is_inside() -> None:
    """The cursor behind `endmodule` still counts, the one a character on does not."""
    tree = parse(SourceText.of("module m; endmodule  "))
    assert enclosing_module(tree, 19) is not None
    assert enclosing_module(tree, 20) is None


def test_no_cut_of_a_text_fails() -> None:
    """Views of half-typed nodes have empty parts, and raise nothing."""
    for end in range(len(TEXT)):
        tree = parse(SourceText.of(TEXT[:end]))
        modules(tree)
        instances(tree)
        always_blocks(tree)
        enclosing_module(tree, end)
