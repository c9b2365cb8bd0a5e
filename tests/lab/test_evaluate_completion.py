"""`hdl-lsp eval completion`: a real session is asked where a small design has holes, and rows are kept."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hdl_lsp.cli.main import main
from hdl_lsp.errors import UsageError
from hdl_lsp.lab.evaluate.completion import asking, scores
from hdl_lsp.lab.evaluate.completion.curve import points, svg
from hdl_lsp.lab.evaluate.completion.masks import Mask, MaskKind
from hdl_lsp.lab.evaluate.completion.report import bars, new_errors, site_scores
from hdl_lsp.lab.evaluate.completion.run import Evaluation, Plan
from hdl_lsp.lab.evaluate.completion.scores import Row
from hdl_lsp.lab.evaluate.completion.twins import without_twins
from hdl_lsp.llm.engine import FimPrompt
from hdl_lsp.server.session import Session
from tests.support.engine import ScriptedEngine

PACKAGE = """package p;
  typedef enum logic [1:0] {Idle, Busy, Done} state_e;
endpackage
"""
CORE = """module core import p::*; (input logic clk_i, input logic rst_ni, output logic busy_o);
  state_e state_q, state_d;
  assign busy_o = state_q == Busy;
  always_comb begin
    unique case (state_q)
      Idle: state_d = Busy;
      Busy: state_d = Done;
      Done: state_d = Idle;
    endcase
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      state_q <= state_d;
    end
  end
