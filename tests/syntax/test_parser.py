"""Trees of broken, deep, empty and edited texts."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hdl_lsp.syntax.parser import parse
from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import SourceText, span

COUNTER = """\
module counter #(parameter int Width = 8) (input logic clk_i, output logic [Width-1:0] q_o);
  `ASSERT(Small, q_o |-> ##1 q_o)
  always_ff @(posedge clk_i) begin
    q_o <= q_o + 1; // é😀
  end
endmodule
"""

PIECES = [
    "",
    ";",
    "end",
    "begin ",
    "`FOO(",
    ")",
    '"',
    "/*",
    "*/",
    "\r",
    "\n",
    "\0",
    "😀",
    "foo.",
    "`ifdef A\n",
    "`endif\n",
]


def shape(tree: SyntaxTree) -> list[tuple[str, int, int]]:
    """Kind and span of every node, which is all that can be told of a tree."""
    found: list[tuple[str, int, int]] = []
    todo: list[Node] = [tree.root]
    while todo:
        node = todo.pop()
        found.append((node.kind, node.span.start, node.span.end))
        todo.extend(node.children())
    return found


def test_an_empty_text_has_a_root() -> None:
    """Nothing parses to an empty tree without errors."""
    tree = parse(SourceText.of(""))
    assert (tree.root.kind, tree.error_bytes, tree.errors()) == ("source_file", 0, ())
    assert tree.node_at(0) == tree.root


def test_errors_are_where_the_text_is_broken() -> None:
    """The bytes that fit nothing are one span; the module around it is still found."""
    tree = parse(SourceText.of("module m;\n  assign = ) 1;\nendmodule\n"))
    assert tree.error_bytes > 0
    assert all(span(9, 27).covers(error) for error in tree.errors())
    assert [node.kind for node in tree.walk(frozenset({"module_declaration"}))] == [
        "module_declaration"
    ]


def test_a_macro_with_a_property_is_masked() -> None:
    """An assertion macro full of SVA, which the grammar can't read, leaves no error behind."""
    tree = parse(SourceText.of(COUNTER))
    assert (tree.is_masked, tree.error_bytes) == (True, 0)


def test_a_clean_text_is_not_masked() -> None:
    """Macros the grammar can read stay in the tree."""
    tree = parse(SourceText.of("`define W 8\nmodule m; wire [`W-1:0] a; endmodule\n"))
    assert not tree.is_masked
    assert [node.text for node in tree.walk(frozenset({"text_macro_usage"}))] == ["`W"]


def test_nodes_of_a_masked_text_show_what_the_user_wrote() -> None:
    """The text of a node comes from the source, not from the mask."""
    tree = parse(SourceText.of("module m;\n `CELL u0 (a);\n `A(x |-> y)\nendmodule\n"))
    assert tree.is_masked
    (instance,) = tree.walk(frozenset({"module_instantiation"}))
    assert instance.text == "`CELL u0 (a);"


def test_right_after_a_word_the_word_is_meant() -> None:
    """A cursor at the end of an identifier is on it, also before a sign."""
    tree = parse(SourceText.of("module m(input a); endmodule"))
    assert tree.node_at(8).text == "m"
    assert tree.node_at(16).text == "a"


def test_enclosing_finds_the_innermost() -> None:
    """Of two blocks around an offset the inner one is given."""
    text = SourceText.of("module m; initial begin begin x = 1; end end endmodule")
    found = parse(text).enclosing(text.data.index(b"x"), frozenset({"seq_block"}))
    assert found is not None
    assert found.text == "begin x = 1; end"


def test_every_offset_of_a_broken_text_has_an_answer() -> None:
    """Node, path and enclosing node exist at each offset, also outside the text."""
    text = SourceText.of(COUNTER[: COUNTER.index("+ 1")])
    tree = parse(text)
    for offset in range(-2, text.size_bytes + 3):
        path = tree.path_at(offset)
        assert path[0] == tree.root
        assert tree.node_at(offset).span.start <= max(0, offset) or path == (tree.root,)
        tree.enclosing(offset, frozenset({"always_construct"}))


def test_twenty_thousand_blocks_deep() -> None:
    """Depth costs no recursion: walks, errors, paths and a re-parse all work."""
    deep = "module m; initial " + "begin " * 20_000 + "x = 1; " + "end " * 19_999
    text = SourceText.of(deep)
    tree = parse(text)
    at = text.data.index(b"x")
    assert tree.error_bytes > 0
    assert len(tree.path_at(at)) > 20_000
    assert tree.node_at(at).text == "x"
    assert sum(1 for _ in tree.walk(frozenset({"begin"}))) == 20_000
    again = parse(SourceText.of(deep.replace("x", "y")), tree)
    assert again.node_at(at).text == "y"


def test_a_netlist_of_four_megabytes() -> None:
    """A big flat file is parsed, walked and edited."""
    cells = "".join(
        f"  NAND2X1 U{n} ( .A(n{n}), .B(n{n + 1}), .Y(n{n + 2}) );\n" for n in range(80_000)
    )
    text = SourceText.of("module top;\n" + cells + "endmodule\n")
    assert text.size_bytes > 4_000_000
    tree = parse(text)
    assert tree.error_bytes == 0
    assert tree.node_at(text.data.index(b"U79999")).text == "U79999"
    edited = SourceText(text.data.replace(b"U79999", b"U79999x"))
    assert parse(edited, tree).node_at(edited.data.index(b"U79999x")).text == "U79999x"


def test_the_previous_tree_is_left_as_it_was() -> None:
    """An older snapshot keeps its tree while a newer one is made from it."""
    tree = parse(SourceText.of(COUNTER))
    before = shape(tree)
    parse(SourceText.of("module x; endmodule\n" + COUNTER), tree)
    assert shape(tree) == before


@settings(deadline=None, max_examples=150)
@example([(56, 9, ";"), (0, 1, "")])
@given(
    st.lists(
        st.tuples(st.integers(0, len(COUNTER)), st.integers(0, 30), st.sampled_from(PIECES)),
        min_size=1,
        max_size=6,
    )
)
def test_an_incremental_tree_equals_a_full_one(edits: list[tuple[int, int, str]]) -> None:
    """After any chain of edits the reused tree is the tree a fresh parse gives."""
    text, tree = COUNTER, parse(SourceText.of(COUNTER))
    for start, length, new in edits:
        text = text[:start] + new + text[start + length :]
        source = SourceText.of(text)
        tree = parse(source, tree)
        fresh = parse(source)
        assert tree.text == source
        assert (tree.is_masked, tree.error_bytes) == (fresh.is_masked, fresh.error_bytes)
        assert shape(tree) == shape(fresh)
