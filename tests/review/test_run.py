"""A review of a small design: slang's and our findings, then a scripted model's judgements on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hdl_lsp.errors import WorkerGoneError
from hdl_lsp.llm.engine import ChatPrompt, Engine, Lane
from hdl_lsp.review.findings import Finding, Origin, in_order, with_fingerprints
from hdl_lsp.review.judgement import GRAMMAR, judged
from hdl_lsp.review.run import Lines, model_findings, tool_findings
from hdl_lsp.semantics.facts import FileFacts, Severity
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.engine import ScriptedEngine
from tests.support.fixture import Fixture, parse_fixture

DESIGN = """
//- /rtl/decoder.sv
module decoder (input logic [3:0] sel_i, output logic [7:0] hot_o);
  assign hot_o[0] = sel_i == 4'd0;
  assign hot_o[1] = sel_i == 4'd1;
  assign hot_o[2] = sel_i == 4'd1;
  assign hot_o[3] = sel_i == 4'd3;
endmodule
//- /rtl/counter.sv
module counter (input logic clk_i, input logic rst_ni, input logic en_i, output logic [3:0] count_o);
  logic [3:0] count_q;
  logic       seen_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else if (en_i) begin
      count_q <= count_q + 4'd1;
      seen_q  <= 1'b1;
    end
  end
  assign count_o = cuont_q;
endmodule
"""


async def by_tools(at: Fixture, lines: Lines | None = None) -> tuple[Finding, ...]:
    """What slang and the rules find in all files."""
    snapshot = at.snapshot()

    async def facts_of(file: FileId) -> FileFacts | None:
        return snapshot.fresh_facts(file)

    found: list[Finding] = []
    async for step, findings in tool_findings(snapshot, sorted(snapshot.files), facts_of, lines):
        assert 1 <= step.done <= step.total
        found += findings
    return in_order(found)


async def by_model(snapshot: Snapshot, leads: tuple[Finding, ...], engine: Engine) -> list[Finding]:
    """What the model says about *leads*."""
    return [said async for _, said in model_findings(snapshot, leads, engine) if said]


def shown(at: Fixture, findings: tuple[Finding, ...]) -> str:
    """Findings as text, with evidence and fingerprints."""
    rows: list[str] = []
    for found in with_fingerprints(findings, "/"):
        text = at.snapshot().text(at.file_of(found.path))
        assert text is not None
        rows.append(
            f"{found.path}:{text.line_of(found.span.start) + 1}: {found.severity.value}: "
            f"{found.message} [{found.rule}] ({found.origin.value}) {found.fingerprint}"
        )
        rows += (f"    {fact.path}: {fact.fact}" for fact in found.evidence)
    return "\n".join(rows) + "\n"


async def test_a_review(golden: Callable[[str, str], None]) -> None:
    """One finding of slang and one of each rule, then the model's on two of them."""
    at = parse_fixture(DESIGN)
    leads = await by_tools(at)
    assert [f.origin for f in leads].count(Origin.SLANG) == 1
    engine = ScriptedEngine(
        "mistake: The reset branch forgets seen_q.",
        "mistake: sel_i is compared with the same number twice.",
        "intended: The counter works as it is.",
    )
    said = await by_model(at.snapshot(), leads, engine)
    golden("review/small.txt", shown(at, in_order((*leads, *said))))


async def test_only_changed_lines_are_reviewed() -> None:
    """A finding counts when one of its lines changed; files that are not named are left out by the caller."""
    at = parse_fixture(DESIGN)
    decoder, counter = at.file_of("/rtl/decoder.sv"), at.file_of("/rtl/counter.sv")
    found = await by_tools(at, {decoder: frozenset({4}), counter: frozenset({9})})
    assert [f.rule for f in found] == ["unreset-register", "broken-series"]
    assert await by_tools(at, {decoder: frozenset({1})}) == ()


