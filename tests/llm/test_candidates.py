"""Several candidates for one prompt, from real models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hdl_lsp.llm.engine import FimPrompt, FinishReason, GenerateRequest, Lane
from tests.llm.conftest import MakeEngine

pytestmark = pytest.mark.real

MODULE = """\
module timer #(parameter int Width = 8) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             enable_i,
  input  logic             clear_i,
  output logic [Width-1:0] count_o,
  output logic             done_o
);
  logic [Width-1:0] count_q, count_d;
"""
LINES = ("  assign ", "  always_", "  if (", "  count_", "")


def asked(line: str, candidates: int, **options: object) -> GenerateRequest:
    """A ghost text request at the end of MODULE."""
    request = GenerateRequest(
        FimPrompt("", "rtl/timer.sv", MODULE, line, "\nendmodule\n"),
        20,
        document="timer.sv",
        candidates=candidates,
        single_line=True,
    )
    return replace(request, **options)


@pytest.mark.parametrize("line", LINES)
async def test_the_first_candidate_is_what_one_would_be(
    model: Path, make_engine: MakeEngine, line: str
) -> None:
    """Asking for more changes no character, no probability and no reuse of the first, before or after."""
    engine, other = make_engine(model), make_engine(model)
    for typed in (line, line + "c", line + "cl"):
        one = await engine.generate(asked(typed, 1))
        four = await other.generate(asked(typed, 4))
        assert four.text == one.text
        assert four.token_logprobs == one.token_logprobs
        assert four.timings.reused_tokens == one.timings.reused_tokens


async def test_candidates_differ_and_come_likeliest_first(
    model: Path, make_engine: MakeEngine
) -> None:
    """Up to three others, none equal to another, each with its probability, again the same when asked again."""
    engine = make_engine(model)
    answer = await engine.generate(asked("  assign ", 4))
    texts = [answer.text, *(other.text for other in answer.alternatives)]
    assert 2 <= len(texts) <= 4
    assert len({"".join(text.split()) for text in texts}) == len(texts)
    means = [other.logprob / other.tokens for other in answer.alternatives]
    assert means == sorted(means, reverse=True)
    assert all("\n" not in text for text in texts)
    assert (await engine.generate(asked("  assign ", 4))).alternatives == answer.alternatives


async def test_a_stop_ends_every_candidate(model: Path, make_engine: MakeEngine) -> None:
    """Stop texts hold for all of them."""
    request = asked("  assign ", 4, stop=("=",), single_line=False)
    answer = await make_engine(model).generate(request)
    assert answer.alternatives
    for other in answer.alternatives:
        assert "=" not in other.text


async def test_the_deadline_leaves_the_first_candidate(
    model: Path, make_engine: MakeEngine
) -> None:
    """Time that runs out while the others are written takes nothing from the first, and the engine goes on."""
    engine = make_engine(model)
    long = asked("  assign ", 4, max_tokens=48, single_line=False)
    whole = await engine.generate(replace(long, candidates=1))
    late = await engine.generate(replace(long, deadline_s=whole.timings.total_ms / 1000 * 0.7))
    assert whole.text.startswith(late.text)
    assert whole.text.startswith((await engine.generate(asked("  assign ", 1))).text)


async def test_a_candidate_is_written_in_the_chat_lane_too(
    smol: Path, make_engine: MakeEngine
) -> None:
    """Words that make way for ghost text have the same candidates as undisturbed ones."""
    engine = make_engine(smol)
    words = asked("  assign ", 3, lane=Lane.CHAT, max_tokens=30, single_line=False)
    alone = await engine.generate(words)
    assert alone.alternatives
    again = await engine.generate(words)
    assert again.alternatives == alone.alternatives
    assert alone.finish in (FinishReason.LENGTH, FinishReason.STOP)
