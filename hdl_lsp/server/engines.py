"""The session's engine: none until it is warmed, then what the settings ask for; a missing model is a status.

Must not load anything in this process, and must not raise where a model can't be used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from hdl_lsp.config import LlmConfig
from hdl_lsp.errors import EngineError, HdlLspError
from hdl_lsp.llm.engine import Engine, EngineState, EngineStatus, GenerateRequest, Generation
from hdl_lsp.llm.router import build_engine

log = logging.getLogger(__name__)


class LazyEngine:
    """An Engine that is made by *make* when it is first needed, and made anew when the settings say so."""

    def __init__(
        self,
        settings: Callable[[], LlmConfig],
        make: Callable[[LlmConfig, Callable[[], None]], Engine],
        on_status: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._make = make
        self._on_status = on_status
        self._engine: Engine | None = None
        self._made_for: LlmConfig | None = None
        self._failure = ""
        self._closing: set[asyncio.Task[None]] = set()

    def warm(self) -> None:
        """Makes the engine now, so that the first suggestion does not wait for it."""
        self._current()

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """As the engine's; raises EngineError when there is none."""
        return await self._needed().generate(request, on_text)

    async def count_tokens(self, text: str) -> int:
        """As the engine's; raises EngineError when there is none."""
        return await self._needed().count_tokens(text)

    def status(self) -> EngineStatus:
        """OFF while there is no engine, and why."""
        if self._engine is not None and self._made_for == self._settings():
            return self._engine.status()
        if not self._settings().enabled:
            return EngineStatus(EngineState.OFF, detail="switched off by the setting llm.enabled")
        return EngineStatus(EngineState.OFF, detail=self._failure or "not started yet")

    async def close(self) -> None:
        """Ends the engine; the next use makes another."""
        engine, self._engine, self._made_for, self._failure = self._engine, None, None, ""
        if engine is not None:
            await engine.close()
        if self._closing:
            await asyncio.wait(self._closing)

    def _needed(self) -> Engine:
        engine = self._current()
        if engine is None:
            raise EngineError(self.status().detail)
        return engine

    def _current(self) -> Engine | None:
        """The engine for the present settings; None when there can be none."""
        settings = self._settings()
        if self._made_for != settings:
            old, self._engine = self._engine, None
            self._made_for, self._failure = settings, ""
            if old is not None:
                task = asyncio.create_task(old.close(), name="old engine")
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            if settings.enabled:
                try:
                    self._engine = self._make(settings, self._on_status)
                except HdlLspError as err:
                    self._failure = str(err)
                    log.warning("no model: %s", err)
            self._on_status()
        return self._engine


def make_engine(settings: LlmConfig, on_status: Callable[[], None]) -> Engine:  # noqa: ARG001 - the engine tells by status()
    """The engine that *settings* ask for; nothing is loaded before the first request."""
    return build_engine(
        model=settings.model,
        chat_model=settings.chat_model,
        gpu_layers=settings.gpu_layers,
        threads=settings.threads,
        context_tokens=settings.context_tokens,
        chat_context_tokens=settings.chat_context_tokens,
        address=settings.address,
        api_key=settings.api_key,
    )
