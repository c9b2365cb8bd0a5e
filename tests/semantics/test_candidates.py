"""What insertions do to slang's findings, in the analysis process and through its client."""

from __future__ import annotations

import pytest

from hdl_lsp.errors import WorkerError, WorkerGoneError
from hdl_lsp.semantics.candidates import Candidates
from hdl_lsp.semantics.checked import Checked
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.request import CheckRequest, DiagnosticsRequest, FactsRequest, Input
from hdl_lsp.text.source import SourceText

SMALL_STACK_BYTES = 1 << 23  # what the main thread of a process usually has


def request(marked: str, *insertions: str) -> CheckRequest:
    """A request about a text with the cursor at `<|>`."""
    text = SourceText.of(marked.replace("<|>", ""))
    main = Input("/project/m.sv", text.digest, text.text)
    offset = len(marked[: marked.index("<|>")].encode())
    return CheckRequest(DiagnosticsRequest(main), offset, insertions)


def codes(checked: Checked) -> list[list[str]]:
    """Codes before, and after each insertion."""
    return [[p.code for p in reading.problems] for reading in (checked.before, *checked.after)]


CLEAN = "module m(input logic a_i, output logic q_o);\n<|>\nendmodule\n"
WRONG = "module m(input logic a_i, output logic q_o);\n<|>\n  assign q_o = nothing;\nendmodule\n"


def test_findings_of_several_insertions() -> None:
    """In the order in which they were asked; without any there is nothing to compare."""
    candidates = Candidates(Compiler())
    found = candidates.checked(request(CLEAN, "assign q_o = a_i;", "assign q_o = b;", "assign"))
    assert codes(found) == [[], [], ["UndeclaredIdentifier"], ["ExpectedContinuousAssignment"]]
    assert codes(candidates.checked(request(CLEAN))) == [[]]


def test_findings_before_are_told_where_some_are_left() -> None:
    """And only there: a text in which nothing is found needs no comparison."""
    candidates = Candidates(Compiler())
    assert codes(candidates.checked(request(WRONG, "wire t;"))) == [
        ["UndeclaredIdentifier"],
        ["UndeclaredIdentifier"],
    ]
    assert codes(candidates.checked(request(WRONG, "wire nothing;"))) == [[], []]


def test_findings_before_are_of_the_text_that_is_asked_about() -> None:
    """What is remembered is never told of another text."""
    candidates = Candidates(Compiler())
    other = WRONG.replace("nothing", "none")
    for text, name in ((WRONG, "nothing"), (other, "none"), (WRONG, "nothing")):
        checked = candidates.checked(request(text, "wire t;"))
        assert [name in problem.message for problem in checked.before.problems] == [True]


def test_places_are_bytes_of_the_text_with_the_insertion() -> None:
    """Letters beyond ASCII count as what they take."""
    (after,) = Candidates(Compiler()).checked(request(CLEAN, "/* ü */ assign q_o = b;")).after
    assert [problem.start for problem in after.problems] == [CLEAN.index("<|>") + 22]


def test_a_text_that_nests_too_deeply_is_a_failure() -> None:
    """It is given up by slang; the answer says so, and the next one is fine."""
    candidates = Candidates(Compiler())
    deep = "assign q_o = " + "(" * 20_000 + "a_i" + ")" * 20_000 + ";"
    found = candidates.checked(request(CLEAN, deep, "assign q_o = a_i;"))
    assert [bool(reading.failure or reading.problems) for reading in found.after] == [True, False]


@pytest.mark.slow
async def test_an_insertion_that_kills_slang_is_not_held_against_the_file() -> None:
    """It is not checked, twice; the third time nothing is tried for that text, whose facts are still made."""
    client = AnalysisClient("the analysis process", stack_bytes=SMALL_STACK_BYTES)
    try:
        deadly = request(CLEAN, f"logic t;\nassign t = {'+'.join(['a_i'] * 60_000)};")
        for _ in range(2):
            with pytest.raises(WorkerGoneError):
                await client.check(deadly)
        with pytest.raises(WorkerError, match="dies of"):
            await client.check(request(CLEAN, "wire t;"))
        assert not (await client.facts(FactsRequest(deadly.before.main))).failure
        fine = request(CLEAN + "// another text\n", "wire t;")
        assert not (await client.check(fine)).after[0].problems
    finally:
        await client.close()
