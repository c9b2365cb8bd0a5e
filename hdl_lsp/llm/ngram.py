"""NgramEngine: a real, deterministic language model with no weights, order-k over the prompt itself.

Must not need files, processes or a network. It is what CI measures with, and what is there without a model.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from hdl_lsp.llm.engine import (
    AllowedNames,
    ChatPrompt,
    EngineState,
    EngineStatus,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Generation,
    Timings,
)
from hdl_lsp.llm.monitor import Monitor
from hdl_lsp.llm.stop import StopScanner

NAME = "ngram"
ORDER = 6  # longest history looked at, in tokens
YIELD_EVERY_TOKENS = 16  # the event loop gets its turn, and cancellation its chance

_TOKEN = re.compile(r"\w+ | [ \t]+ | \n | [^\w\s] | \s", re.VERBOSE)

Histories = Mapping[tuple[str, ...], Counter[str]]


def tokenise(text: str) -> list[str]:
    """Words, runs of blanks, newlines and single signs; joined they are *text*."""
    return _TOKEN.findall(text)


def learn(tokens: Sequence[str]) -> Histories:
    """How often each token follows each history of 1 to ORDER tokens."""
    histories: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for at, token in enumerate(tokens):
        for length in range(1, min(ORDER, at) + 1):
            histories[tuple(tokens[at - length : at])][token] += 1
    return histories


def predict(
    histories: Histories,
    written: Sequence[str],
    begun: str,
    permits: Callable[[str], bool] = lambda _: True,
) -> str | None:
    """The likeliest token after *written* that starts with *begun*; None when nothing is known.

    *permits* is asked whether what a token adds to *begun* may come.

    The longest history that was seen decides; ties go to the alphabetically first, so that the answer is a
    function of its arguments.
    """
    for length in range(min(ORDER, len(written)), 0, -1):
        followers = histories.get(tuple(written[len(written) - length :]))
        fitting = [
            (-times, token)
            for token, times in (followers or {}).items()
            if token.startswith(begun) and token != begun and permits(token[len(begun) :])
        ]
        if fitting:
            return min(fitting)[1]
    return None


class NgramEngine:
    """See the module. Every prompt is its own training text."""

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """See Engine.generate; temperature and grammar are not used."""
        begun_at = time.perf_counter()
        history, others = _texts(request.prompt)
        written = tokenise(history)
        histories = learn([*tokenise(others), "\n", *written])
        begun = written.pop() if written and re.fullmatch(r"\w+", written[-1]) else ""
        scanner = StopScanner(request.stop, single_line=request.single_line)
        monitor = Monitor(request.allowed or AllowedNames(), _line(request.prompt))
        finish = FinishReason.LENGTH
        generated = 0
        while generated < request.max_tokens:
            token = predict(histories, written, begun, lambda new: monitor.permits(_bytes(new)))
            if token is None and begun:
                written, begun = [*written, begun], ""
                continue
            if token is None:
                finish = FinishReason.STOP
                break
            monitor.read(_bytes(token[len(begun) :]))
            released = scanner.push(token[len(begun) :])
            written, begun = [*written, token], ""
            generated += 1
            if released and on_text is not None:
                on_text(released)
            if scanner.is_stopped:
                finish = FinishReason.STOP
                break
            if generated % YIELD_EVERY_TOKENS == 0:
                await asyncio.sleep(0)
                spent_s = time.perf_counter() - begun_at
                if request.deadline_s is not None and spent_s > request.deadline_s:
                    finish = FinishReason.DEADLINE
                    break
        held = scanner.finish()
        if held and on_text is not None:
            on_text(held)
        total_ms = (time.perf_counter() - begun_at) * 1000
        timings = Timings(
            total_ms=total_ms,
            prompt_tokens=len(tokenise(others)) + len(tokenise(history)),
            generated_tokens=generated,
        )
        return Generation(scanner.text, finish, timings, NAME, unmet=monitor.unmet)

    async def count_tokens(self, text: str) -> int:
        """See Engine.count_tokens."""
        return len(tokenise(text))

    def status(self) -> EngineStatus:
        """Always ready."""
        return EngineStatus(
            EngineState.READY,
            model=NAME,
            device="CPU, no weights",
            detail="repeats patterns of the prompt; choose a model with llm.model",
            context_tokens=1 << 20,
            fim=NAME,
        )

    async def close(self) -> None:
        """Nothing to free."""


def _bytes(text: str) -> bytes:
    """*text* as the monitor reads it."""
    return text.encode("utf-8", "surrogatepass")


def _line(prompt: FimPrompt | ChatPrompt) -> str:
    """The cursor's line left of the cursor."""
    return prompt.line_prefix if isinstance(prompt, FimPrompt) else ""


def _texts(prompt: FimPrompt | ChatPrompt) -> tuple[str, str]:
    """Text left of the hole, and all other text to learn from."""
    if isinstance(prompt, ChatPrompt):
        return prompt.user, prompt.system
    return prompt.prefix + prompt.line_prefix, prompt.context + "\n" + prompt.suffix
