"""Where no suggestion is made, for whom, and the reason."""

from __future__ import annotations

import pytest

from hdl_lsp.context.when_silent import ALWAYS, Silence, why_silent
from hdl_lsp.text.source import Offset
from tests.support.fixture import parse_fixture


def check(fixture: str, expected: Silence | None) -> None:
    """*expected* is the reason at the cursor; who asks by key gets it only where it always holds."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    assert why_silent(snapshot, at.file, at.offset, is_asked=False) is expected
    asked = expected if expected in ALWAYS else None
    assert why_silent(snapshot, at.file, at.offset, is_asked=True) is asked


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("assi<|>gn y = a;", Silence.IN_WORD),
        ("assign y = sig<|>nal;", Silence.IN_WORD),
        ("assign y = 8'h<|>ff;", Silence.IN_WORD),
        ('initial $display("a <|>");', Silence.IN_STRING),
        ('initial $display("a <|>', Silence.IN_STRING),
        ('`include "prim_<|>"', Silence.IN_INCLUDE),
        ('`include "<|>', Silence.IN_INCLUDE),
        ("assign y = 4<|>", Silence.IN_NUMBER),
        ("assign y = 4'<|>", Silence.IN_NUMBER),
        ("assign y = 32'hdead_<|>", Silence.IN_NUMBER),
        ("assign y = <|>a;", Silence.BEFORE_CODE),
        ("<|>assign y = a;", Silence.BEFORE_CODE),
        ("assign y = a <|> & b;", Silence.BEFORE_CODE),
        ("assign y = a;<|>", Silence.AFTER_STATEMENT),
        ("assign y = a;  <|>", Silence.AFTER_STATEMENT),
        ("always_comb begin y = a; <|> // why", Silence.AFTER_STATEMENT),
        ("`define MUX(s, a, b) (s ? <|>", Silence.IN_DEFINE),
        ("`define MUX(s, a, b) \\\n  (s ? <|>", Silence.IN_DEFINE),
        ("`ifdef NEVER\n  assign y = <|>\n`endif", Silence.INACTIVE),
    ],
)
def test_where_nothing_is_suggested(line: str, expected: Silence) -> None:
    """Each reason, at places that an engineer passes while typing."""
    check(f"module m(input logic a, b, output logic y);\n  {line}\nendmodule\n", expected)


@pytest.mark.parametrize(
    "line",
    [
        "<|>",
        "assign y = <|>",
        "assign y = a<|>",
        "assign y = (a<|>);",
        "fifo u_fifo (.clk_i(<|>), ",
        "fifo u_fifo (.clk_i(a), <|>",
        "// the counter <|>",
        "assign y = a; // the <|>",
        "always_comb begin <|>",
        "always_comb begin y = a; end <|>",
        "for (genvar i = 0; <|>",
        "for (genvar i = 0;<|>)",
        "`ifndef NEVER\n  assign y = <|>\n`endif",
        "assign y = `MA<|>",
    ],
)
def test_where_something_may_be_suggested(line: str) -> None:
    """At the end of a line, before closing brackets, in a comment, in the head of a loop."""
    check(f"module m(input logic a, b, output logic y);\n  {line}\nendmodule\n", None)


def test_a_file_nobody_knows() -> None:
    """Silence, not an error."""
    at = parse_fixture("module m; endmodule")
    other = at.table.id_of("/other.sv")
    for is_asked in (False, True):
        reason = why_silent(at.snapshot(), other, Offset(0), is_asked=is_asked)
        assert reason is Silence.UNKNOWN_FILE


def test_every_offset_of_broken_text() -> None:
    """An answer for every byte, characters cut and outside the file included."""
    at = parse_fixture("module é;\r\n`define A(\\\n \"ü\n/* 電 <|>\nassign y = `A(8'h;;")
    for offset in range(-2, at.source.size_bytes + 3):
        reason = why_silent(at.snapshot(), at.file, Offset(offset), is_asked=False)
        assert reason is None or reason in Silence
