"""Fixes: offered only if slang says afterwards that the diagnostic is gone and nothing new came."""

from __future__ import annotations

import pytest

from hdl_lsp.features.actions.fix_diagnostic import Fix, fix_diagnostic, grammar_of, is_close
from hdl_lsp.llm.engine import ChatPrompt, FimPrompt, FinishReason, Lane
from hdl_lsp.semantics.facts import FileFacts, Severity
from hdl_lsp.text import edit
from hdl_lsp.text.source import SourceText
from tests.support.checker import text_checker
from tests.support.engine import ScriptedEngine
from tests.support.fixture import Fixture, parse_fixture

WIDTHS = """
//- /hdl-lsp.toml
[diagnostics]
warnings = ["width-trunc", "width-expand", "port-width-trunc"]
"""


async def fixed(fixture: str, engine: ScriptedEngine | None = None) -> tuple[Fix | None, str]:
    """The fix of the diagnostic at the cursor, and the cursor's line after it ("" without a fix)."""
    at = parse_fixture(fixture)
    fix = await _fix(at, engine)
    if fix is None:
        return None, ""
    changed = edit.apply(at.source, fix.edits)
    return fix, changed.line_text(at.source.line_of(at.offset)).strip()


async def _fix(at: Fixture, engine: ScriptedEngine | None) -> Fix | None:
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    line = at.source.line_of(at.offset)
    order = list(Severity)
    found = sorted(
        (d for d in facts.diagnostics if at.source.line_of(d.span.start) == line),
        key=lambda d: order.index(d.severity),
    )
    assert found, facts.diagnostics
    return await fix_diagnostic(
        snapshot, at.file, found[0], engine, text_checker(snapshot, at.file)
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("assign q_o = vld_qq;<|>", "assign q_o = vld_q;"),
        ("assign wide = data_i<|>", "assign wide = data_i;"),
        ("assign wide = (data_i;<|>", "assign wide = (data_i);"),
        (
            "child u (.clk_i(clk_i), .dta_i(data_i));<|>",
            "child u (.clk_i(clk_i), .data_i(data_i));",
        ),
        (
            "child #(.Widht(8)) u (.clk_i(clk_i), .data_i(data_i));<|>",
            "child #(.Width(8)) u (.clk_i(clk_i), .data_i(data_i));",
        ),
        (
            "chidl u (.clk_i(clk_i), .data_i(data_i));<|>",
            "child u (.clk_i(clk_i), .data_i(data_i));",
        ),
        ("assing wide = data_i;<|>", "assign wide = data_i;"),
        ("always_comb iff (clk_i) wide = 0;<|>", "always_comb if (clk_i) wide = 0;"),
        ("assign s.vlaid = 1'b0;<|>", "assign s.valid = 1'b0;"),
        ("assign wide = some_pkg::IDEL;<|>", "assign wide = some_pkg::IDLE;"),
    ],
)
async def test_what_can_be_computed_needs_no_model(line: str, wanted: str) -> None:
    """Missing punctuation and misspelt names of every kind are fixed without a model."""
    fix, got = await fixed(
        f"""
        package some_pkg;
          localparam logic [7:0] IDLE = 8'd1;
        endpackage
        module child #(parameter int Width = 8) (input logic clk_i, input logic [Width-1:0] data_i);
        endmodule
        module top (input logic clk_i, input logic [7:0] data_i, output logic q_o);
          typedef struct packed {{logic valid; logic ready;}} state_t;
          logic vld_q;
          logic [7:0] wide;
          state_t s;
          {line}
        endmodule
        """
    )
    assert got == wanted
    assert fix is not None
    assert not fix.is_generated


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("assign q_o = data_i;<|>", "assign q_o = 4'(data_i);"),
        ("child u (.a_i(data_i));<|>", "child u (.a_i(4'(data_i)));"),
    ],
)
async def test_a_lost_bit_becomes_a_cast(line: str, wanted: str) -> None:
    """A conversion that drops bits is written out as a cast (IEEE 1800-2023 6.24.1)."""
    fix, got = await fixed(
        f"""
//- /top.sv
module top (input logic [7:0] data_i, output logic [3:0] q_o);
  {line}
endmodule
module child (input logic [3:0] a_i);
endmodule
{WIDTHS}"""
    )
    assert got == wanted
    assert fix is not None
    assert fix.title == "Cast to 4 bits"


MISSPELT = """
    module top (input logic data_a_i, input logic data_b_i, output logic q_o);
      assign q_o = data_x_i;<|>
    endmodule
    """


async def test_the_model_chooses_between_names_that_all_compile() -> None:
    """With two equally good names the model is asked, and its grammar admits these names only."""
    engine = ScriptedEngine("data_b_i")
    fix, got = await fixed(MISSPELT, engine)
    assert got == "assign q_o = data_b_i;"
    assert fix is not None
    assert fix.is_generated
    (asked,) = engine.asked
    assert asked.lane is Lane.CHAT
    assert asked.grammar == 'root ::= "data_a_i" | "data_b_i"\n'
    assert isinstance(asked.prompt, ChatPrompt)
    assert "data_x_i" in asked.prompt.user


