"""A filter of the chain on one text: what stands around the cursor, what the model wrote, what is left.

Must not know any filter.
"""

from __future__ import annotations

from collections.abc import Callable

from hdl_lsp.context import site
from hdl_lsp.postprocess.candidate import Candidate
from tests.support.fixture import parse_fixture

Filter = Callable[[Candidate], Candidate | None]

IN_MODULE = "module m(input logic a, b, output logic y);\n  <|>\nendmodule\n"
AT_ASSIGN = "module m(input logic a, b, output logic y);\n  assign y =<|>\nendmodule\n"


def left_of(filter_: Filter, context: str, written: str, *, is_complete: bool = True) -> str | None:
    """The text that *filter_* leaves of *written* at the cursor of *context*; None: dropped."""
    at = parse_fixture(context)
    place = site.at(at.snapshot(), at.file, at.offset, is_asked=True)
    assert place is not None
    left = filter_(Candidate(written, place, is_complete))
    return left.text if left else None


def check(
    filter_: Filter, context: str, written: str, expected: str | None, *, is_complete: bool = True
) -> None:
    """*written* at the cursor of *context* is *expected* after *filter_*; None: dropped."""
    assert left_of(filter_, context, written, is_complete=is_complete) == expected
