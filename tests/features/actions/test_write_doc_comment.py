"""Doc comments: comment lines above the declaration, in words that stand on facts."""

from __future__ import annotations

import pytest

from hdl_lsp.errors import WorkerGoneError
from hdl_lsp.features.actions.write_doc_comment import write_doc_comment
from hdl_lsp.llm.engine import ChatPrompt
from hdl_lsp.text import edit
from hdl_lsp.text.source import SourceText
from tests.support.engine import ScriptedEngine
from tests.support.fixture import parse_fixture

COUNTER = """
module counter (input logic clk_i, output logic [3:0] count_o);
  logic [3:0] coun<|>t_q;
  always_ff @(posedge clk_i) count_q <= count_q + 4'd1;
  assign count_o = count_q;
endmodule
"""
BEGINNING = "`count_q` is a variable of `counter` that "


async def commented(fixture: str, *answers: str) -> tuple[list[str], ScriptedEngine]:
    """The lines of the file after the edit, and the engine."""
    at = parse_fixture(fixture)
    engine = ScriptedEngine(*answers)
    edits = await write_doc_comment(at.snapshot(), at.file, at.offset, engine)
    return edit.apply(at.source, edits).text.split("\n"), engine


async def test_the_comment_stands_above_in_the_same_indentation() -> None:
    """One comment line, without backticks, right above the declaration."""
    lines, _ = await commented(COUNTER, BEGINNING + "counts the cycles of the clock.")
    assert lines[1:3] == [
        "  // count_q is a variable of counter that counts the cycles of the clock.",
        "  logic [3:0] count_q;",
    ]


async def test_what_it_is_is_not_the_models_to_say() -> None:
    """The grammar forces the computed beginning."""
    _, engine = await commented(COUNTER, "")
    grammar = engine.asked[0].grammar
    assert grammar is not None
    assert grammar.startswith(f'root ::= "{BEGINNING}" ')


@pytest.mark.parametrize(
    "purpose",
    [
        "is written to not_there_q by the count.",  # names what exists nowhere
        "counts up to 17 before it wraps.",  # a number that nobody mentioned
        "belongs to the Zilog count family.",  # a proper name
        "performs an operation.",  # says nothing
        "counts the cycles of",  # is cut off
        "",
    ],
)
async def test_words_that_cannot_stand_write_nothing(purpose: str) -> None:
    """The file stays as it is: a comment that repeats the declaration is noise."""
    lines, engine = await commented(COUNTER, BEGINNING + purpose if purpose else "")
    assert lines == parse_fixture(COUNTER).source.text.split("\n")
    assert len(engine.asked) == 1


async def test_a_comment_cannot_become_code() -> None:
    """Line ends and comment marks in the answer do not leave the comment."""
    answer = "The clock counts.\nassign count_o = 0;\n*/ The count is held /* here."
    lines, _ = await commented(COUNTER, answer)
    added = [line for line in lines if line.startswith("  //")]
    assert added
    assert len(lines) == len(parse_fixture(COUNTER).source.text.split("\n")) + len(added)
    assert not any("*/" in line or "/*" in line for line in added)


async def test_a_module_is_documented() -> None:
    """The cursor on a module's name gives a comment above the module, in the words of an engine without grammar."""
    at = parse_fixture(COUNTER.replace("<|>", "").replace("module coun", "module co<|>un"))
    engine = ScriptedEngine("The module counts clock cycles.")
    edits = await write_doc_comment(at.snapshot(), at.file, at.offset, engine)
    assert edit.apply(at.source, edits).line_text(0) == "// The module counts clock cycles."


@pytest.mark.parametrize(
    "fixture",
    [
        COUNTER.replace("  logic [3:0] c", "  // Cycles so far.\n  logic [3:0] c"),
        COUNTER.replace("<|>", "").replace("always_ff", "alw<|>ays_ff"),
        COUNTER.replace("<|>", "") + "<|>",
    ],
)
async def test_nothing_to_document(fixture: str) -> None:
    """Documented declarations, keywords and blank places are left alone, and the model is not asked."""
    lines, engine = await commented(fixture)
    assert lines == parse_fixture(fixture).source.text.split("\n")
    assert engine.asked == []


async def test_line_ends_are_the_files() -> None:
    """A CRLF file gets a CRLF comment."""
    at = parse_fixture(COUNTER.replace("\n", "\r\n"))
    engine = ScriptedEngine(BEGINNING + "counts the cycles of the clock.")
    (only,) = await write_doc_comment(at.snapshot(), at.file, at.offset, engine)
    assert only.new_text.endswith(".\r\n")
    assert SourceText.of(only.new_text).line_count == 2


async def test_an_engine_that_fails_is_heard() -> None:
    """The engine's own error is passed on."""
    engine = ScriptedEngine()
    engine.enqueue(WorkerGoneError("the model process died"))
    at = parse_fixture(COUNTER)
    with pytest.raises(WorkerGoneError):
        await write_doc_comment(at.snapshot(), at.file, at.offset, engine)


async def test_the_prompt_holds_facts_and_uses() -> None:
    """The model reads the facts, the declaration and the lines that use the name."""
    _, engine = await commented(COUNTER, "")
    prompt = engine.asked[0].prompt
    assert isinstance(prompt, ChatPrompt)
    for part in ("4 bits wide", "logic [3:0] count_q;", "assign count_o = count_q;"):
        assert part in prompt.user
