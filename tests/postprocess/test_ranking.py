"""The order of several suggestions: slang's warnings, then probability, then what is written nearby."""

from __future__ import annotations

from hdl_lsp.context import site
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Verdict
from hdl_lsp.postprocess.ranking import Judged, ranked
from tests.support.fixture import parse_fixture

FIXTURE = "module m(input logic a, b, output logic y);\n  assign z = a ^ b;\n  <|>\nendmodule\n"


def order(*given: tuple[str, float | None, str]) -> list[str]:
    """The texts of *given* (text, log probability, warning), best first."""
    at = parse_fixture(FIXTURE)
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    judged = (
        Judged(Candidate(text, place), Verdict(warnings=(warning,) if warning else ()), logprob)
        for text, logprob, warning in given
    )
    return [one.candidate.text for one in ranked(judged)]


def test_duplicates_are_one() -> None:
    """But for white space the same: the first of them stays."""
    assert order(("assign y = a;", None, ""), ("assign  y=a;", -0.1, "")) == ["assign y = a;"]


def test_what_slang_warns_of_comes_last() -> None:
    """However likely it is."""
    assert order(("assign y = a;", -0.1, "truncates"), ("assign y = b;", -2.0, "")) == [
        "assign y = b;",
        "assign y = a;",
    ]


def test_the_likelier_comes_first() -> None:
    """Of two that look alike."""
    assert order(("assign y = a;", -0.9, ""), ("assign y = b;", -0.2, "")) == [
        "assign y = b;",
        "assign y = a;",
    ]


def test_what_is_written_as_nearby_comes_first() -> None:
    """Where nobody knows probabilities, or they are close."""
    alike, other = "assign y = a ^ b;", "assign y = a & b;"
    assert order((other, None, ""), (alike, None, "")) == [alike, other]
    assert order((other, -0.30, ""), (alike, -0.35, "")) == [alike, other]


def test_equals_stay_in_order() -> None:
    """The engine's own order counts then."""
    assert order(("y = a;", None, ""), ("y = b;", None, "")) == ["y = a;", "y = b;"]
