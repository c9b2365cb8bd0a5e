"""What stands right of the cursor or below it is not said again."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.drop_suffix_overlap import drop_suffix_overlap
from tests.support.candidates import check


@pytest.mark.parametrize(
    ("context", "written", "expected"),
    [
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "x));", "x"),
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "x", "x"),
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "f(x)", "f(x)"),
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "f(x)));", "f(x)"),
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "));", None),
        ("module m;\n  assign y = <|> // the sum\nendmodule\n", "a; // the sum", "a;"),
        ("module m;\n  assign y = <|> & b;\nendmodule\n", "a & b;", "a"),
    ],
)
def test_the_rest_of_the_line(context: str, written: str, expected: str | None) -> None:
    """The end of a candidate that stands right of the cursor goes; a bracket of its own stays."""
    check(drop_suffix_overlap, context, written, expected)


@pytest.mark.parametrize(
    ("context", "written", "expected"),
    [
        ("module m;\n  <|>\n  assign y = a;\nendmodule\n", "wire t;\n  assign y = a;", "wire t;"),
        ("module m;\n  <|>\n  assign y = a;\nendmodule\n", "assign y = a;", None),
        ("module m;\n  <|>\nendmodule\n", "wire t;\n  wire u;", "wire t;\n  wire u;"),
        ("module m;\n  <|>\n  assign  y=a; // why\nendmodule\n", "assign y = a;", None),
        ("module m;\n  assign<|>\n  assign y = a;\nendmodule\n", " y = a;", None),
        ("module m;\n  <|>\n\n  // note\n  assign y = a;\nendmodule\n", "assign y = a;", None),
        (
            "module m;\n  <|>\n  assign y = a;\n  assign z = b;\nendmodule\n",
            "wire t;\n  assign y = a;\n  assign z = b;",
            "wire t;",
        ),
    ],
)
def test_the_lines_below(context: str, written: str, expected: str | None) -> None:
    """From the line on that the file has next, nothing is left."""
    check(drop_suffix_overlap, context, written, expected)


@pytest.mark.parametrize(
    ("below", "written", "expected"),
    [
        ("assign y = a & b;", "assign y = a;", None),
        ("q <= d;", "r <= e;\n  q <= e;", "r <= e;"),
        ("assign y[1] = x[1];", "assign y[0] = x[0];", "assign y[0] = x[0];"),
        ("logic [3:0] state;", "logic state;", None),
        ("logic [3:0] other;", "logic state;", "logic state;"),
        ("IDLE: q = 1;", "BUSY: q = 1;", "BUSY: q = 1;"),
        ("if (a <= 1) q = 1;", "if (a <= 2) q = 2;", "if (a <= 2) q = 2;"),
    ],
)
def test_the_next_line_written_otherwise(below: str, written: str, expected: str | None) -> None:
    """A line that sets what the next line sets is that line over again."""
    context = f"module m;\n  <|>\n  {below}\nendmodule\n"
    check(drop_suffix_overlap, context, written, expected)


def test_ports_that_are_connected_below() -> None:
    """In a port map any of the next lines counts, whatever is connected there."""
    context = "module m;\n  foo u (\n    <|>\n    .b(x),\n    .c(y)\n  );\nendmodule\n"
    check(drop_suffix_overlap, context, ".a(w),\n    .c(z),", ".a(w),")


def test_ends_of_blocks_are_not_looked_at() -> None:
    """Whose `end` it is, the same word below does not tell."""
    context = "module m;\n  initial begin\n    <|>\n  end\nendmodule\n"
    block = "if (a) begin\n      b = 1;\n    end"
    check(drop_suffix_overlap, context, block, block)


def test_a_port_that_is_being_connected() -> None:
    """The port at the cursor is not one that is connected already, nor are those of the next instance."""
    context = "module m;\n  foo u (\n    .a(x),\n    .b <|>\n  );\nendmodule\n"
    check(drop_suffix_overlap, context, "(y)\n  );", "(y)\n  );")
    context = "module m;\n  foo u (\n    .a(x),\n    <|>\n"
    two = ".b(y)\n  );\n  foo v (\n    .a(x),\n    .b(z)\n  );"
    check(drop_suffix_overlap, context, two, two)
    check(drop_suffix_overlap, context, ".a(y),", None)


def test_rows_of_a_table_may_be_equal() -> None:
    """Only what sets something is said once."""
    context = (
        "package p;\n  parameter int T[4] = '{\n    <|>\n    32'h0,\n    32'h0\n  };\nendpackage\n"
    )
    check(drop_suffix_overlap, context, "32'h0,", "32'h0,")
