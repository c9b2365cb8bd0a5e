"""Columns of a candidate follow the lines next to it."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.align_columns import align_columns
from tests.support.candidates import check


def in_module(lines: str) -> str:
    """*lines* in a module, with the cursor's mark among them."""
    return f"module m;\n{lines}\nendmodule\n"


ALIGNED_PORTS = "  fifo u_fifo (\n    .clk_i    (clk_i),\n    .rst_ni   (rst_ni),\n    <|>\n  );"
NARROW_PORTS = "  fifo u_fifo (\n    .clk_i(clk_i),\n    .rst_ni(rst_ni),\n    <|>\n  );"


@pytest.mark.parametrize(
    ("around", "written", "expected"),
    [
        (ALIGNED_PORTS, ".data_i(d),", ".data_i   (d),"),
        (ALIGNED_PORTS, ".data_i  (d),\n    .q(q)", ".data_i   (d),\n    .q        (q)"),
        (ALIGNED_PORTS, ".a_much_longer_port(d),", ".a_much_longer_port(d),"),
        (ALIGNED_PORTS, ".valid_i,", ".valid_i,"),
        (NARROW_PORTS, ".data_i   (d),", ".data_i(d),"),
        (NARROW_PORTS, ".data_i(d),", ".data_i(d),"),
        ("  fifo u_fifo (\n    <|>\n  );", ".data_i   (d),", ".data_i   (d),"),
        (
            "  fifo u_fifo (\n    .clk_i    (clk_i),\n    .r<|>\n  );",
            "st_ni(rst_ni),",
            "st_ni   (rst_ni),",
        ),
    ],
)
def test_port_maps(around: str, written: str, expected: str) -> None:
    """The bracket of a connection stands where those above stand, or close, as they do."""
    check(align_columns, in_module(around), written, expected)


@pytest.mark.parametrize(
    ("around", "written", "expected"),
    [
        (
            "  assign a      = b;\n  assign abc    = c;\n  <|>",
            "assign ab = d;",
            "assign ab     = d;",
        ),
        ("  assign a = b;\n  assign abc = c;\n  <|>", "assign ab   = d;", "assign ab = d;"),
        (
            "  always_ff @(posedge c) begin\n    q     <= d;\n    valid <= 1;\n    <|>\n  end",
            "r <= e;\n    s[1] <= f;",
            "r     <= e;\n    s[1]  <= f;",
        ),
        (
            "  assign a = b;\n  assign c = d;\n  <|>",
            "assign e   = f;\n  assign abc = g;",
            "assign e   = f;\n  assign abc = g;",
        ),
        ("  foo u (\n    .a    (b)\n  );\n  foo v (\n    <|>\n  );", ".a(b)", ".a(b)"),
        ("  assign a      = b;\n\n  <|>", "assign ab = d;", "assign ab = d;"),
        ("  assign valid  = b;\n  assign a      <|>\n", "= d;", "= d;"),
        ("  assign valid  = b;\n  assign a<|>\n", " = d;", "      = d;"),
        ("  assign valid  = b;\n  <|>\n", "if (a == b) c();", "if (a == b) c();"),
        ("  assign a      = b;\n  <|>", "    q <= d;", "    q <= d;"),
    ],
)
def test_assignments(around: str, written: str, expected: str) -> None:
    """The operator stands where those of lines of the same kind stand; an empty line parts them."""
    check(align_columns, in_module(around), written, expected)


@pytest.mark.parametrize(
    ("around", "written", "expected"),
    [
        (
            "  logic        a;\n  logic [7:0]  b;\n  <|>",
            "logic [15:0] c;",
            "logic [15:0] c;",
        ),
        ("  logic        a;\n  logic [7:0]  b;\n  <|>", "logic d;", "logic        d;"),
        ("  logic a;\n  logic [7:0] b;\n  <|>", "logic         d;", "logic d;"),
        ("  logic [3:0]   a;\n  state_e       b;\n  <|>", "foo_t d;", "foo_t         d;"),
        (
            "  logic        a;\n  logic [7:0]  b;\n  <|>",
            "return d;",
            "return d;",
        ),
    ],
)
def test_declarations(around: str, written: str, expected: str) -> None:
    """Names stand in the column of the names above."""
    check(align_columns, in_module(around), written, expected)


def test_ports_of_a_module() -> None:
    """In a header, too."""
    context = (
        "module m (\n  input  logic       clk_i,\n  input  logic [3:0] a_i,\n  <|>\n);\nendmodule\n"
    )
    check(align_columns, context, "output logic b_o", "output logic       b_o")


def test_line_ends_are_kept() -> None:
    """A CRLF file gets CRLF."""
    context = in_module(NARROW_PORTS).replace("\n", "\r\n")
    check(align_columns, context, ".a (b),\r\n    .c(d)", ".a(b),\r\n    .c(d)")