endmodule
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A design of two files."""
    root = tmp_path / "design"
    root.mkdir()
    (root / "p.sv").write_text(PACKAGE, encoding="utf-8")
    (root / "core.sv").write_text(CORE, encoding="utf-8")
    return root


@asynccontextmanager
async def _session(
    folder: Path, engine: ScriptedEngine | None = None, index: Path | None = None
) -> AsyncGenerator[Session]:
    session = Session(engine=engine, index_folder=index)
    session.open_folder([str(folder)], {"llm": {"enabled": engine is not None}})
    try:
        await session.load()
        yield session
    finally:
        await session.close()


async def _rows(
    session: Session, folder: Path, plan: Plan, done: tuple[Row, ...] = ()
) -> list[Row]:
    run = Evaluation(session, folder, plan, {row.key: row for row in done})
    files = [session.table.id_of(str(folder / "core.sv"))]
    return [row async for row in run.rows(files)]


ARMS = Plan(kinds=(MaskKind.CASE_ARMS,), engines=("computed",), per_kind=1)


async def test_what_follows_from_the_design_is_right(folder: Path) -> None:
    """The arms of a case over an enum are shown without a model, name every value, and add no error."""
    async with _session(folder) as session:
        (row,) = await _rows(session, folder, ARMS)
    assert (row.file, row.site, row.shown, row.equivalent) == ("core.sv", "case arms", True, True)
    assert (row.parses, row.elaborates, row.reason, row.origin) == (True, True, "", "case arms")
    assert (row.given, row.right, row.wanted) == (3, 3, 3)
    assert CORE[row.offset :].startswith("Idle: state_d = Busy;")


LINES = Plan(kinds=(MaskKind.NEXT_LINE,), per_kind=2, engines=("raw-prefix",))


async def test_a_model_without_a_gate_is_judged_too(folder: Path) -> None:
    """What it wrote is one line as it is; a name that does not exist is an error with its reason."""
    engine = ScriptedEngine(
        "\n  assign busy_o = nothing;\n more", "\n  // only words", "end else begin"
    )
    async with _session(folder, engine) as session:
        wrong, other = await _rows(session, folder, LINES)
    assert (wrong.shown, wrong.elaborates) == (True, False)
    assert "nothing" in wrong.reason
    assert "more" not in wrong.reason
    assert other.shown
    prompts = [request.prompt for request in engine.asked]
    assert [isinstance(p, FimPrompt) and (p.layout, p.context) for p in prompts] == [
        ("prefix", "")
    ] * 3
    first = prompts[0]
    assert isinstance(first, FimPrompt)
    assert first.prefix == CORE[: CORE.rindex("\n", 0, wrong.offset) + 1]


async def test_the_gate_is_what_makes_the_difference(folder: Path) -> None:
    """The same answer with a name that does not exist: shown where nobody checks, and nowhere else."""
    ways = ("ungated", "model", "all", "asked")
    engine = ScriptedEngine(*["logic unused = nothing;"] * len(ways))
    plan = replace(LINES, engines=ways, per_kind=1)
    async with _session(folder, engine) as session:
        rows = await _rows(session, folder, plan)
    assert [row.engine for row in rows] == list(ways)
    assert [(row.shown, row.elaborates) for row in rows] == [(True, False), *[(False, True)] * 3]
    assert len({row.offset for row in rows}) == 1


async def test_rows_that_are_there_are_not_asked_again(folder: Path, tmp_path: Path) -> None:
    """A run that goes on asks for the rest; a changed file is another question."""
    path = tmp_path / "rows.csv"
    engine = ScriptedEngine("assign a = b;", "assign a = b;")
    async with _session(folder, engine) as session:
        rows = await _rows(session, folder, LINES)
        scores.write(path, rows[:1])
        assert scores.read(path) == (rows[0],)
        engine.enqueue("assign c = d;")
        again = await _rows(session, folder, LINES, scores.read(path))
    assert len(engine.asked) == 3
    assert again[0] == rows[0]
    assert again[1].key == rows[1].key
    (folder / "core.sv").write_text(CORE.replace("busy_o", "ready_o"), encoding="utf-8")
    for _ in range(2):
        engine.enqueue("assign c = d;")
    async with _session(folder, engine) as session:
        await _rows(session, folder, LINES, tuple(rows))
    assert len(engine.asked) == 5


ROW = Row(
    file="a.sv", digest="12ab", offset=7, length=3, site="next line", engine="all", model="m",
    shown=True, exact=False, same=True, equivalent=True, similarity=0.25, given=0, right=0, wanted=0,
    origin="model", score=-0.5, parses=True, elaborates=False, reason='no "x", sorry\n', latency_ms=12.5,
    prompt_tokens=100, generated_tokens=9,
)  # fmt: skip


def test_a_csv_file_keeps_rows_as_they_are(tmp_path: Path) -> None:
    """Commas, quotes and line ends in a reason come back; a line that was cut off is left out."""
    path = tmp_path / "rows.csv"
    rows = (ROW, replace(ROW, offset=8, score=None, shown=False, reason=""))
    scores.write(path, rows[:1])
    scores.write(path, rows[1:])
    assert scores.read(path) == rows
    with path.open("a", encoding="utf-8") as file:
        file.write("a.sv,12ab,9,3,next li")
    assert scores.read(path) == rows


def test_another_csv_file_is_refused(tmp_path: Path) -> None:
    """Columns of somebody else are never written to; no file is no rows."""
    path = tmp_path / "other.csv"
    assert scores.read(path) == ()
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="other columns"):
        scores.read(path)


def test_the_report_counts_what_is_shown() -> None:
    """Shares are of what was shown; each suggestion that adds an error is listed; what is raw has no bars."""
    port = replace(ROW, site="port map", origin="port map", elaborates=True, reason="")
    rows = [
        ROW,
        replace(ROW, offset=8, exact=True, elaborates=True, reason=""),
        replace(ROW, offset=9, shown=False, elaborates=True, reason=""),
        replace(ROW, engine="raw-prefix", parses=False),
        replace(ROW, engine="asked", offset=8, elaborates=True, reason=""),
        replace(ROW, engine="raw-prefix", offset=8, exact=True, elaborates=True, reason=""),
        replace(ROW, engine="ungated", offset=8, equivalent=False),
        port,
        replace(port, offset=9, equivalent=False, given=2, right=2, wanted=3),
        replace(port, offset=10, shown=False),
    ]  # fmt: skip
    found = {(s.engine, s.site): s for s in site_scores(rows)}
    line = found["all (m)", "next line"]
    assert (line.count, line.shown, line.exact, line.right, line.elaborates) == (3, 2, 1, 2, 1)
    assert found["all (m)", "all sites"].count == 6
    assert [row.engine for row in new_errors(rows)] == ["all", "raw-prefix", "ungated"]
    judged = {bar.what: (bar.measured, bar.is_met) for bar in bars(rows)}
    assert judged == {
        "shown suggestions that add a syntax error": ("0 of 5", True),
        "shown suggestions that add another error": ("20.00 % (1 of 5)", False),
        "next line: exact when asked for by hand, beside a raw prefix prompt": (
            "0 beside 1 of 1",
            False,
        ),
        "right when shown, beside the same without gate and silence": (
            "100.0% beside 0.0%",
            True,
        ),
        "port map: computed and shown": ("66.67 % (2 of 3)", False),
        "port map: of these exact or equivalent": ("50.00 % (1 of 2)", False),
        "port map: of these right as far as they go": ("100.00 % (2 of 2)", None),
    }


def test_the_curve_is_over_all_places() -> None:
    """A higher threshold shows less; what was not shown, or has no score, counts as a place all the same."""
    rows = [
        replace(ROW, score=-0.1),
        replace(ROW, score=-1.0, equivalent=False),
        replace(ROW, score=None),
        replace(ROW, shown=False, score=-0.1),
    ]
    found = points(rows, (0.0, 0.1, 0.5, 0.95))
    assert [(p.probability, p.shown, p.precision, p.count) for p in found] == [
        (0.0, 0.5, 0.5, 2),
        (0.5, 0.25, 1.0, 1),
    ]
    drawn = ET.fromstring(svg({"a < b": found}))
    assert len(drawn.findall("{*}circle")) == 2
    (line,) = drawn.findall("{*}polyline")
    assert line.get("points") == "340.0,185.0 200.0,20.0"


SECRET = """module secret (input logic clk_i, output logic q_o);
  logic unguessable_first;
  logic unguessable_second;
  assign q_o = clk_i;
