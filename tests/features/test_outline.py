"""Outline, workspace symbols, folds and include links."""

from __future__ import annotations

from collections.abc import Iterable

from inline_snapshot import snapshot

from hdl_lsp.features.document_links import document_links
from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.features.folding import folding
from hdl_lsp.features.workspace_symbols import workspace_symbols
from hdl_lsp.presentation.symbols import KIND_OF_DECLARATION, Symbol
from hdl_lsp.semantics.summary import DeclKind
from tests.support.fixture import parse_fixture

MODULE = """
`define DEPTH 4
package pkg;
  typedef enum logic { Off, On } mode_e;
  typedef struct packed { logic valid; } word_t;
endpackage
module leaf; endmodule
module top #(parameter int N = 2) (
  input logic clk_i
);
  logic [N-1:0] data;
  leaf u_leaf ();
  for (genvar i = 0; i < N; i++) begin : gen_bits
    wire bit_w;
  end
  function automatic int twice(int a); return 2 * a; endfunction
endmodule
"""


def lines(symbols: Iterable[Symbol], indent: str = "") -> Iterable[str]:
    """One line per symbol, children further in."""
    for symbol in symbols:
        yield f"{indent}{symbol.name} [{symbol.kind.value}] {symbol.detail}".rstrip()
        yield from lines(symbol.children, indent + "  ")


def test_outline() -> None:
    """Everything declared, inside what holds it, with kind and type."""
    at = parse_fixture(MODULE)
    assert "\n".join(lines(document_symbols(at.snapshot(), at.file))) == snapshot("""\
DEPTH [Constant] macro
pkg [Package] package
  mode_e [Enum] enum logic
    Off [EnumMember]
    On [EnumMember]
  word_t [Struct] struct packed
    valid [Field] logic
leaf [Module] module
top [Module] module
  N [Constant] int = 2
  clk_i [Property] input logic
  data [Variable] logic [N-1:0]
  u_leaf [Object] leaf
  i [Variable] genvar
  gen_bits [Namespace] generate block
    bit_w [Variable] wire
  twice [Function] function automatic int twice(int a)
    a [Property] input int\
""")


def test_outline_spans_nest() -> None:
    """A name lies in its symbol and a child in its parent, as LSP demands, on broken text too."""

    def check(symbols: Iterable[Symbol]) -> None:
        for symbol in symbols:
            assert symbol.span.covers(symbol.focus)
            assert all(symbol.span.covers(child.span) for child in symbol.children)
            check(symbol.children)

    for text in (MODULE, MODULE.replace("endmodule", ""), MODULE.replace(";", " ", 7)):
        at = parse_fixture(text)
        check(document_symbols(at.snapshot(), at.file))


def test_every_declaration_has_an_icon() -> None:
    """No kind of declaration falls back to the default icon by accident."""
    assert {kind.value for kind in DeclKind} == set(KIND_OF_DECLARATION)


def test_workspace_symbols() -> None:
    """A few letters find declarations of any file, the best first, with their container."""
    at = parse_fixture(
        "//- /a.sv\npackage apkg; typedef logic [3:0] nibble_t; endpackage\n//- /top.sv" + MODULE
    )
    found = workspace_symbols(at.snapshot(), "nib")
    assert [(one.symbol.name, one.path, one.container) for one in found] == snapshot(
        [("nibble_t", "/a.sv", "apkg")]
    )
    assert workspace_symbols(at.snapshot(), "zzz") == ()


def test_folds() -> None:
    """Blocks, comments and conditional code fold by whole lines."""
    at = parse_fixture(
        """
        // one
        // two
        module m;
          always_comb begin
            a = 1;
          end
        `ifdef X
          logic x;
        `endif
        endmodule
        """
    )
    found = folding(at.snapshot(), at.file)
    assert [(one.start_line0, one.end_line0, one.kind) for one in found] == snapshot(
        [(0, 1, "comment"), (2, 9, ""), (3, 5, ""), (6, 7, "region")]
    )


def test_include_links() -> None:
    """An include whose file is known is a link on the path without quotes."""
    at = parse_fixture(
        '//- /a.svh\n// a\n//- /top.sv\n`include "a.svh"\n`include "ghost.svh"\nmodule top; endmodule\n'
    )
    (link,) = document_links(at.snapshot(), at.file_of("/top.sv"))
    text = at.snapshot().text(at.file_of("/top.sv"))
    assert text is not None
    assert text.slice(link.span) == "a.svh"
    assert link.path == "/a.svh"
