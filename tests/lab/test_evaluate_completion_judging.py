"""The judge of suggestions tells right from wrong, in words and by slang."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.lab.evaluate.completion.file_judge import added, judging
from hdl_lsp.lab.evaluate.completion.judging import Likeness, likeness
from hdl_lsp.lab.evaluate.completion.masks import Mask, MaskKind
from hdl_lsp.semantics.request import DiagnosticsRequest, Input


def _like(kind: MaskKind, text: str, wanted: str, *keys: str) -> Likeness:
    return likeness(text, wanted, Mask(kind, 0, len(wanted), keys))


@pytest.mark.parametrize(
    ("text", "exact", "same"),
    [
        ("assign a = b;", True, True),
        ("assign  a =  b;  // as it was", True, True),
        ("assign a=b;", False, True),
        ("assign a = b;\nassign c = d;", True, True),
        ("assign a = c;", False, False),
        ("// assign a = b;", False, False),
    ],
)
def test_a_line(text: str, exact: bool, same: bool) -> None:
    """The first line is compared, without comments and white space."""
    like = _like(MaskKind.NEXT_LINE, text, "assign a = b;")
    assert (like.exact, like.same, like.equivalent) == (exact, same, same)


def test_similarity_is_a_share() -> None:
    """Equal texts are 1, others less, the nearer the more."""
    wanted = "assign ready = valid & ~full;"
    near, far = (
        _like(MaskKind.NEXT_LINE, text, wanted)
        for text in ("assign ready = valid & full;", "end else begin")
    )
    assert 0 <= far.similarity < 0.5 < near.similarity < 1


@pytest.mark.parametrize(
    ("text", "equivalent", "right"),
    [
        (".clk_i(clk_i),\n.q_o(q[1:0])", True, 2),
        (".q_o (q[1:0]), // out\n.clk_i", True, 2),
        (".clk_i(clk_i), .q_o(q)", False, 1),
        (".clk_i(clk_i)", False, 1),
        (".clk_i(clk_i), .q_o(q[1:0]), .x_i(x)", False, 2),
    ],
)
def test_a_port_map(text: str, equivalent: bool, right: int) -> None:
    """Equivalent are the same ports with the same connections, in any order."""
    like = _like(MaskKind.PORT_MAP, text, ".clk_i(clk_i), .q_o(q[1:0])", "clk_i", "q_o")
    assert (like.equivalent, like.right, like.wanted) == (equivalent, right, 2)


@pytest.mark.parametrize(
    ("text", "equivalent"),
    [
        ("Idle: ;\nBusy: begin\n  if (a) b = c ? d : e;\nend\nDone: x = 1;", True),
        ("pkg::Idle, Busy: ;\nDone: ;\ndefault: ;", True),
        ("Idle: begin\nend\nBusy: begin\nend", False),
        ("Idle: ; Busy: ; Done: ; Lost: ;", False),
    ],
)
def test_case_arms(text: str, equivalent: bool) -> None:
    """Equivalent are the same labels; what is in the arms nobody can know."""
    wanted = "Idle: a = b;\nBusy, Done: begin\n c = d;\nend\ndefault: ;"
    like = _like(MaskKind.CASE_ARMS, text, wanted, "Idle", "Busy,Done")
    assert (like.equivalent, like.exact) == (equivalent, False)


def test_reset_branch_and_struct_literal() -> None:
    """Equivalent are the same registers and fields; the same are equal values too, all kinds of zero being one."""
    wanted, registers = "a_q <= '0;\n b_q[1] <= Idle;", ("a_q", "b_q[1]")
    same = _like(MaskKind.RESET_BRANCH, "b_q[1] <= Idle; a_q <= 4'h0;", wanted, *registers)
    assert (same.exact, same.same, same.equivalent) == (False, True, True)
    other = _like(MaskKind.RESET_BRANCH, "a_q <= '0; b_q[1] <= '0;", wanted, *registers)
    assert (other.same, other.equivalent) == (False, True)
    fewer = _like(MaskKind.RESET_BRANCH, "a_q <= '0;", wanted, *registers)
    assert (fewer.equivalent, fewer.right, fewer.wanted) == (False, 1, 2)
    fields = _like(MaskKind.STRUCT_LITERAL, "b: f(x, y), a: 1", "a: 1, b: '{c, d}", "a", "b")
    assert (fields.same, fields.equivalent) == (False, True)


TEXT = "module m(input logic a, output logic q);\n  assign q = {};\nendmodule\n"


async def test_slang_says_what_a_suggestion_adds(tmp_path: Path) -> None:
    """Real code adds nothing; an undeclared name is an error, an open bracket an error of syntax; nothing is excused."""
    path = str(tmp_path / "m.sv")

    def request(filling: str) -> DiagnosticsRequest:
        return DiagnosticsRequest(Input(path, text=TEXT.format(filling)))

    async with judging() as judge:
        original, masked = [await judge.errors(request(text)) for text in ("~a", "")]
        assert not original.errors
        assert any(error.is_syntax for error in masked.errors)

        async def of(filling: str) -> list[tuple[str, bool]]:
            found = added(await judge.errors(request(filling)), masked, original)
            return [(error.code, error.is_syntax) for error in found]

        assert await of("~a") == []
        assert await of("a & a") == []
        assert await of("a & b") == [("UndeclaredIdentifier", False)]
        assert ("ExpectedToken", True) in await of("(a")
        assert len(await of("b & c")) == 2


async def test_no_answer_of_slang_is_an_error(tmp_path: Path) -> None:
    """A text that can't be judged does not pass, unless the file could not be judged before."""
    fine = DiagnosticsRequest(Input(str(tmp_path / "m.sv"), text=TEXT.format("a")))
    gone = DiagnosticsRequest(Input(str(tmp_path / "gone.sv")))
    async with judging() as judge:
        good, bad = [await judge.errors(request) for request in (fine, gone)]
    assert bad.failure
    assert [error.is_syntax for error in added(bad, good, good)] == [True]
    assert not added(bad, bad, good)


async def test_what_was_broken_may_stay_broken(tmp_path: Path) -> None:
    """An error that the file has anyway is not counted; one more of its kind is."""
    path = str(tmp_path / "m.sv")
    text = "module m(input logic a, output logic q, r);\n  assign q = lost;\n  assign r = {};\nendmodule\n"

    async with judging() as judge:
        original, masked, better, worse = [
            await judge.errors(DiagnosticsRequest(Input(path, text=text.format(filling))))
            for filling in ("a", "", "~a", "lost")
        ]
    assert original.errors
    assert not added(better, masked, original)
    assert [error.code for error in added(worse, masked, original)] == ["UndeclaredIdentifier"]
