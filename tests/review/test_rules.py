"""The rules of our own: what they find, and what they must leave alone."""

from __future__ import annotations

import pytest

from hdl_lsp.review.broken_series import broken_series
from hdl_lsp.review.findings import Finding
from hdl_lsp.review.unreset_register import unreset_registers
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.source import SourceText

HEAD = "module m (input logic clk_i, input logic rst_ni, input logic [3:0] d_i);\n"


def unreset(body: str) -> tuple[Finding, ...]:
    """Findings of the rule in a module with *body*."""
    return unreset_registers(parse(SourceText.of(HEAD + body + "\nendmodule\n")), "/m.sv")


def series(text: str) -> tuple[Finding, ...]:
    """Findings of the rule in *text*."""
    return broken_series(SourceText.of(text), "/m.sv")


def clocked(reset: str, run: str, event: str = "posedge clk_i or negedge rst_ni") -> str:
    """A block with a reset branch."""
    return (
        f"always_ff @({event}) begin\n"
        f"  if (!rst_ni) begin\n{reset}\n  end else begin\n{run}\n  end\nend"
    )


def test_a_register_left_out_of_an_asynchronous_reset() -> None:
    """The reset becomes its enable; evidence is the condition of the reset branch."""
    (found,) = unreset(clocked("a_q <= '0;", "a_q <= d_i;\n b_q <= a_q;"))
    assert found.severity is Severity.WARNING
    assert "'b_q'" in found.message
    assert found.line_text == "b_q <= a_q;"
    assert found.evidence[0].fact == "the reset branch at line 3 sets 'a_q'"


def test_every_register_is_said_once() -> None:
    """Two assignments of one register, in branches of any depth, are one finding."""
    found = unreset(
        clocked("a_q <= 0;", "a_q <= 1; if (d_i[0]) b_q <= 1; else if (d_i[1]) begin b_q <= 0; end")
    )
    assert [f.message.split("'")[1] for f in found] == ["b_q"]


def test_else_if_branches_count() -> None:
    """A register that only a later branch of the chain assigns is found."""
    found = unreset(
        "always_ff @(posedge clk_i, negedge rst_ni)\n"
        "  if (~rst_ni) a_q <= 0; else if (d_i[0]) a_q <= 1; else c_q <= 1;"
    )
    assert ["'c_q'" in f.message for f in found] == [True]


@pytest.mark.parametrize(
    "body",
    [
        clocked("a_q <= 0; b_q <= 0;", "a_q <= d_i; b_q <= a_q;"),
        clocked("mem_q <= 0;", "mem_q[idx][k] <= d_i;"),  # subscripts are no registers
        clocked("for (int i = 0; i < 4; i++) mem_q[i] <= 0;", "mem_q[d_i] <= 1;"),
        clocked("{a_q, b_q} <= 0;", "a_q <= 1; b_q <= 1;"),
        clocked("s_q <= '0;", "s_q.valid <= 1;"),
        "always_ff @(posedge clk_i) b_q <= d_i;",
        "always_ff @(posedge clk_i) if (d_i[0]) a_q <= 0; else b_q <= 1;",  # no reset
        "always_ff @(posedge clk_i) if (reset_value) a_q <= 0; else b_q <= 1;",
        "always_ff @(posedge clk_i) begin b_q <= 0; if (!rst_ni) a_q <= 0; else b_q <= 1; end",
        "always_comb if (!rst_ni) a = 0; else b = 1;",
        "always_ff @(posedge clk_i or negedge rst_ni) if (!rst_ni) ; else b_q <= 1;",
        clocked("a_q <= 0;", "a_q <= d_i;\n b_q <= a_q;", "posedge clk_i"),  # usual for data
        "always_ff @(posedge clk_i or negedge rst_ni) if (!rst_ni) begin a_q <=",
    ],
)
def test_registers_that_need_no_word(body: str) -> None:
    """Complete resets, blocks without one, data under a synchronous reset, and broken text."""
    assert unreset(body) == ()


def test_one_of_many_under_a_synchronous_reset_is_mentioned() -> None:
    """Where all the others are reset the one that is not may be forgotten: information, not a warning."""
    reset = "a_q <= 0; b_q <= 0; c_q <= 0;"
    run = "a_q <= 1; b_q <= 1; c_q <= 1; d_q <= 1;"
    (found,) = unreset(clocked(reset, run, "posedge clk_i"))
    assert found.severity is Severity.INFORMATION
    assert "'d_q'" in found.message
    assert unreset(clocked(reset, run + " e_q <= 1;", "posedge clk_i")) == ()


def test_a_copied_line_breaks_the_series() -> None:
    """The number of the neighbour was left as it was."""
    (found,) = series(
        "assign y[0] = x[0];\nassign y[1] = x[1];\nassign y[2] = x[1];\nassign y[3] = x[3];\n"
    )
    assert found.line_text == "assign y[2] = x[1];"
    assert "2 would follow" in found.message


def test_any_odd_number_inside_a_long_series() -> None:
    """In six lines one that differs is noticed, comments and blanks aside."""
    lines = [f"  assign y[{n}] = x[{n + 8}];  // bit {n}" for n in range(6)]
    lines[3] = "  assign  y[3] = x[21];"
    (found,) = series("\n".join(lines))
    assert found.line_text == "assign  y[3] = x[21];"


@pytest.mark.parametrize(
    "lines",
    [
        [f"assign y[{n}] = x[{n}];" for n in range(8)],
        [f"assign y[{n}] = x[{7 - n}];" for n in range(8)],
        [f"assign y[{n}] = x[{n * n}];" for n in range(8)],
        ["assign y[0] = x[0];", "assign y[1] = x[0];", "assign y[2] = x[2];"],  # too short
        [f"assign y[{n}] = x[{v}];" for n, v in enumerate((0, 3, 2, 1))],  # a permutation
        [f"assign y[{n}] = x[{v}];" for n, v in enumerate((0, 1, 2, 3, 4, 5, 9))],  # last one
        [f"assign y[{n}] = x[5];" for n in range(6)],
        ["8'd1,", "8'd2,", "8'd2,", "8'd4,"],
        [f"assign y[{n}] = 8'b{n:08b}1111;" for n in range(8)],
        [""] * 9,
    ],
)
def test_series_that_need_no_word(lines: list[str]) -> None:
    """Even counts, other progressions, permutations, data tables and short runs."""
    assert series("\n".join(lines)) == ()
