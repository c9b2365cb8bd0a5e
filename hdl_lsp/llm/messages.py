"""From a request to the worker's message, and from the worker's closing message to a generation.

Must not send or wait.
"""

from __future__ import annotations

from hdl_lsp.llm import wire
from hdl_lsp.llm.engine import (
    Alternative,
    ChatPrompt,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Generation,
    Lane,
    Timings,
)


def message(job_id: int, request: GenerateRequest) -> wire.Generate:
    """The request as the worker wants it."""
    prompt = request.prompt
    return wire.Generate(
        id=job_id,
        lane=Lane(request.lane).value,
        document=request.document,
        fim=prompt if isinstance(prompt, FimPrompt) else None,
        chat=prompt if isinstance(prompt, ChatPrompt) else None,
        max_tokens=request.max_tokens,
        stop=request.stop,
        single_line=request.single_line,
        temperature=float(request.temperature),
        grammar=request.grammar,
        line_after_s=request.line_after_s,
        candidates=request.candidates,
        allowed=request.allowed,
    )


def generation(done: wire.Done, waited_ms: float, model: str) -> Generation:
    """What the caller gets, with the time before the worker had the request added."""
    timings = Timings(
        queue_ms=done.queue_ms + waited_ms,
        prompt_ms=done.prompt_ms,
        first_token_ms=done.first_token_ms + waited_ms,
        total_ms=done.total_ms + waited_ms,
        prompt_tokens=done.prompt_tokens,
        reused_tokens=done.reused_tokens,
        generated_tokens=done.generated_tokens,
    )
    return Generation(
        done.text,
        FinishReason(done.finish),
        timings,
        model,
        token_logprobs=tuple(zip(done.ends, done.logprobs, strict=True)),
        alternatives=tuple(
            Alternative(other.text, other.logprob, other.tokens, FinishReason(other.finish))
            for other in done.alternatives
        ),
        unmet=done.unmet,
    )


def speed(done: wire.Done) -> float | None:
    """Tokens per second of this generation; None when there were too few to say."""
    writing_s = (done.total_ms - done.first_token_ms) / 1000
    if done.generated_tokens < 2 or writing_s <= 0:
        return None
    return (done.generated_tokens - 1) / writing_s
