"""Line ends, tabs and steps of indentation are the file's own."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.reindent import reindent
from tests.support.candidates import check

TWO = "module m;\n  initial begin\n    a = 1;\n    <|>\n  end\nendmodule\n"
FOUR = "module m;\n    initial begin\n        a = 1;\n        <|>\n    end\nendmodule\n"
TABS = "module m;\n\tinitial begin\n\t\ta = 1;\n\t\t<|>\n\tend\nendmodule\n"


@pytest.mark.parametrize(
    ("context", "written", "expected"),
    [
        (TWO, "if (a) begin\n      b = 1;\n    end", "if (a) begin\n      b = 1;\n    end"),
        (TWO, "if (a) begin\n  b = 1;\nend", "if (a) begin\n      b = 1;\n    end"),
        (TWO, "if (a) begin\n        b = 1;\n    end", "if (a) begin\n      b = 1;\n    end"),
        (FOUR, "if (a) begin\n  b = 1;\nend", "if (a) begin\n            b = 1;\n        end"),
        (TABS, "if (a) begin\n    b = 1;\nend", "if (a) begin\n\t\t\tb = 1;\n\t\tend"),
        (TABS, "if (a) begin\n\t\t\tb = 1;\n\t\tend", "if (a) begin\n\t\t\tb = 1;\n\t\tend"),
        (TWO, "b = 1;\nc = 2;", "b = 1;\n    c = 2;"),
        (TWO, "b = 1;\n\n      c = 2;  ", "b = 1;\n\n    c = 2;"),
    ],
)
def test_blocks(context: str, written: str, expected: str) -> None:
    """What follows stands where its block wants it, in the file's steps and with its tabs."""
    check(reindent, context, written, expected)


@pytest.mark.parametrize(
    "written",
    [
        "b = c +\n        d;",
        "foo(a,\n        b);",
        "case (a)\n    1: b = 1;\n    endcase",
        "case (a)\n      1: b = 1;\n    endcase",
        "if (a)\n      b = 1;",
    ],
)
def test_what_is_aligned_is_left(written: str) -> None:
    """Lines in the middle of a statement, and the items of a `case`, stand as the model has put them."""
    check(reindent, TWO, written, written)


def test_a_line_that_ends_what_stands_above() -> None:
    """After `if (a)` on the line above, the next statement stands further left."""
    context = "module m;\n  initial begin\n    if (a)\n      <|>\n  end\nendmodule\n"
    written = "b = 1;\n    else\n      c = 1;"
    check(reindent, context, written, written)


def test_at_column_0_the_first_line_s_own_blanks_count() -> None:
    """There the model writes the indentation."""
    context = "module m;\n  wire a;\n<|>\nendmodule\n"
    written = "  always_comb begin\n    a = 1;\n  end"
    check(reindent, context, written, written)


def test_line_ends() -> None:
    """CRLF files get CRLF; blanks at line ends and those the cursor stands after already go."""
    check(reindent, TWO.replace("\n", "\r\n"), "b = 1; \n    c = 2;", "b = 1;\r\n    c = 2;")
    check(reindent, TWO, "  b = 1;", "b = 1;")
    check(reindent, TWO, "  ", None)


def test_tabs_without_neighbours() -> None:
    """The cursor's own line is enough."""
    context = "module m;\n\t<|>\nendmodule\n"
    check(
        reindent,
        context,
        "initial begin\n        $finish;\n    end  ",
        "initial begin\n\t\t$finish;\n\tend",
    )