async def test_ignored_codes_are_not_found() -> None:
    """The user's list holds for reviews too."""
    at = parse_fixture(DESIGN + '//- /hdl-lsp.toml\n[diagnostics]\nignore = ["TypoIdentifier"]\n')
    assert all(f.origin is Origin.RULE for f in await by_tools(at))


async def test_moved_lines_keep_their_fingerprints() -> None:
    """Three new lines at the top of every file change no fingerprint."""
    before = with_fingerprints(await by_tools(parse_fixture(DESIGN)), "/")
    moved = DESIGN.replace("module decoder", "\n\n\nmodule decoder")
    after = with_fingerprints(await by_tools(parse_fixture(moved)), "/")
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after]
    assert [f.span for f in before] != [f.span for f in after]


async def lead() -> tuple[Fixture, Finding]:
    """The finding about the register without a reset."""
    at = parse_fixture(DESIGN)
    (found,) = (f for f in await by_tools(at) if f.rule == "unreset-register")
    return at, found


async def test_a_judgement_carries_the_lead_as_evidence() -> None:
    """The model's finding has the lead's place and rule, and the fact it stands on."""
    at, found = await lead()
    engine = ScriptedEngine("mistake: The reset branch forgets seen_q.")
    said = await judged(at.snapshot(), at.file_of(found.path), found, engine)
    assert said is not None
    assert said.message == "likely a mistake: The reset branch forgets seen_q."
    assert (said.origin, said.span) == (Origin.MODEL, found.span)
    assert said.evidence[0].fact == f"unreset-register: {found.message}"


@pytest.mark.parametrize(
    "answer",
    [
        "intended: The reset branch leaves seen_q out on purpose.",
        "mistake: The not_there_q register has no reset branch.",
        "mistake: It has 12 registers in the reset branch.",
        "mistake: It does.",
        "mistake",
        "The reset branch forgets seen_q.",
        "",
    ],
)
async def test_a_judgement_that_cannot_stand_is_not_shown(answer: str) -> None:
    """Intended lines, ungrounded reasons and answers of another shape give no finding."""
    at, found = await lead()
    engine = ScriptedEngine(answer)
    assert await judged(at.snapshot(), at.file_of(found.path), found, engine) is None


async def test_what_the_model_is_asked() -> None:
    """The lines around the finding, the line, and the fact; the grammar admits a verdict with a reason."""
    at, found = await lead()
    engine = ScriptedEngine("intended: It is held on purpose.")
    await judged(at.snapshot(), at.file_of(found.path), found, engine)
    (asked,) = engine.asked
    assert asked.lane is Lane.CHAT
    assert asked.grammar == GRAMMAR
    assert isinstance(asked.prompt, ChatPrompt)
    assert "Line: seen_q  <= 1'b1;" in asked.prompt.user
    assert found.message in asked.prompt.user


async def test_leads_of_rules_are_judged_before_slangs() -> None:
    """Slang's findings are facts already; time goes to what needs a judgement first."""
    at = parse_fixture(DESIGN)
    engine = ScriptedEngine(*["intended: It is held on purpose."] * 3)
    assert await by_model(at.snapshot(), await by_tools(at), engine) == []
    users = [r.prompt.user for r in engine.asked if isinstance(r.prompt, ChatPrompt)]
    assert "seen_q" in users[0]
    assert "cuont_q" in users[-1]


async def test_an_engine_that_fails_is_heard() -> None:
    """The command line then says that the model was left out."""
    at = parse_fixture(DESIGN)
    engine = ScriptedEngine()
    engine.enqueue(WorkerGoneError("the model process died"))
    with pytest.raises(WorkerGoneError):
        await by_model(at.snapshot(), await by_tools(at), engine)


@pytest.mark.parametrize("text", ["", "\n", "module", "always_ff @(posedge", "\0", "é 電 <= 1;"])
async def test_broken_files_are_reviewed(text: str) -> None:
    """Any text gives findings or none, never an exception."""
    for found in await by_tools(parse_fixture("//- /broken.sv\n" + text)):
        assert found.severity in Severity
