"""The layer over llama.cpp's C interface: aborts, trimming, tokens."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from hdl_lsp.llm import catalogue
from hdl_lsp.llm.worker import llama
from hdl_lsp.llm.worker.abort import AbortFlag
from hdl_lsp.llm.worker.llama import Context, Model

pytestmark = pytest.mark.real

TEXT = "".join(f"  assign wire_{n}_o = data_{n * 7 % 97}_i & mask_{n % 13};\n" for n in range(40))


@pytest.fixture(scope="module", params=["gemma3-270m", "smollm2-135m-instruct"])
def model(request: pytest.FixtureRequest) -> Iterator[Model]:
    """Each model in turn, in this process."""
    llama.start()
    loaded = Model(catalogue.resolve(request.param), 0)
    yield loaded
    loaded.close()


@pytest.fixture
def context(model: Model) -> Iterator[Context]:
    """A fresh context."""
    made = Context(model, 2048, 1, is_on_gpu=False)
    yield made
    made.close()


@pytest.mark.slow
def test_aborted_prompt_resumes_to_identical_logits(model: Model, context: Context) -> None:
    """After an abort in the middle of the prompt, going on gives bit-identical scores."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    assert context.evaluate(tokens)
    undisturbed = context.logits().copy()
    context._trim(0)
    timer = threading.Timer(0.2, context.abort.set)
    timer.start()
    assert not context.evaluate(tokens)
    timer.join()
    kept = len(context.tokens)
    assert kept < len(tokens)
    assert context.tokens == tokens[:kept]
    assert kept % llama.CPU_UBATCH_TOKENS == 0
    context.abort.clear()
    assert context.evaluate(tokens)
    np.testing.assert_array_equal(context.logits(), undisturbed)


def test_abort_during_a_decode_keeps_what_was_processed(model: Model, context: Context) -> None:
    """With the flag set a decode ends at once, and what is held is still a start of the prompt."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    context.abort.set()
    assert not context._decode(tokens[:256])
    assert context.tokens == tokens[: len(context.tokens)]
    assert len(context.tokens) < 256
    context.abort.clear()
    assert context.evaluate(tokens[:300])
    assert context.tokens == tokens[:300]


@pytest.mark.slow
def test_interrupted_and_straight_evaluation_are_bit_identical(
    model: Model, context: Context
) -> None:
    """Stopping after a whole batch and going on gives the scores of not stopping."""
    tokens = (model.first_tokens + model.tokenise(TEXT))[:700]
    assert context.evaluate(tokens)
    straight = context.logits().copy()
    context._trim(0)
    for start in range(0, llama.BATCH_TOKENS, llama.CPU_CHUNK_TOKENS):
        assert context._decode(tokens[start : start + llama.CPU_CHUNK_TOKENS])
    assert context.evaluate(tokens)
    np.testing.assert_array_equal(context.logits(), straight)


def test_trimming_forgets_the_end(model: Model, context: Context) -> None:
    """A prompt that shares a start reuses it, sliding windows included, and is not misled by the rest."""
    tokens = model.first_tokens + model.tokenise(TEXT)
    other = tokens[:600] + model.tokenise("endmodule\n")
    assert context.evaluate(tokens[:800])
    assert context.common_prefix(other) == 600
    assert context.evaluate(other)
    reused = context.logits().copy()
    fresh = Context(model, 2048, 1, is_on_gpu=False)
    assert fresh.evaluate(other[:600])
    assert fresh.evaluate(other)
    np.testing.assert_allclose(reused, fresh.logits(), atol=2.0)
    assert int(reused.argmax()) == int(fresh.logits().argmax())
    fresh.close()


def test_last_token_is_always_evaluated(model: Model, context: Context) -> None:
    """The same prompt again needs its last token, for the scores; a shorter one too."""
    tokens = model.tokenise(TEXT)[:50]
    context.evaluate(tokens)
    assert context.common_prefix(tokens) == 49
    assert context.common_prefix(tokens[:20]) == 19


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        TEXT[:200],
        "//" + "=" * 200 + "\n",
        " " * 150 + "x",
        "ä€漢🎉\u200d\t\r\n",
        "<bos>",
    ],
)
def test_pieces_of_the_tokens_are_the_text(model: Model, text: str) -> None:
    """No byte is lost between tokenising and spelling, however long a token is."""
    pieces = b"".join(model.piece(token) for token in model.tokenise(text))
    assert pieces == text.encode()


def test_special_tokens_by_text(model: Model) -> None:
    """Control tokens are found by their text, ordinary words are not."""
    assert model.special_token("module") is None
    assert model.special_token("not a token at all") is None
    present = [text for text in ("<|im_start|>", "<start_of_turn>") if model.special_token(text)]
    assert len(present) == 1


def test_flag_is_seen_and_cleared() -> None:
    """The abort flag is what was set last."""
    flag = AbortFlag()
    seen = [flag.is_set]
    flag.set()
    seen.append(flag.is_set)
    flag.clear()
    seen.append(flag.is_set)
    assert seen == [False, True, False]
