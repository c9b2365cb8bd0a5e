"""Log probabilities of real models: of each token, of what is typed already, of a text that was cut."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from hdl_lsp.llm.engine import FimPrompt, GenerateRequest, Generation
from tests.llm.conftest import MakeEngine

pytestmark = pytest.mark.real

SERIES = "".join(f"  assign out_{n}_o = data_{n}_q;\n" for n in range(6))


def asked(line: str, max_tokens: int = 24) -> GenerateRequest:
    """The rest of a line that goes on with a series."""
    return GenerateRequest(FimPrompt("", "a.sv", SERIES, line, ""), max_tokens, single_line=True)


def ends_and_text(answer: Generation) -> tuple[int, int]:
    """Where the last token ends, and the text's length."""
    return answer.token_logprobs[-1][0], len(answer.text)


async def test_every_token_says_where_it_ends(model: Path, make_engine: MakeEngine) -> None:
    """One entry a token, in order, up to the end of the text and at most the newline beyond it."""
    answer = await make_engine(model).generate(asked("  assign out_6_o"))
    ends = [end for end, _ in answer.token_logprobs]
    assert ends == sorted(ends)
    assert len(ends) == answer.timings.generated_tokens
    last, length = ends_and_text(answer)
    assert length <= last <= length + 8
    assert all(logprob <= 0.0 for _, logprob in answer.token_logprobs)


async def test_what_is_certain_is_likely(model: Path, make_engine: MakeEngine) -> None:
    """The continuation of a plain series is likelier than that of nothing at all."""
    engine = make_engine(model)
    certain = await engine.generate(asked("  assign out_6_o"))
    open_ended = await engine.generate(replace(asked(""), prompt=FimPrompt("", "", "", "", "")))
    assert certain.mean_logprob is not None
    assert open_ended.mean_logprob is not None
    assert open_ended.mean_logprob < certain.mean_logprob < 0.0


async def test_letters_typed_already_are_given(model: Path, make_engine: MakeEngine) -> None:
    """The probability of a half-typed word's rest is the one among words that begin so."""
    engine = make_engine(model)
    answer = await engine.generate(asked("  assign out_6_o = dat"))
    assert answer.text.startswith("a_6_q")
    assert math.exp(answer.token_logprobs[0][1]) > 0.5
