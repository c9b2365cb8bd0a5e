"""Every deterministic feature at every offset of broken texts: nothing raises, nothing points outside."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hdl_lsp.features.completion import completion
from hdl_lsp.features.definition import definition, implementation, type_definition
from hdl_lsp.features.diagnostics import diagnostics
from hdl_lsp.features.document_links import document_links
from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.features.folding import folding
from hdl_lsp.features.highlights import highlights
from hdl_lsp.features.hover import hover
from hdl_lsp.features.inactive_regions import inactive_regions
from hdl_lsp.features.linked_editing import linked_editing
from hdl_lsp.features.references import lexical_references
from hdl_lsp.features.selection_ranges import selection_ranges
from hdl_lsp.features.semantic_tokens import reader
from hdl_lsp.features.signature_help import signature_help
from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.presentation.symbols import Symbol
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import Fixture, parse_fixture

SWEEPS = Path(__file__).parent.parent / "golden" / "sweep"

BROKEN = """
`include "ghost.svh
`define LONG(a, b \\
  a + b
`ifdef X
package p; typedef enum { A, B = `LONG(1, } e; typedef struct { e f; } s_t
module m import p::*, ; #(parameter W = , type T) (input s_t s, output logic [W-1:0 o, é);
  logic \\escaped+name , x = "unterminated
  assign o = s.f.g. ; assign p:: = x::y::z;
  sub #(.W(3), .) u_sub (.a(x), .b, .c(, .d(p::
  function f(input a; return f(a, ;
  always_comb begin case (s.f) A: begin end B: if (x ==
  end foo(.a(1), ; class c extends ; this.super.x = new(; endclass
  '0 32'hzz 4'd99 $bogus( $display("%d", \u2028
/* open
"""


def inside(text: SourceText | None, where: Span) -> bool:
    """*where* lies in the text."""
    return text is not None and 0 <= where.start <= where.end <= text.size_bytes


def check_targets(world: Snapshot, targets: tuple[NavTarget, ...]) -> None:
    """Every target lies in its file."""
    for target in targets:
        file = world.table.find(target.path)
        assert file is not None
        assert inside(world.text(file), target.focus)
        assert inside(world.text(file), target.full)
        assert target.full.covers(target.focus)


def check_at(world: Snapshot, file: FileId, offset: int) -> None:
    """All features that are asked at an offset."""
    text = world.text(file)
    assert text is not None
    shown = hover(world, file, offset)
    assert shown is None or (inside(text, shown.span) and shown.span.contains(offset))
    for navigate in (definition, type_definition, implementation, lexical_references):
        check_targets(world, navigate(world, file, offset))
    assert all(inside(text, one.span) for one in highlights(world, file, offset))
    assert all(inside(text, one) for one in linked_editing(world, file, offset))
    steps = selection_ranges(world, file, offset)
    assert all(inside(text, one) and one.contains(offset) for one in steps)
    assert all(outer.covers(inner) for inner, outer in pairwise(steps))
    for item in completion(world, file, offset).items:
        assert item.label
        assert inside(text, item.replace)
        assert item.replace.contains(offset)
        assert text.line_of(item.replace.start) == text.line_of(item.replace.end)
    signatures = signature_help(world, file, offset)
    if signatures is not None:
        active = signatures.signatures[signatures.active_signature]
        assert signatures.active_parameter is None or (
            0 <= signatures.active_parameter < len(active.parameters)
        )


def check_file(world: Snapshot, file: FileId) -> None:
    """All features that are asked about a file."""

    def check_symbol(symbol: Symbol) -> None:
        assert inside(text, symbol.span)
        assert symbol.span.covers(symbol.focus)
        for child in symbol.children:
            check_symbol(child)

    text = world.text(file)
    assert text is not None
    for symbol in document_symbols(world, file):
        check_symbol(symbol)
    for fold in folding(world, file):
        assert 0 <= fold.start_line0 < fold.end_line0 < text.line_count
    assert all(inside(text, link.span) for link in document_links(world, file))
    last = 0
    for token in reader(world, file).read(text.full_span()):
        assert last <= token.start < token.end <= text.size_bytes
        last = token.end
    assert all(inside(text, one) for one in inactive_regions(world, file) or ())
    for facts in (None, world.facts(file)):
        assert all(inside(text, one.span) for one in diagnostics(world, file, facts))


def check(at: Fixture, world: Snapshot, *, step: int = 1) -> None:
    """Everything, at every *step*-th offset of the fixture's file."""
    text = world.text(at.file)
    assert text is not None
    check_file(world, at.file)
    for offset in range(0, text.size_bytes + 1, step):
        check_at(world, at.file, offset)


def test_broken_text() -> None:
    """A text in which everything is wrong that can be."""
    at = parse_fixture(BROKEN)
    check(at, at.snapshot())


def test_broken_text_without_facts() -> None:
    """The same while slang says nothing."""
    at = parse_fixture(BROKEN)
    check(at, replace(at.snapshot(), known_facts={}))


def test_facts_of_a_longer_text() -> None:
    """Facts of a text that was much longer point nowhere outside."""
    at = parse_fixture((SWEEPS / "verilog.sv").read_text(encoding="utf-8"))
    longer = at.snapshot()
    facts = longer.facts(at.file)
    assert facts is not None
    short = parse_fixture("//- /uart.v\nmodule uart_tx(clk, tx); input clk; tx = cou")
    check(short, replace(short.snapshot(), known_facts={short.file: facts}))


@pytest.mark.parametrize("case", ["arbiter", "classes", "verilog"])
def test_cut_off_design(case: str) -> None:
    """Each design cut off in the middle of its last file, every third offset."""
    whole = (SWEEPS / f"{case}.sv").read_text(encoding="utf-8")
    at = parse_fixture(whole[: len(whole) * 4 // 5])
    last = [path for path in at.files if not path.endswith(".toml")][-1]
    world = at.snapshot()
    file = at.table.id_of(last)
    text = world.text(file)
    assert text is not None
    check_file(world, file)
    for offset in range(0, text.size_bytes + 1, 3):
        check_at(world, file, offset)


def test_offsets_outside_the_text() -> None:
    """Offsets that are no more in the text are clamped, not believed."""
    at = parse_fixture("module m; endmodule\n")
    for feature in (hover, definition, completion, signature_help, highlights):
        feature(at.snapshot(), at.file, 10_000)
        feature(at.snapshot(), at.file, -5)


def test_file_that_was_never_read() -> None:
    """A file without a text has no answers."""
    at = parse_fixture("module m; endmodule\n")
    world = at.snapshot()
    ghost = world.table.id_of("/ghost.sv")
    assert hover(world, ghost, 0) is None
    assert definition(world, ghost, 0) == ()
    assert completion(world, ghost, 0).items == ()
    assert document_symbols(world, ghost) == ()
    assert folding(world, ghost) == ()
    assert selection_ranges(world, ghost, 0) == ()
    assert linked_editing(world, ghost, 0) == ()
    assert inactive_regions(world, ghost) is None
    assert diagnostics(world, ghost, None) == ()


PIECES = st.sampled_from(
    [
        "module m(", "input logic a", ");", "endmodule", "assign ", " = ", "a", ".", "::", "pkg", "sub u (", "#(",
        "begin", "end", "case (", "endcase", "`define M(x) x", "`M(", "$bits(", "\n", '"', "//", "/*", "*/", "[", "]",
        "typedef enum {", "}", ";", ",", "class c", "this", "4'hf", "'", "é", "\\esc ", '`include "', "function f(",
    ]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=25))
def test_any_text(pieces: list[str]) -> None:
    """Any order of pieces of SystemVerilog, without slang's elaboration."""
    at = Fixture({"/main.sv": " ".join(pieces)}, None, (), ())
    check(at, replace(at.snapshot(), known_facts={}), step=3)