async def test_a_clearly_nearer_name_needs_no_model() -> None:
    """A transposed letter beats a name that merely shares a stem; the model has nothing to decide."""
    fix, got = await fixed(
        """
        module top (input logic valid_q, input logic valid_d, output logic q_o);
          assign q_o = valdi_q;<|>
        endmodule
        """,
        ScriptedEngine(),
    )
    assert got == "assign q_o = valid_q;"
    assert fix is not None
    assert not fix.is_generated


async def test_a_name_the_model_made_up_is_not_used() -> None:
    """An answer outside the grammar, from an engine that knows none, gives the name most alike."""
    fix, got = await fixed(MISSPELT, ScriptedEngine("data_y_i"))
    assert got in {"assign q_o = data_a_i;", "assign q_o = data_b_i;"}
    assert fix is not None
    assert not fix.is_generated


async def test_without_a_model_the_most_similar_name_is_taken() -> None:
    """Names are offered with no engine at all."""
    fix, _ = await fixed(MISSPELT)
    assert fix is not None
    assert not fix.is_generated


BROKEN = """
    module top (input logic a_i, input logic b_i, output logic q_o);
      assign q_o = a_i b_i;<|>
    endmodule
    """


async def test_a_line_the_chat_model_corrected_is_taken_if_slang_accepts_it() -> None:
    """The chat model's line replaces the broken one, in its indentation and without the fence around it."""
    fix, got = await fixed(
        BROKEN, ScriptedEngine("```systemverilog\nassign q_o = a_i & b_i;\n```\nI corrected it.")
    )
    assert got == "assign q_o = a_i & b_i;"
    assert fix is not None
    assert (fix.title, fix.is_generated) == ("Rewrite this line", True)
    assert fix.edits[0].new_text.startswith("  assign")


async def test_a_bad_answer_gives_way_to_the_next() -> None:
    """A line that slang refuses is dropped, and the inline model writes it from what stands around it."""
    engine = ScriptedEngine("assign q_o = a_i c_i;", "assign q_o = a_i | b_i;")
    _, got = await fixed(BROKEN, engine)
    assert got == "assign q_o = a_i | b_i;"
    prompt = engine.asked[1].prompt
    assert isinstance(prompt, FimPrompt)
    assert "a_i b_i" not in prompt.prefix + prompt.line_prefix + prompt.suffix
    assert prompt.suffix.strip() == "endmodule"


@pytest.mark.parametrize(
    "answer",
    [
        "assign q_o = a_i & c_i;",  # another unknown name
        "// assign q_o = a_i b_i;",  # the code is gone
        ";",
        "",
        "logic unrelated;",
    ],
)
async def test_no_fix_is_better_than_a_wrong_one(answer: str) -> None:
    """What does not compile, or cures by deleting the code, is never offered."""
    fix, _ = await fixed(BROKEN, ScriptedEngine(answer, answer))
    assert fix is None


async def test_half_an_answer_is_none() -> None:
    """A line that was cut off at the token limit is not used, even if it compiles."""
    engine = ScriptedEngine()
    engine.enqueue("assign q_o = a_i & b_i;", FinishReason.LENGTH)
    engine.enqueue("assign q_o = a_i & b_i;", FinishReason.LENGTH)
    assert (await fixed(BROKEN, engine))[0] is None


async def test_every_fix_went_through_slang() -> None:
    """The offered text is the last one that was compiled."""
    at = parse_fixture(MISSPELT)
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    seen: list[SourceText] = []
    check = text_checker(snapshot, at.file, seen)
    fix = await fix_diagnostic(snapshot, at.file, facts.diagnostics[0], None, check)
    assert fix is not None
    assert edit.apply(at.source, fix.edits) in seen


async def test_no_fix_while_analysis_is_down() -> None:
    """Without slang's word nothing is offered."""
    at = parse_fixture(MISSPELT)
    snapshot = at.snapshot()
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None

    async def down(_: SourceText) -> FileFacts | None:
        return None

    assert await fix_diagnostic(snapshot, at.file, facts.diagnostics[0], None, down) is None


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("assign q = a b;", "assign q = a & b;", True),
        ("assign q = a b;", "// assign q = a b;", False),
        ("assign q = a b;", "", False),
        ("assign q = a b;", "endmodule", False),
        ("  q <= d // keeps\n", "q <= d;", True),
    ],
)
def test_a_correction_keeps_most_of_the_line(old: str, new: str, same: bool) -> None:
    """Deleting code is no correction."""
    assert is_close(old, new) is same


def test_the_grammar_admits_the_names_and_nothing_else() -> None:
    """One alternative for each name."""
    assert grammar_of(("a", "b_q")) == 'root ::= "a" | "b_q"\n'
