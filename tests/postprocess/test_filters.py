"""Each filter of the chain: what stands around the cursor, what the model wrote, what is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hdl_lsp.context import site
from hdl_lsp.postprocess import chain
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.drop_suffix_overlap import drop_suffix_overlap
from hdl_lsp.postprocess.finish_statement import finish_statement
from hdl_lsp.postprocess.one_line import one_line
from hdl_lsp.postprocess.reindent import reindent
from hdl_lsp.postprocess.stop_at_scope import stop_at_scope
from hdl_lsp.postprocess.trim_repetition import trim_repetition
from tests.support.fixture import parse_fixture

Filter = Callable[[Candidate], Candidate | None]


def check(
    filter_: Filter, context: str, written: str, expected: str | None, *, is_complete: bool = True
) -> None:
    """*written* at the cursor of *context* is *expected* after *filter_*; None: dropped."""
    at = parse_fixture(context)
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    left = filter_(Candidate(written, place, is_complete))
    assert (left.text if left else None) == expected


IN_MODULE = "module m(input logic a, b, output logic y);\n  <|>\nendmodule\n"
AT_ASSIGN = "module m(input logic a, b, output logic y);\n  assign y =<|>\nendmodule\n"


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


def test_closes_the_bracket_the_line_left_open() -> None:
    """A parenthesis opened left of the cursor may be closed by the candidate."""
    context = "module m(input a, output y);\n  assign y = foo(a, <|>\nendmodule\n"
    check(stop_at_scope, context, "1'b0);", "1'b0);")


def test_leaves_the_bracket_that_is_closed_already() -> None:
    """A parenthesis that the text right of the cursor closes is not closed again."""
    context = "module m(input a, output y);\n  assign y = foo(a, <|>);\nendmodule\n"
    check(stop_at_scope, context, "1'b0);", "1'b0")


@pytest.mark.parametrize(
    ("context", "written", "expected"),
    [
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "x));", "x"),
        ("module m;\n  foo u(.a(<|>));\nendmodule\n", "x", "x"),
        ("module m;\n  <|>\n  assign y = a;\nendmodule\n", "wire t;\n  assign y = a;", "wire t;"),
        ("module m;\n  <|>\n  assign y = a;\nendmodule\n", "assign y = a;", None),
        ("module m;\n  <|>\nendmodule\n", "wire t;\n  wire u;", "wire t;\n  wire u;"),
    ],
)
def test_what_follows_is_not_said_again(context: str, written: str, expected: str | None) -> None:
    """The end of a candidate that stands right of the cursor or below it is dropped."""
    check(drop_suffix_overlap, context, written, expected)


def test_repetition_ends_a_candidate() -> None:
    """A line that was said before, or stands just above, is the end; a counting series is not."""
    context = "module m;\n  assign b = a;\n  <|>\nendmodule\n"
    check(trim_repetition, context, "assign b = a;", None)
    check(trim_repetition, context, "wire t;\nwire t;", "wire t;")
    check(trim_repetition, context, "wire t1;\nwire t2;", "wire t1;\nwire t2;")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("assign t = 0;\nassign t = 1;\nassign t = 2;", "assign t = 0;"),
        ("q <= a;\n  q  <= b;", "q <= a;"),
        ("assign t[0] = 0;\nassign t[1] = 1;", "assign t[0] = 0;\nassign t[1] = 1;"),
        ("2'd0: q = 1;\n2'd1: q = 2;", "2'd0: q = 1;\n2'd1: q = 2;"),
        ("if (a <= 1) q = 1;\nif (a <= 2) q = 2;", "if (a <= 1) q = 1;\nif (a <= 2) q = 2;"),
        ("if (a == 1) q = 1;\nif (a == 2) q = 2;", "if (a == 1) q = 1;\nif (a == 2) q = 2;"),
        ("q = 1;\nr = 1;\nq = 2;", "q = 1;\nr = 1;\nq = 2;"),
    ],
)
def test_a_target_that_is_assigned_again_at_once_ends_a_candidate(
    written: str, expected: str
) -> None:
    """Two lines in a row with one target are a model running on; other targets and conditions are not."""
    check(trim_repetition, "module m;\n  <|>\nendmodule\n", written, expected)


def test_a_cut_off_line_is_dropped() -> None:
    """What the token limit cut off goes; a whole candidate stays."""
    check(finish_statement, IN_MODULE, "wire t;\nassign t = a &", "wire t;", is_complete=False)
    check(finish_statement, IN_MODULE, "wire t;\nassign t = a &", "wire t;\nassign t = a &")
    check(finish_statement, AT_ASSIGN, " a & b", " a &", is_complete=False)
    check(finish_statement, AT_ASSIGN, " a", None, is_complete=False)


def test_open_blocks_are_closed_in_their_indentation() -> None:
    """`end` and `endcase` are added where the block began."""
    check(
        balance_blocks,
        IN_MODULE,
        "always_comb begin\n    case (a)\n      default: y = b;",
        "always_comb begin\n    case (a)\n      default: y = b;\n    endcase\n  end",
    )
    check(balance_blocks, IN_MODULE, "assign y = (a", None)


def test_open_blocks_of_a_line_that_begins_with_blanks() -> None:
    """At column 0 the model's own indentation counts; after blanks it is dropped later, so the line's own does."""
    written = "  always_ff @(posedge a) begin\n    y <= b;"
    at_column_0 = "module m(input logic a, b, output logic y);\n<|>\nendmodule\n"
    check(balance_blocks, at_column_0, written, f"{written}\n  end")
    check(balance_blocks, IN_MODULE, " " + written, f" {written}\n  end")
    check(balance_blocks, at_column_0.replace("endmodule", "  end"), written, written)


def test_a_block_that_the_next_line_closes_is_left_open() -> None:
    """With `end` already below, none is added."""
    context = "module m;\n  initial <|>\n  end\nendmodule\n"
    check(balance_blocks, context, "begin\n    $finish;", "begin\n    $finish;")


def test_only_the_line_is_kept_in_the_middle_of_it() -> None:
    """With text right of the cursor nothing goes to another line."""
    context = "module m;\n  foo u(.a(<|>));\nendmodule\n"
    check(one_line, context, "x), \n .b(y", "x), ")
    check(one_line, context, "\n x", None)


def test_line_ends_and_tabs_are_the_file_s_own() -> None:
    """CRLF files get CRLF, tab files get tabs."""
    at = parse_fixture("module m;\n\t<|>\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    left = reindent(Candidate("initial begin\n        $finish;\n    end  ", place))
    assert left is not None
    assert left.text == "initial begin\n\t\t$finish;\n\tend"


def test_the_chain_of_all_filters() -> None:
    """A run-on answer of a base model is one clean block at the end."""
    at = parse_fixture(IN_MODULE)
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    written = "always_comb begin\n    y = a & b;\n  end\nendmodule\n\nmodule n(input"
    left = chain.run(written, place, is_complete=False)
    assert left is not None
    assert left.text == "always_comb begin\n    y = a & b;\n  end"
