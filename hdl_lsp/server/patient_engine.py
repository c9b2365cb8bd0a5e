"""An engine that waits for the next key, as long as one is likely, before it sets the model to work.

Must not wait for who asked by hand, and must not change what is generated.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from hdl_lsp.llm.engine import Engine, EngineStatus, GenerateRequest, Generation
from hdl_lsp.server.typing_rhythm import TypingRhythm


class PatientEngine:
    """*engine* for automatic suggestions: a request that is cancelled while it waits costs nothing."""

    def __init__(self, engine: Engine, rhythm: TypingRhythm) -> None:
        self._engine = engine
        self._rhythm = rhythm

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """As Engine.generate, later."""
        await asyncio.sleep(self._rhythm.wait_s(time.monotonic()))
        return await self._engine.generate(request, on_text)

    async def count_tokens(self, text: str) -> int:
        """As Engine.count_tokens."""
        return await self._engine.count_tokens(text)

    def status(self) -> EngineStatus:
        """As Engine.status."""
        return self._engine.status()

    async def close(self) -> None:
        """As Engine.close."""
        await self._engine.close()
