"""ScriptedEngine: an Engine whose answers the test wrote down, and that remembers what it was asked."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm.engine import (
    Alternative,
    EngineState,
    EngineStatus,
    FinishReason,
    GenerateRequest,
    Generation,
)


class ScriptedEngine:
    """Answers requests in order from `enqueue`; a request beyond the script fails the test.

    While `hold()` is in force requests wait for `release()`, so that a test can cancel or supersede them.
    """

    def __init__(self, *answers: str) -> None:
        self.asked: list[GenerateRequest] = []
        self.cancelled: list[GenerateRequest] = []
        self.counted: list[str] = []
        self.is_closed = False
        self._script: deque[Generation | HdlLspError] = deque()
        self._open = asyncio.Event()
        self._open.set()
        self._asked = asyncio.Condition()
        self._status = EngineStatus(EngineState.READY, model="scripted", fim="prefix-only")
        for answer in answers:
            self.enqueue(answer)

    def enqueue(
        self,
        answer: str | HdlLspError | Generation,
        finish: FinishReason = FinishReason.STOP,
        *,
        mean_logprob: float | None = None,
        others: tuple[str, ...] = (),
    ) -> None:
        """The next answer: text with its mean log probability and other candidates, or all of it, or an error."""
        if not isinstance(answer, str):
            self._script.append(answer)
            return
        logprobs = () if mean_logprob is None else ((len(answer), mean_logprob),)
        alternatives = tuple(Alternative(other, -1.0, 1, finish) for other in others)
        self._script.append(
            Generation(answer, finish, token_logprobs=logprobs, alternatives=alternatives)
        )

    def enqueue_generation(self, answer: Generation) -> None:
        """The next answer with all that an engine may say of it."""
        self._script.append(answer)

    def set_status(self, status: EngineStatus) -> None:
        """What `status` says from now on."""
        self._status = status

    def hold(self) -> None:
        """Requests wait until `release`."""
        self._open.clear()

    def release(self) -> None:
        """Lets waiting requests through."""
        self._open.set()

    async def wait_asked(self, count: int) -> None:
        """Returns when *count* requests have arrived in all."""
        async with self._asked:
            await self._asked.wait_for(lambda: len(self.asked) >= count)

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """See Engine.generate; text is streamed word by word."""
        async with self._asked:
            self.asked.append(request)
            self._asked.notify_all()
        assert self._script, f"nothing enqueued for {request!r}"
        answer = self._script.popleft()
        if isinstance(answer, Generation):
            answer = replace(answer, alternatives=answer.alternatives[: request.candidates - 1])
        try:
            await self._open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(request)
            raise
        if isinstance(answer, HdlLspError):
            raise answer
        if on_text is not None:
            for piece in re.findall(r"\s*\S+|\s+$", answer.text):
                on_text(piece)
        return answer

    async def count_tokens(self, text: str) -> int:
        """Four characters are a token."""
        self.counted.append(text)
        return (len(text) + 3) // 4

    def status(self) -> EngineStatus:
        """What `set_status` said; ready by default."""
        return self._status

    async def close(self) -> None:
        """Remembers that it was closed."""
        self.is_closed = True
