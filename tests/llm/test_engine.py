"""What a generation says about its own probability."""

from __future__ import annotations

import pytest

from hdl_lsp.llm.engine import FinishReason, Generation

WRITTEN = Generation(
    "assign a", FinishReason.STOP, token_logprobs=((6, -1.0), (8, -3.0), (9, -8.0))
)


@pytest.mark.parametrize(
    ("length", "mean"),
    [(0, None), (1, -1.0), (6, -1.0), (7, -2.0), (8, -2.0), (9, -4.0), (99, -4.0)],
)
def test_a_cut_text_counts_the_tokens_that_begin_in_it(length: int, mean: float | None) -> None:
    """A token that begins inside the text counts, one that only follows it does not."""
    assert WRITTEN.mean_logprob_of(length) == mean


def test_the_newline_that_ended_a_line_does_not_count() -> None:
    """The mean is of the tokens of the text, not of the stop that was cut off."""
    assert WRITTEN.mean_logprob == -2.0


def test_an_engine_that_can_not_say_says_nothing() -> None:
    """Without log probabilities there is no mean."""
    assert Generation("assign", FinishReason.STOP).mean_logprob is None
