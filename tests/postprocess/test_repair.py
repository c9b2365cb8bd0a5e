"""A candidate that slang rejects is cut to its longest beginning of whole statements, with few compilations."""

from __future__ import annotations

import pytest

from hdl_lsp.context import site
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.repair import MOST_CHECKS, passing
from tests.support.checker import checker
from tests.support.fixture import parse_fixture

HEAD = "module m(input logic clk_i, input logic [3:0] a, b, output logic [3:0] y);\n  logic q, r;\n"
SUB = "//- /sub.sv\nmodule sub(input logic [3:0] d, e, output logic r);\nendmodule\n//- /main.sv\n"


async def repaired(fixture: str, *written: str) -> tuple[list[str], int]:
    """What is left of *written*, and how many texts were compiled for it."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    place = site.at(snapshot, at.file, at.offset)
    assert place is not None
    seen: list[tuple[str, ...]] = []
    candidates = tuple(Candidate(text, place) for text in written)
    found = await passing(candidates, checker(snapshot, at.file, seen))
    assert all(verdict.passes for _, verdict in found)
    return [candidate.text for candidate, _ in found], sum(map(len, seen))


async def cut(body: str, written: str) -> str:
    """What is left of *written* in HEAD; "" for nothing."""
    left, checks = await repaired(f"{HEAD}{body}endmodule\n", written)
    assert checks <= MOST_CHECKS
    return left[0] if left else ""


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("assign q = a[0]; assign r = nowhere;", "assign q = a[0];"),
        ("assign q = a[0]; // the first\n  assign r = ;", "assign q = a[0]; // the first"),
        ("assign q = a[0];\n  // the second\n  assign r = nowhere;", "assign q = a[0];"),
        (
            "always_comb begin : p\n    q = a[0];\n  end : p\n  assign r = nowhere;",
            "always_comb begin : p\n    q = a[0];\n  end : p",
        ),
        (
            "always_comb begin\n    q = a[0];\n    r = nowhere;\n    y = b;\n  end",
            "always_comb begin\n    q = a[0];\n  end",
        ),
        ("for (genvar i = 0; i < 4; i++) assign y[i] = nowhere;", ""),
        ("assign q = nowhere;\n  assign r = a[0];", ""),
        ("assign q = f(a[0], ;", ""),
        ("", ""),
    ],
)
async def test_whole_statements_are_left(written: str, left: str) -> None:
    """Cut where a statement or a block ends, also inside a line and inside a block."""
    assert await cut("  <|>\n", written) == left


async def test_an_error_elsewhere_is_found_by_halving() -> None:
    """The second driver of a signal is reported where the first one is, or names that exist twice below."""
    body = "  <|>\n  logic t5;\n"
    lines = [f"logic t{n};" for n in range(8)]
    assert await cut(body, "\n  ".join(lines)) == "\n  ".join(lines[:5])


async def test_few_compilations_are_needed_where_slang_says_where() -> None:
    """The first try after the whole ends before the first error."""
    lines = [f"logic t{n};" for n in range(30)]
    lines[20] = "assign q = nowhere;"
    left, checks = await repaired(f"{HEAD}  <|>\nendmodule\n", "\n  ".join(lines))
    assert left == ["\n  ".join(lines[:20])]
    assert checks == 2


async def test_compilations_are_bounded() -> None:
    """Several hopeless candidates share them."""
    bad = "\n  ".join(f"assign y[{n}] = a[0]; assign y[{n}] = a[0];" for n in range(20))
    left, checks = await repaired(f"{HEAD}  assign y = a;\n  <|>\nendmodule\n", bad, bad + " ", bad)
    assert left == []
    assert checks <= MOST_CHECKS


async def test_good_ones_are_not_delayed_by_bad_ones() -> None:
    """All are compiled at once, and come in the order in which they were given."""
    left, checks = await repaired(
        f"{HEAD}  assign q =<|>\nendmodule\n", " a[0];", " nowhere;", " b[0];"
    )
    assert left == [" a[0];", " b[0];"]
    assert checks <= MOST_CHECKS


@pytest.mark.parametrize(
    ("rest", "written", "left"),
    [
        ("\n  );", ".d(a),\n    .e(nowhere),\n    .r(q)", ".d(a)"),
        ("\n  );", ".d(a),\n    .e(b),", ".d(a),\n    .e(b)"),
        ("\n", ".d(a),\n    .e(b),", ".d(a),\n    .e(b)"),
        ("\n  );", ".d(a),\n    .none(b)", ".d(a)"),
        ("\n  );", ".none(b)", ""),
    ],
)
async def test_a_list_is_cut_after_an_item(rest: str, written: str, left: str) -> None:
    """Connections that exist stay, without the comma after the last."""
    fixture = f"{SUB}{HEAD}  sub u_sub (\n    <|>{rest}\nendmodule\n"
    found, checks = await repaired(fixture, written)
    assert (found[0] if found else "") == left
    assert checks <= MOST_CHECKS
