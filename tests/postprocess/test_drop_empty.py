"""Candidates that say nothing."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.drop_empty import drop_empty
from tests.support.candidates import AT_ASSIGN, IN_MODULE, check


@pytest.mark.parametrize("written", ["", " \n\t", ";", "(", ",", "= ;"])
def test_nothing_is_dropped(written: str) -> None:
    """Blanks, and signs on a line of their own."""
    check(drop_empty, IN_MODULE, written, None)


@pytest.mark.parametrize(
    ("context", "written"),
    [
        (AT_ASSIGN, " a;"),
        ("module m;\n  assign y = a<|>\nendmodule", ";"),
        ("module m;\n  foo u (.a(b)<|>\nendmodule", ");"),
        ("module m;\n  foo u (\n    .a(b)\n  <|>\nendmodule", ");"),
        (IN_MODULE, "'0"),
    ],
)
def test_what_ends_something_stays(context: str, written: str) -> None:
    """A bracket or semicolon after what the user wrote, and everything with a name or number."""
    check(drop_empty, context, written, written)
