"""What lets a candidate pass, by the real slang: errors it brings, errors that were there, what is only warned of."""

from __future__ import annotations

import pytest

from hdl_lsp.context import site
from hdl_lsp.postprocess import gate
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Verdict
from tests.support.checker import checker
from tests.support.fixture import parse_fixture

HEAD = "module m(input logic clk_i, input logic [3:0] a, b, output logic [3:0] y);\n  logic q;\n"
SUB = "//- /sub.sv\nmodule sub(input logic [3:0] d, output logic r);\nendmodule\n//- /main.sv\n"


async def verdicts(fixture: str, *written: str) -> tuple[Verdict, ...]:
    """The verdicts on *written*, asked at once."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    place = site.at(snapshot, at.file, at.offset, is_asked=True)
    assert place is not None
    candidates = tuple(Candidate(text, place) for text in written)
    found = await gate.verdicts(candidates, checker(snapshot, at.file))
    assert found is not None
    return found


async def verdict(body: str, written: str) -> Verdict:
    """The verdict on *written* in the module HEAD with *body*."""
    (found,) = await verdicts(f"{HEAD}{body}endmodule\n", written)
    return found


async def test_several_are_judged_at_once() -> None:
    """Each by itself, in order."""
    found = await verdicts(
        f"{HEAD}  assign y =<|>\nendmodule\n", " a;", " nowhere;", " b", " a & b;"
    )
    assert [one.passes for one in found] == [True, False, False, True]


async def test_where_the_first_error_is() -> None:
    """Bytes of the candidate before it; None for what it breaks elsewhere."""
    found = await verdict("  <|>\n", "assign y = a; // ä\n  assign q = nowhere;")
    assert (found.passes, found.first_error) == (False, 33)
    found = await verdict("  <|>\n  logic t;\n", "logic t;")
    assert (found.passes, found.first_error) == (False, None)


@pytest.mark.parametrize(
    "written",
    [
        "assign q = 4'hz1;;",  # a stray semicolon is an empty item: legal
        "logic [3:0] t = a + b;",
    ],
)
async def test_legal_code_passes(written: str) -> None:
    """Also what looks odd."""
    assert (await verdict("  <|>\n", written)).passes


@pytest.mark.parametrize(
    "written",
    [
        "assign yy = a;",  # a misspelt name becomes a net
        "sub_not_there u_sub (.d(a));",
        "assign q = pkg_not_there::X;",
        "assign q = $not_there(a);",
        "assign q = `NOT_THERE;",
        "assign q = u_none.state;",
        "import nowhere::*;",
        "function automatic logic f();",
        "assign q = c_later;",
    ],
)
async def test_what_exists_nowhere_does_not_pass(written: str) -> None:
    """In a project that nobody configured, where the editor would be forgiving."""
    assert not (await verdict("  <|>\n  wire c_later;\n", written)).passes


GAPS = (
    "module m import missing_pkg::*; (input logic clk_i, output logic [3:0] y);\n"
    "  `MISSING_MACRO(clk_i)\n  vendor_cell u_a (.i(clk_i));\n  missing_t s;\n"
    "  assign y[0] = FromPackage;\n  logic q;\n  <|>\nendmodule\n"
)


@pytest.mark.parametrize(
    ("written", "passes"),
    [
        ("assign q = clk_i;", True),
        ("vendor_cell u_b (.i(clk_i));", True),
        ("assign y[1] = FromPackage;", True),
        ("missing_t t;", True),
        ("`MISSING_MACRO(q)", True),
        ("assign q = ckl_i;", False),
        ("vendor_cel u_b (.i(clk_i));", False),
        ("assign y[1] = FromPackaeg;", False),
        ("`MISING_MACRO(q)", False),
    ],
)
async def test_what_is_missing_is_not_the_candidates_fault(written: str, passes: bool) -> None:
    """Names that the file already uses from what is missing may be used again; a new misspelt name may not."""
    (found,) = await verdicts(GAPS, written)
    assert found.passes is passes, found.errors


async def test_a_broken_text_must_not_get_worse() -> None:
    """Errors elsewhere stay and stop nothing; the same error once more is a new one."""
    body = "  assign y = ;\n  assign q = nowhere;\n  <|>\n"
    assert (await verdict(body, "logic t;")).passes
    assert not (await verdict(body, "logic t = nowhere;")).passes
    assert not (await verdict(body, "logic t = ;")).passes


@pytest.mark.parametrize(
    ("fixture", "written", "passes"),
    [
        ("module m(input logic a, output logic y);\n  assign y =<|>", " a;", True),
        ("module m(input logic a, output logic y);\n  <|>\n", "assign y = a;", True),
        ("module m(input logic a, output logic y);\n  <|>\n", "assign y = a", False),
        (
            "module m(input logic a, output logic y);\n  <|>\n\nmodule n;\nendmodule\n",
            "logic q;",
            True,
        ),
        (
            "module m(input logic a, output logic y);\n  always_comb begin\n    <|>\n",
            "y = a;",
            True,
        ),
        (
            "module m(input logic a, output logic y);\n  always_comb begin\n    <|>\n",
            "y = zz;",
            False,
        ),
        (SUB + HEAD + "  sub u_sub (\n    <|>\nendmodule\n", ".d(a)", True),
        (SUB + HEAD + "  sub u_sub (\n    <|>\nendmodule\n", ".dd(a),", False),
        (SUB + HEAD + "  sub u_sub (\n    <|>\n  );\nendmodule\n", ".d(a), .r(q)", True),
    ],
)
async def test_what_is_not_finished_around_the_candidate(
    fixture: str, written: str, passes: bool
) -> None:
    """A module, a block, a list that is never closed: only what the candidate itself breaks counts."""
    (found,) = await verdicts(fixture, written)
    assert found.passes is passes, found.errors


async def test_old_errors_that_slang_sees_only_now() -> None:
    """A candidate that makes the text readable is not blamed for what stands below."""
    text = (
        "module m(input logic a, output logic<|>\n  assign y = a;\n  logic t; logic t;\nendmodule\n"
    )
    (found,) = await verdicts(text, " y);")
    assert found.passes, found.errors
    (found,) = await verdicts(text, " y);\n  logic t;")
    assert not found.passes
    (found,) = await verdicts(text, " x);")  # nothing declares what is used below
    assert not found.passes


@pytest.mark.parametrize("written", ["y = ~a", "y = 4'd3,"])
async def test_errors_left_of_the_cursor_are_the_candidates_too(written: str) -> None:
    """Slang tells the place of some at the beginning of the statement."""
    assert not (await verdict("  assign q = <|>;\n", written)).passes


async def test_an_inactive_branch_is_judged_as_if_it_were_taken() -> None:
    """Nothing else is seen by slang; names of the branch itself are known there."""
    body = "`ifdef NEVER\n  logic t;\n  <|>\n`else\n  logic t;\n`endif\n"
    found = await verdicts(
        f"{HEAD}{body}endmodule\n", "assign t = a[0];", "assign t = nowhere;", "assign t = ;"
    )
    assert [one.passes for one in found] == [True, False, False]


async def test_an_inactive_branch_of_several_files() -> None:
    """What the branch asks for is defined in the other files too: a port that exists only then may be connected."""
    fixture = (
        "//- /sub.sv\nmodule sub(input logic a\n`ifdef TRACE\n  , input logic t\n`endif\n);\nendmodule\n"
        "//- /main.sv\nmodule m(input logic a);\n  sub u (\n    .a\n`ifdef TRACE\n    <|>\n`endif\n  );\nendmodule\n"
    )
    found = await verdicts(fixture, ", .t(a)", ", .tt(a)")
    assert [one.passes for one in found] == [True, False]


@pytest.mark.parametrize(
    ("written", "warned"),
    [
        ("assign q = a;", "truncates from 4 to 1"),
        ("always_comb begin\n    if (a[0]) q = b[0];\n  end", "latch"),
        ("logic signed [3:0] s;\n  assign q = s < a;", "differently signed"),
        ("always_ff @(posedge clk_i) q = a[0];", "blocking assignment in an always_ff"),
        ("always_comb q <= a[0];", "non-blocking assignment in an always_comb"),
        ("assign q = a[0];", ""),
        ("always_ff @(posedge clk_i) begin\n    q <= a[0];\n  end", ""),
    ],
)
async def test_what_is_warned_of(written: str, warned: str) -> None:
    """It passes, and slang's words go along."""
    found = await verdict("  <|>\n", written)
    assert found.passes
    assert (warned in " ".join(found.warnings)) if warned else not found.warnings


async def test_old_warnings_are_not_the_candidates() -> None:
    """What slang warned of before is not said again."""
    body = "  assign q = a;\n  always_ff @(posedge clk_i) y[0] = q;\n  <|>\n"
    assert (await verdict(body, "logic t;")).warnings == ()


async def test_code_by_the_letter_of_the_standard() -> None:
    """What simulators let pass is no mistake in a person's file, and none to be suggested."""
    body = "  typedef enum logic [1:0] {A, B} e_t;\n  e_t e;\n  <|>\n"
    assert (await verdict(body, "assign e = A;")).passes
    assert not (await verdict(body, "assign e = 2'd1;")).passes
