"""The next line of a visible series."""

from __future__ import annotations

import pytest

from hdl_lsp.computed.series import series
from tests.support.computed import suggested


def check(
    lines: str, *expected: str, before: str = "  logic [63:0] a, b, c, d, q, s, x;\n"
) -> None:
    """What is suggested in a module with *lines* after declarations *before*."""
    fixture = f"module m;\n{before}{lines}\nendmodule\n"
    assert suggested(series, fixture) == expected


@pytest.mark.parametrize(
    ("one", "two", "three"),
    [
        ("assign a[0] = b[0];", "assign a[1] = b[1];", "assign a[2] = b[2];"),
        ("localparam A1 = 1;", "localparam A2 = 2;", "localparam A3 = 3;"),
        ("wire y9 = x[9];", "wire y10 = x[10];", "wire y11 = x[11];"),
        ("assign q[7] = d[0];", "assign q[6] = d[1];", "assign q[5] = d[2];"),
        ("wire r01 = s;", "wire r02 = s;", "wire r03 = s;"),
        ("assign a[7:0] = b[0];", "assign a[15:8] = b[1];", "assign a[23:16] = b[2];"),
        ("localparam R0 = 12'h00C;", "localparam R1 = 12'h010;", "localparam R2 = 12'h014;"),
        (
            "localparam X = 8'b0000_0001;",
            "localparam X = 8'b0000_0010;",
            "localparam X = 8'b0000_0011;",
        ),
        ("localparam X = 32'hFFFF_FFFE;", "localparam X = 32'hFFFF_FFFF;", ""),
        ("localparam X = 2'd2;", "localparam X = 2'd3;", ""),
    ],
)
def test_third_line_of_two(one: str, two: str, three: str) -> None:
    """Numbers grow by the step of the two lines before, spelt as they are; a literal does not outgrow its width."""
    check(f"  {one}\n  {two}\n  <|>", *([three] if three else []))


def test_any_step_after_three_lines() -> None:
    """A step of 3 may be chance after two lines, and is none after three."""
    check("  assign a = 3;\n  assign a = 6;\n  <|>")
    check("  assign a = 3;\n  assign a = 6;\n  assign a = 9;\n  <|>", "assign a = 12;")
    check("  assign a = 3;\n  assign a = 6;\n  assign a = 7;\n  <|>")


def test_letters_after_three_lines() -> None:
    """Single letters count too, but not past z."""
    check("  wire in_a;\n  wire in_b;\n  wire in_c;\n  <|>", "wire in_d;")
    check("  wire in_x;\n  wire in_y;\n  wire in_z;\n  <|>")


def test_lines_that_repeat_together() -> None:
    """Two statements for each number: the first of the next pair."""
    check(
        "  assign a[0] = x;\n  assign b[0] = s;\n  assign a[1] = x;\n  assign b[1] = s;\n  <|>",
        "assign a[2] = x;",
    )


def test_rest_of_a_line_that_is_begun() -> None:
    """What is typed stays, if the series goes on so."""
    check("  assign a[0] = b[0];\n  assign a[1] = b[1];\n  assign a<|>", "[2] = b[2];")
    check("  assign a[0] = b[0];\n  assign a[1] = b[1];\n  assign c<|>")


def test_stops_at_the_bound_of_an_array() -> None:
    """Where an array has two elements there is no third line."""
    check(
        "  assign a[0] = b[0];\n  assign a[1] = b[1];\n  <|>",
        before="  logic [63:0] a;\n  logic [1:0] b;\n",
    )
    check(
        "  assign a[0] = b[0];\n  assign a[1] = b[1];\n  <|>",
        "assign a[2] = b[2];",
        before="  localparam N = 3;\n  logic [63:0] a;\n  logic [N-1:0] b;\n",
    )


def test_line_that_stands_below_is_not_written_again() -> None:
    """The cursor is between two lines of the series."""
    check("  assign a[0] = b[0];\n  assign a[1] = b[1];\n  <|>\n  assign a[2] = b[2];")


def test_no_series_in_other_lines() -> None:
    """Lines that differ in more than numbers, equal lines, and one line alone show nothing."""
    check("  assign a[0] = b[0];\n  assign c[1] = b[1];\n  <|>")
    check("  assign a[0] = b[0];\n  assign a[0] = b[0];\n  <|>")
    check("  assign a[0] = b[0];\n  <|>")
    check("  assign a[0] = b[0];\n\n  assign a[1] = b[1];\n  <|>")


def test_columns_give_way_to_longer_numbers() -> None:
    """A number that grows takes the blank that stood for it."""
    check("  wire a8   = x;\n  wire a9   = x;\n  <|>", "wire a10  = x;")
    check(
        "  assign a[ 7: 0] = b[0];\n  assign a[15: 8] = b[1];\n  <|>",
        "assign a[23:16] = b[2];",
    )


def test_comments_are_not_copied() -> None:
    """What is said of one line is not said of the next."""
    check("  wire a0;  // first\n  wire a1;  // second\n  <|>", "wire a2;")
    check("  // 1\n  // 2\n  // <|>")
