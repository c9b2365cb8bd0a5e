"""Candidates that repeat themselves, the lines above, or count without end."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.trim_repetition import LONGEST_SERIES, trim_repetition
from tests.support.candidates import IN_MODULE, check


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
        (".a(x),\n.a(y)", ".a(x),"),
        ("logic state;\nlogic [1:0] state;", "logic state;"),
    ],
)
def test_a_target_that_is_set_again_at_once_ends_a_candidate(written: str, expected: str) -> None:
    """Two lines in a row with one target are a model running on; other targets and conditions are not."""
    check(trim_repetition, "module m;\n  <|>\nendmodule\n", written, expected)


def test_a_series_without_end() -> None:
    """A few lines that count on are kept, for nobody told the model where to stop."""
    lines = [f"assign t[{n}] = s[{n}];" for n in range(20)]
    check(trim_repetition, IN_MODULE, "\n".join(lines), "\n".join(lines[:LONGEST_SERIES]))
    check(trim_repetition, IN_MODULE, "\n".join(lines[:3]), "\n".join(lines[:3]))


def test_frames_of_blocks_may_repeat() -> None:
    """`end else begin`, `default: ;` and the like stand in every second block."""
    block = "if (a) begin\n  q = 1;\nend else begin\n  r = 1;\nend"
    twice = f"{block}\nif (a) begin\n  s = 1;\nend else begin\n  t = 1;\nend"
    check(trim_repetition, IN_MODULE, twice, twice)
    above = "module m;\n  initial begin\n    case (a)\n      default: ;\n    endcase\n    <|>\n  end\nendmodule"
    case = "case (b)\n  default: ;\nendcase"
    check(trim_repetition, above, case, case)
