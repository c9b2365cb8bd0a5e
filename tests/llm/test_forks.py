"""Forks of a context: they see the prompt, go their own way, and leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from hdl_lsp.llm import catalogue
from hdl_lsp.llm.worker import llama
from hdl_lsp.llm.worker.forks import extend, fork
from hdl_lsp.llm.worker.llama import Context, Model

pytestmark = pytest.mark.real

TEXT = "".join(f"  assign wire_{n}_o = data_{n * 7 % 97}_i & mask_{n % 13};\n" for n in range(12))


@pytest.fixture(scope="module", params=["gemma3-270m", "smollm2-135m-instruct"])
def model(request: pytest.FixtureRequest) -> Iterator[Model]:
    """Each model in turn, in this process."""
    llama.start()
    loaded = Model(catalogue.resolve(request.param), 0)
    yield loaded
    loaded.close()


def straight(model: Model, tokens: list[int]) -> np.ndarray:
    """Scores after *tokens* in a context of their own."""
    context = Context(model, 1024, 1, is_on_gpu=False)
    assert context.evaluate(tokens)
    scores = context.logits().copy()
    context.close()
    return scores


def test_forks_score_as_if_they_were_alone(model: Model) -> None:
    """Two forks from different places give the scores of their whole text, evaluated together."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    words = [model.tokenise("  wire")[-1], model.tokenise("  logic")[-1]]
    context = Context(model, 1024, 1, is_on_gpu=False)
    assert context.evaluate(tokens)
    lengths = [len(tokens), len(tokens) - 9]
    forks = fork(context, lengths)
    assert extend(context, list(zip(forks, words, strict=True)))
    found = [one.scores.copy() for one in forks]
    context.close()
    for length, word, scores in zip(lengths, words, found, strict=True):
        alone = straight(model, [*tokens[:length], word])
        assert int(scores.argmax()) == int(alone.argmax())
        np.testing.assert_allclose(scores, alone, atol=1.0)


def test_forks_leave_no_trace(model: Model) -> None:
    """What is evaluated after forks has exactly the scores it has without them."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    more = model.tokenise("  assign last_o = 1'b0;\n")
    plain, forked = (Context(model, 1024, 1, is_on_gpu=False) for _ in range(2))
    for context in (plain, forked):
        assert context.evaluate(tokens)
    forks = fork(forked, [len(tokens)] * 3)
    for word in model.tokenise("  always_comb begin\n"):
        assert extend(forked, [(one, word) for one in forks])
    for length in range(1, len(more) + 1):
        for context in (plain, forked):
            assert context.evaluate(tokens + more[:length])
        np.testing.assert_array_equal(plain.logits(), forked.logits())
    plain.close()
    forked.close()


def test_an_aborted_step_can_be_taken_again(model: Model) -> None:
    """An abort drops the step of all forks, and taking it again gives what it would have given."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    word = model.tokenise("  wire")[-1]
    context = Context(model, 1024, 1, is_on_gpu=False)
    assert context.evaluate(tokens)
    forks = fork(context, [len(tokens)] * 2)
    context.abort.set()
    assert extend(context, [(one, word) for one in forks]) is False
    assert [one.length for one in forks] == [len(tokens)] * 2
    context.abort.clear()
    assert extend(context, [(one, word) for one in forks])
    again = forks[0].scores.copy()
    forks = fork(context, [len(tokens)] * 2)
    assert extend(context, [(one, word) for one in forks])
    np.testing.assert_array_equal(forks[0].scores, again)
    context.close()
