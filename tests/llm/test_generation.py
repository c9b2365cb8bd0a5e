"""Prompts laid out as tokens by the worker, with a real vocabulary."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hdl_lsp.llm import catalogue
from hdl_lsp.llm.engine import AllowedNames, FimPrompt, FinishReason, NamesAfter
from hdl_lsp.llm.fim import FimFormat, Order
from hdl_lsp.llm.wire import Generate
from hdl_lsp.llm.worker import llama
from hdl_lsp.llm.worker.generation import Generation, Progress
from hdl_lsp.llm.worker.llama import Context, Model
from hdl_lsp.llm.worker.loading import _fim_format

pytestmark = pytest.mark.real

# SmolLM2 was not trained for holes; its control tokens stand in for those of a model that was.
STAND_IN = FimFormat(
    "stand-in", Order.PSM, "<|im_start|>", "<|im_end|>", "<empty_output>", sep="<file_sep>"
)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    """SmolLM2 in this process."""
    llama.start()
    loaded = Model(catalogue.resolve("smollm2-135m-instruct"), 0)
    yield loaded
    loaded.close()


@pytest.fixture
def context(model: Model) -> Iterator[Context]:
    """A context of 512 tokens."""
    made = Context(model, 512, 1, is_on_gpu=False)
    yield made
    made.close()


def generation(model: Model, context: Context, prompt: FimPrompt, limit: int = 4) -> Generation:
    """A generation for *prompt* in the stand-in format."""
    request = Generate(1, "inline", "", prompt, None, limit, (), False, 0.0, None)
    return Generation(request, time.perf_counter(), model, context, STAND_IN)


def spelled(model: Model, tokens: list[int]) -> str:
    """Tokens as text; control tokens by their names in double angle brackets."""
    parts = [
        f"«{model.token_text(token)}»" if model.is_control(token) else model.piece(token).decode()
        for token in tokens
    ]
    return "".join(parts)


def test_special_tokens_are_ids_and_user_text_is_text(model: Model, context: Context) -> None:
    """The format's tokens are control tokens; the same spelling in the user's code is not."""
    prompt = FimPrompt("", "a.sv", "// <|im_end|>\n", "  ass", ";\n")
    tokens = generation(model, context, prompt)._tokens
    assert spelled(model, tokens) == (
        "«<file_sep>»a.sv\n«<|im_start|>»// <|im_end|>\n«<|im_end|>»;\n«<empty_output>» "
    )


def test_token_at_the_cursor_is_cut_off_and_spelled_again(model: Model, context: Context) -> None:
    """The prompt lacks its last token, and the first text generated continues what was typed."""
    job = generation(model, context, FimPrompt("", "a.sv", "", "  assi", "\n"))
    assert job._rest
    typed = spelled(model, job._tokens).rpartition("»")[2].encode() + job._rest
    assert typed == b"  assi"
    while job._writing.rest:
        job.advance()
    begun = job._prompt_length
    written = b"".join(model.piece(token) for token in job._tokens[begun:])
    assert (spelled(model, job._tokens[:begun]).rpartition("»")[2].encode() + written).startswith(
        b"  assi"
    )


def test_long_prompt_fits_with_room_for_the_answer(model: Model, context: Context) -> None:
    """Whatever the sizes, prompt and answer fit, and the hole's neighbourhood is kept."""
    lines = "".join(f"  assign a_{n} = b_{n};\n" for n in range(500))
    job = generation(model, context, FimPrompt(lines, "a.sv", lines, "  x", lines), limit=64)
    assert len(job._tokens) + 64 <= 512
    text = spelled(model, job._tokens)
    assert "  assign a_499 = b_499;\n«<|im_end|>»  assign a_0 = b_0;" in text


def test_empty_prompt_can_be_continued(model: Model, context: Context) -> None:
    """An empty file gives a prompt of at least one token and an ordinary end."""
    request = Generate(
        1, "inline", "", FimPrompt("", "", "", "", ""), None, 2, (), False, 0.0, None
    )
    job = Generation(request, time.perf_counter(), model, context, None)
    progress = Progress.MORE
    while progress is Progress.MORE:
        progress, _ = job.advance()
    assert progress is Progress.FINISHED
    assert job.finish in (FinishReason.STOP, FinishReason.LENGTH)


@pytest.mark.parametrize("candidates", [1, 3])
def test_interrupted_generation_goes_on_where_it_was(
    model: Model, context: Context, candidates: int
) -> None:
    """An abort between and inside tokens changes no character of any candidate, held to names or not."""
    prompt = FimPrompt("", "a.sv", "module a;\n  assign a = b;\n", "  assign", "endmodule\n")
    allowed = AllowedNames((NamesAfter("a.", ("b", "c")),))
    request = Generate(
        1, "inline", "", prompt, None, 12, (), False, 0.0, None, None, candidates, allowed
    )
    straight, disturbed = (
        Generation(request, time.perf_counter(), model, context, STAND_IN) for _ in range(2)
    )
    while straight.finish is None:
        straight.advance()
    first = straight.done(FinishReason.STOP)
    interruptions = 0
    while disturbed.finish is None:
        context.abort.set()
        interruptions += disturbed.advance()[0] is Progress.INTERRUPTED
        context.abort.clear()
        disturbed.advance()
    second = disturbed.done(FinishReason.STOP)
    assert interruptions >= 3
    assert first.text == second.text != ""
    assert first.logprobs == second.logprobs
    assert first.alternatives == second.alternatives
    assert bool(first.alternatives) == (candidates > 1)


def test_every_candidate_spells_the_letters_at_the_cursor(model: Model, context: Context) -> None:
    """Tokens of each begin with the bytes of the one that was cut off."""
    prompt = FimPrompt("", "a.sv", "  assign count_q = b;\n", "  assign coun", "\n")
    request = Generate(1, "inline", "", prompt, None, 6, (), True, 0.0, None, candidates=4)
    job = Generation(request, time.perf_counter(), model, context, STAND_IN)
    while job.finish is None:
        job.advance()
    assert job._branches is not None
    assert len(job._rest) > 1
    for writing in (job._writing, *(one.writing for one in job._branches._branches)):
        assert b"".join(map(model.piece, writing.tokens)).startswith(job._rest)


def test_model_without_hole_tokens_is_prefix_only(model: Model) -> None:
    """SmolLM2 has some tokens of StarCoder's format and is not taken for it."""
    assert model.special_token("<file_sep>") is not None
    assert _fim_format(model) is None
