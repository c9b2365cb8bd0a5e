"""Only the cursor's line where text stands right of it."""

from __future__ import annotations

from hdl_lsp.postprocess.one_line import one_line
from tests.support.candidates import IN_MODULE, check


def test_only_the_line_is_kept_in_the_middle_of_it() -> None:
    """With text right of the cursor nothing goes to another line."""
    context = "module m;\n  foo u(.a(<|>));\nendmodule\n"
    check(one_line, context, "x), \n .b(y", "x), ")
    check(one_line, context, "\n x", None)


def test_a_fresh_line_is_not_left_empty() -> None:
    """Empty lines at the start go, and a candidate of nothing else with them."""
    check(one_line, IN_MODULE, "\n\nwire t;\nwire u;", "wire t;\nwire u;")
    check(one_line, IN_MODULE, "\n \n", None)
