"""What the token limit cut off goes."""

from __future__ import annotations

from hdl_lsp.postprocess.finish_statement import finish_statement
from tests.support.candidates import AT_ASSIGN, IN_MODULE, check


def test_a_cut_off_line_is_dropped() -> None:
    """The last line, or the last token of the only one; a whole candidate stays."""
    check(finish_statement, IN_MODULE, "wire t;\nassign t = a &", "wire t;", is_complete=False)
    check(finish_statement, IN_MODULE, "wire t;\nassign t = a &", "wire t;\nassign t = a &")
    check(finish_statement, AT_ASSIGN, " a & b", " a &", is_complete=False)
    check(finish_statement, AT_ASSIGN, " a", None, is_complete=False)


def test_a_statement_that_ends_is_whole() -> None:
    """Whatever ended the generation: after a semicolon nothing is missing, on one line or on several."""
    check(finish_statement, IN_MODULE, "assign t = a;", "assign t = a;", is_complete=False)
    lines = "wire t;\nassign t = a;"
    check(finish_statement, IN_MODULE, lines, lines, is_complete=False)