endmodule
"""


async def test_nothing_tells_what_was_taken_out(folder: Path, tmp_path: Path) -> None:
    """The disk, the index and the holes before have the text; the prompt for a hole has not."""
    (folder / "secret.sv").write_text(SECRET, encoding="utf-8")
    engine = ScriptedEngine(*["assign q_o = 1'b0;"] * 3)
    names = ("unguessable_first", "unguessable_second", "unguessable_first")
    async with _session(folder, engine, tmp_path / "index") as session:
        file = session.table.id_of(str(folder / "secret.sv"))
        text = session.snapshot().text(file)
        assert text is not None
        for name in names:
            start = SECRET.index(f"logic {name}")
            mask = Mask(MaskKind.DECLARATION, start, start + len(f"logic {name};"))
            hole = await asking.opened(session, file, mask.applied(text), mask.start)
            await asking.model_alone(hole)
            hole.close()
        assert session.snapshot().text(file) == text
    for name, request in zip(names, engine.asked, strict=True):
        assert isinstance(request.prompt, FimPrompt)
        assert name not in repr(request.prompt)
        assert "unguessable" in repr(request.prompt)


GUESS = """module guess (input logic clk_i, input logic yak, input logic zebra, output logic gnu);
  part u_part (
    .clk_i(clk_i),
    .first_i(zebra),
    .second_i(yak),
    .third_o(gnu)
  );
endmodule
module part (input logic clk_i, input logic first_i, input logic second_i, output logic third_o);
endmodule
"""


async def test_no_habit_is_learnt_from_what_was_taken_out(folder: Path) -> None:
    """Which of two signals a port gets stands only in the file on disk: no rule can know it."""
    (folder / "core.sv").write_text(GUESS, encoding="utf-8")
    async with _session(folder) as session:
        plan = replace(ARMS, kinds=(MaskKind.PORT_MAP,))
        (row,) = await _rows(session, folder, plan)
    assert (row.site, row.equivalent) == ("port map", False)


async def test_copies_are_not_asked_for(folder: Path) -> None:
    """A file that stands twice in the project tells its own holes: neither of the two is used."""
    (folder / "copy.sv").write_text(CORE.replace("module core", "module copy"), encoding="utf-8")
    async with _session(folder) as session:
        snapshot = session.snapshot()
        named = {Path(snapshot.path(file)).name: file for file in snapshot.files}
        kept = without_twins(snapshot, [named["core.sv"], named["p.sv"], named["copy.sv"]])
    assert kept == [named["p.sv"]]


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A quick run over one kind of site: table and bars, rows in the file, 1 because a bar is missed or 0."""
    path = tmp_path / "rows.csv"
    dotted = str(folder / ".." / folder.name)
    words = ["eval", "completion", dotted, "--engine", "computed", "--csv", str(path)]
    code = main([*words, "--site", "case-arms", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [(s["site"], s["count"], s["right"]) for s in said["sites"]] == [
        ("case arms", 1, 1),
        ("all sites", 1, 1),
    ]
    assert len(scores.read(path)) == 1
    capsys.readouterr()
    assert main(["eval", "completion", "--rows", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sites"] == said["sites"]
    assert main(["eval", "completion", "--rows", str(path), "--markdown"]) == 0
    assert "| case arms | 1 | 100 % |" in capsys.readouterr().out
    assert main([*words, "--site", "case-arms", "--show", "1"]) == 0
    assert "case arms: computed and shown: 100.00 % (1 of 1)" in capsys.readouterr().out
    assert len(scores.read(path)) == 1
