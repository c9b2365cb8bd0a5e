"""Where a candidate leaves the block that the cursor is in."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.stop_at_scope import stop_at_scope
from tests.support.candidates import IN_MODULE, check


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("assign y = a;\nendmodule\n", "assign y = a;"),
        ("assign y = a;\nend\n", "assign y = a;"),
        ("always_comb begin\n  y = a;\nend\nend", "always_comb begin\n  y = a;\nend"),
        ("assign y = (a & b);", "assign y = (a & b);"),
        ("endmodule", None),
        ("case (a)\n 1: y = b;\nendcase\nendcase", "case (a)\n 1: y = b;\nendcase"),
        ('$display("end endmodule");', '$display("end endmodule");'),
        ("assign y = a; // end of it", "assign y = a; // end of it"),
    ],
)
def test_stops_where_a_foreign_block_ends(written: str, expected: str | None) -> None:
    """The first closer that nothing in the candidate opened is the end."""
    check(stop_at_scope, IN_MODULE, written, expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("assign y = a;\nmodule n(input a);", "assign y = a;"),
        ("package p;", None),
        ("logic module_a;", "logic module_a;"),
        ("`ifdef SIM\nassign y = a;\n`endif", "`ifdef SIM\nassign y = a;\n`endif"),
        ("assign y = a;\n`endif", "assign y = a;"),
        ("assign y = a;\n`else\nassign y = b;", "assign y = a;"),
        ("assign y = a;\n`ifdef SIM\nassign z = a;", "assign y = a;"),
        (
            "`ifdef A\nassign y = a;\n`else\nassign y = b;\n`endif",
            "`ifdef A\nassign y = a;\n`else\nassign y = b;\n`endif",
        ),
    ],
)
def test_design_units_and_branches(written: str, expected: str | None) -> None:
    """No module in a module; an `ifdef` is whole or not there."""
    check(stop_at_scope, IN_MODULE, written, expected)


def test_a_module_may_be_started_outside_of_one() -> None:
    """At the top of a file that is what is written."""
    check(stop_at_scope, "// a file\n<|>", "module n;\nendmodule", "module n;\nendmodule")


def test_closes_the_bracket_the_line_left_open() -> None:
    """A parenthesis opened left of the cursor may be closed by the candidate."""
    context = "module m(input a, output y);\n  assign y = foo(a, <|>\nendmodule\n"
    check(stop_at_scope, context, "1'b0);", "1'b0);")


def test_leaves_the_bracket_that_is_closed_already() -> None:
    """A parenthesis that the text right of the cursor closes is not closed again."""
    context = "module m(input a, output y);\n  assign y = foo(a, <|>);\nendmodule\n"
    check(stop_at_scope, context, "1'b0);", "1'b0")


def test_closes_what_was_opened_lines_above() -> None:
    """After whole blocks of other kinds, too; and the braces of a struct."""
    context = "module m;\n  initial begin\n    a = 1;\n  end\n  initial if (b &<|>\nendmodule\n"
    check(stop_at_scope, context, " c) d = 1;", " c) d = 1;")
    context = "package p;\n  typedef struct packed {\n    logic a;\n  <|>\nendpackage\n"
    check(stop_at_scope, context, "} foo_t;", "} foo_t;")


def test_a_block_that_nothing_closes() -> None:
    """An `end` that the file lacks may be written, one more may not."""
    lacking = (
        "module m;\n  initial begin\n    if (a) begin\n      b = 1;\n    <|>\n  end\nendmodule\n"
    )
    check(stop_at_scope, lacking, "end\n  end", "end")
    check(
        stop_at_scope,
        lacking,
        "end else begin\n      b = 0;\n    end",
        "end else begin\n      b = 0;\n    end",
    )
    whole = lacking.replace("    <|>\n", "    <|>\n    end\n")
    check(stop_at_scope, whole, "c = 1;\n    end", "c = 1;")
