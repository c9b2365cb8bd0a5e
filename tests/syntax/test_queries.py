"""Outline and local names from the .scm files."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.syntax.parser import parse
from hdl_lsp.syntax.queries import captures_of, local_names, matches, outline
from hdl_lsp.text.source import SourceText

QUERIES = sorted((Path(__file__).parents[2] / "grammars" / "tree-sitter").glob("*.scm"))

TEXT = """\
`define WIDTH 8
package p;
  parameter int A = 1;
  typedef struct packed { logic f; } s_t;
  typedef enum { Idle } e_t;
  class c; int member; function new(); endfunction task run(); endtask endclass
endpackage
module top #(parameter W = 1, parameter type T = int) (input logic clk_i);
  wire w;
  logic v, u;
  genvar g;
  sub u_sub (.clk_i);
  function f(input logic arg); int local_v; return arg; endfunction
  if (W) begin : g_on
    logic inner;
  end
`ifdef NEVER
  logic inactive;
`endif
  always_comb begin
    for (int i = 0; i < 3; i++) begin
      automatic int v = i;
    end
  end
endmodule
interface bus; modport mp(input x); endinterface
"""


@pytest.mark.parametrize("path", QUERIES, ids=[path.stem for path in QUERIES])
def test_every_query_fits_the_grammar_and_finds_something(path: Path) -> None:
    """No .scm file names a node that the grammar doesn't have."""
    text = SourceText.of(
        "// a\\nmodule m (input a);\\nalways_comb begin\\nend\\nendmodule\\n".replace("\\n", "\n")
    )
    assert matches(parse(text), path.stem)


def test_the_outline_has_every_declaration() -> None:
    """All kinds of names, those of inactive branches too, in text order."""
    found = [(named.kind, named.name) for named in outline(parse(SourceText.of(TEXT)))]
    assert found == [
        ("macro", "WIDTH"),
        ("package", "p"),
        ("parameter", "A"),
        ("field", "f"),
        ("type", "s_t"),
        ("enum_member", "Idle"),
        ("type", "e_t"),
        ("class", "c"),
        ("variable", "member"),
        ("function", "new"),
        ("task", "run"),
        ("module", "top"),
        ("parameter", "W"),
        ("parameter", "T"),
        ("port", "clk_i"),
        ("net", "w"),
        ("variable", "v"),
        ("variable", "u"),
        ("genvar", "g"),
        ("instance", "u_sub"),
        ("function", "f"),
        ("variable", "local_v"),
        ("block", "g_on"),
        ("variable", "inner"),
        ("variable", "inactive"),
        ("variable", "v"),
        ("interface", "bus"),
        ("modport", "mp"),
    ]


def test_an_unclosed_module_is_in_the_outline() -> None:
    """While the end of a module isn't there yet, its header and items are."""
    found = [
        named.name
        for named in outline(parse(SourceText.of("module m (input a);\n logic b;\n assign c = ")))
    ]
    assert found == ["m", "a", "b"]


def names_at(before: str) -> set[str]:
    """Local names where *before* first stands."""
    tree = parse(SourceText.of(TEXT))
    return {named.name for named in local_names(tree, tree.text.data.index(before.encode()))}


def test_local_names_are_those_of_the_scopes_around() -> None:
    """Names of other scopes aren't seen; those of outer ones are."""
    in_function = names_at("return arg")
    assert {"arg", "local_v", "w", "W", "f", "u_sub", "g_on", "inactive"} <= in_function
    assert not {"inner", "i", "member", "Idle", "new"} & in_function
    assert {"inner", "w"} <= names_at("inner;")
    assert {"A", "s_t", "Idle", "c"} <= names_at("parameter int A")
    assert "f" not in names_at("parameter int A")


def test_an_inner_name_hides_an_outer_one() -> None:
    """Of two declarations of one name the innermost is given."""
    tree = parse(SourceText.of(TEXT))
    found = [
        named for named in local_names(tree, tree.text.data.index(b"v = i")) if named.name == "v"
    ]
    assert [tree.text.line_of(named.span.start) for named in found] == [21]


def test_no_cut_of_a_text_fails() -> None:
    """Queries answer on every prefix."""
    for end in range(0, len(TEXT), 9):
        tree = parse(SourceText.of(TEXT[:end]))
        outline(tree)
        local_names(tree, end)
        captures_of(tree, "folds", "fold")
