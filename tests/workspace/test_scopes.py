"""Which declaration of one file a name means at an offset."""

from __future__ import annotations

from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.workspace.members import type_name
from hdl_lsp.workspace.scopes import (
    FILE_SCOPE,
    container_name,
    find_local,
    imports_at,
    may_mean,
    named_in,
    scope_chain,
    scope_of,
)
from tests.support.fixture import parse_fixture

TEXT = """
package p; localparam int A = 1; endpackage
module m import p::*; #(parameter int W = 1) (input logic a);
  import q::b;
  typedef enum { Red, Green } colour_e;
  typedef struct { logic field; } s_t;
  always_comb begin : blk
    logic a;
    a = <|>1;
  end
endmodule
"""


def names_around() -> tuple[list[str], list[str]]:
    """Scopes and imports at the cursor."""
    at = parse_fixture(TEXT)
    summary = summarise(at.source)
    chain = scope_chain(summary, at.offset)
    scopes = [summary.decls[i].name if i >= 0 else "file" for i in chain]
    return scopes, [f"{i.package}::{i.item}" for i in imports_at(summary, at.offset)]


def test_chain_and_imports() -> None:
    """Scopes from the inside out; single imports before wildcards."""
    assert names_around() == (["blk", "m", "file"], ["q::b", "p::*"])


def test_innermost_wins() -> None:
    """Inside the block the block's variable is meant, outside the port."""
    at = parse_fixture(TEXT)
    summary = summarise(at.source)
    inner = find_local(summary, at.offset, "a")
    assert [container_name(summary, i) for i in inner] == ["blk"]
    outer = find_local(summary, summary.decls[inner[0]].span.start - 60, "a")
    assert [container_name(summary, i) for i in outer] == ["m"]
    assert not may_mean(summary, outer[0], at.offset)
    assert may_mean(summary, inner[0], at.offset)


def test_enum_members_belong_to_the_scope_around() -> None:
    """Enum members are visible where their typedef is, fields nowhere without a dot."""
    summary = summarise(parse_fixture(TEXT).source)
    module = next(i for i, d in enumerate(summary.decls) if d.name == "m")
    assert named_in(summary, module, "Green")
    assert not named_in(summary, module, "field")
    field = next(i for i, d in enumerate(summary.decls) if d.name == "field")
    assert scope_of(summary, field) < FILE_SCOPE


def test_type_names() -> None:
    """The user's type in a type as written; nothing in built-in ones."""
    assert type_name("input ibex_pkg::alu_op_e [3:0]") == ("ibex_pkg", "alu_op_e")
    assert type_name("word_t") == ("word_t",)
    assert type_name("virtual bus_if.host") == ("bus_if",)
    assert type_name("cfg#(.T(int)) ") == ("cfg",)
    assert type_name("logic signed [Width-1:0]") == ()
