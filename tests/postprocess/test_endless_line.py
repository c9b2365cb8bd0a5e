"""Lines that do not end, and expressions that go in circles."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.endless_line import LONGEST_LINE, endless_line
from tests.support.candidates import AT_ASSIGN, IN_MODULE, check


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (" a | a | a | a;", None),
        (" (a & b) | (a & b) | (a & b);", None),
        (" a[0] | a[1] | a[2] | a[3];", " a[0] | a[1] | a[2] | a[3];"),
        (" {{{a}}};", " {{{a}}};"),
        (" a | a | a;", None),
        (" a && b && a && b && a && b;", None),
        (" {s, s, s, s, s, s, s, s};", None),
        (" {s, s, s, a};", " {s, s, s, a};"),
        (" {1'b0, 1'b0, 1'b0, 1'b0, 1'b0};", " {1'b0, 1'b0, 1'b0, 1'b0, 1'b0};"),
        (" {a, b, a, b};", " {a, b, a, b};"),
        (" f(f(f(a)));", " f(f(f(a)));"),
        (" ~(~(~(a)));", " ~(~(~(a)));"),
    ],
)
def test_circles(written: str, expected: str | None) -> None:
    """The same tokens three times in a row; nesting and indexes that count are none."""
    check(endless_line, AT_ASSIGN, written, expected)


def test_a_line_that_does_not_end() -> None:
    """It goes, with everything after it; the lines before it stay."""
    long = " | ".join(f"a[{n}]" for n in range(LONGEST_LINE // 4))
    check(endless_line, AT_ASSIGN, f" {long}", None)
    check(endless_line, IN_MODULE, f"wire t;\nassign t = {long}\nwire u;", "wire t;")


def test_a_long_line_of_the_user_may_be_ended() -> None:
    """What is already there is not the candidate's fault."""
    context = f"module m;\n  assign y = {{{'a, ' * LONGEST_LINE}<|>\nendmodule"
    check(endless_line, context, "b};", "b};")
