"""The model without weights."""

from __future__ import annotations

import pytest

from hdl_lsp.llm import ngram
from hdl_lsp.llm.engine import AllowedNames, FimPrompt, FinishReason, GenerateRequest
from hdl_lsp.llm.ngram import NgramEngine

PORTS = """\
module fifo (input logic clk_i, input logic rst_ni);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q <= 1'b0;
    end
  end
"""


def request(line: str, **options: object) -> GenerateRequest:
    """A request at the end of PORTS."""
    fields: dict[str, object] = {"max_tokens": 12, "single_line": True, **options}
    return GenerateRequest(FimPrompt("", "a.sv", PORTS, line, "\nendmodule\n"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "a", PORTS, "x\t y\r\n // ä é\n"])
def test_tokens_joined_are_the_text(text: str) -> None:
    """Tokenising loses nothing."""
    assert "".join(ngram.tokenise(text)) == text


async def test_pattern_of_the_file_is_continued() -> None:
    """The always_ff header that occurs above is written again, from the middle of a word."""
    answer = await NgramEngine().generate(request("  always_ff @(pos", max_tokens=40))
    assert answer.text == "edge clk_i or negedge rst_ni) begin"
    assert answer.finish is FinishReason.STOP


async def test_equal_requests_give_equal_answers() -> None:
    """The engine is deterministic."""
    engine = NgramEngine()
    first, second = [await engine.generate(request("    if (")) for _ in range(2)]
    assert first.text == second.text != ""


async def test_limit_of_tokens_is_kept_and_streamed_text_is_the_text() -> None:
    """max_tokens ends the answer, and the pieces add up to it."""
    pieces: list[str] = []
    answer = await NgramEngine().generate(request("  always_ff", max_tokens=3), pieces.append)
    assert answer.finish is FinishReason.LENGTH
    assert answer.timings.generated_tokens == 3
    assert "".join(pieces) == answer.text == " @("


async def test_unknown_history_gives_nothing() -> None:
    """A word never seen before is not continued."""
    prompt = FimPrompt("", "a.sv", "", "zyx", "")
    answer = await NgramEngine().generate(GenerateRequest(prompt, max_tokens=5))
    assert (answer.text, answer.finish) == ("", FinishReason.STOP)


async def test_names_are_those_that_exist() -> None:
    """What the file repeats is not written where it is not visible."""
    engine = NgramEngine()
    free = await engine.generate(request("  always_ff @(posedge ", max_tokens=1))
    allowed = AllowedNames(visible=("clock",), blocks=0)
    held = await engine.generate(request("  always_ff @(posedge ", max_tokens=1, allowed=allowed))
    assert free.text == "clk_i"
    assert "clk_i" not in held.text
