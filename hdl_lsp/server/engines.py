"""The session's engine: what the settings ask for, made when it is first needed; a missing model is a status.

Must not load anything in this process, and must not raise where a model can't be used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hdl_lsp.config import Config, LlmConfig
from hdl_lsp.errors import EngineError, HdlLspError
from hdl_lsp.llm.engine import (
    EngineState,
    EngineStatus,
    GenerateRequest,
    Generation,
    Lane,
)

if TYPE_CHECKING:
    from hdl_lsp.llm.router import RoutedEngine

log = logging.getLogger(__name__)

NO_MODEL = frozenset({EngineState.OFF, EngineState.FAILED})
"""States in which nobody can be asked."""


class LazyEngine:
    """An Engine for the present settings; other settings make another one. No process starts before the first use."""

    def __init__(
        self, config: Callable[[], Config], on_change: Callable[[], None] | None = None
    ) -> None:
        self._config = config
        self._on_change = on_change  # called when status() may have changed
        self._engine: RoutedEngine | None = None
        self._made_for: LlmConfig | None = None
        self._off = ""  # why there is no engine
        self._closing: set[asyncio.Task[None]] = set()

    async def warm(self) -> None:
        """Loads the model for ghost text now; what goes wrong is a status."""
        engine = self._current()
        if engine is None:
            return
        try:
            await engine.warm(Lane.INLINE)
        except HdlLspError as err:
            log.warning("no ghost text: %s", err)

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """As the engine's; raises EngineError when there is none."""
        engine = self._current()
        if engine is None:
            raise EngineError(self._off)
        answer = await engine.generate(request, on_text)
        if self._config().log.prompts:
            log.debug("%s\n-> %r", request.prompt, answer.text)
        return answer

    async def count_tokens(self, text: str) -> int:
        """As the engine's; raises EngineError when there is none."""
        engine = self._current()
        if engine is None:
            raise EngineError(self._off)
        return await engine.count_tokens(text)

    def status(self) -> EngineStatus:
        """The engine's; OFF when there is none, and why."""
        engine = self._current()
        return (
            EngineStatus(EngineState.OFF, detail=self._off) if engine is None else engine.status()
        )

    def lane_status(self, lane: Lane) -> EngineStatus:
        """The status of the model for *lane*."""
        engine = self._current()
        return self.status() if engine is None else engine.lane_statuses()[lane]

    async def close(self) -> None:
        """Ends the engine; the next use makes another."""
        engine, self._engine, self._made_for = self._engine, None, None
        if engine is not None:
            await engine.close()
        if self._closing:
            await asyncio.wait(self._closing)

    def _current(self) -> RoutedEngine | None:
        """The engine for the present settings; None when there can be none."""
        settings = self._config().llm
        if self._made_for == settings:
            return self._engine
        old = self._engine
        if old is not None:
            task = asyncio.create_task(old.close(), name="old engine")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        self._made_for = settings
        self._off = why_off(settings)
        self._engine = None if self._off else _made(settings, self._on_change)
        return self._engine


def why_off(settings: LlmConfig) -> str:
    """Why there is no model; "" when there is one to try."""
    if not settings.enabled:
        return "switched off by the setting llm.enabled"
    if not settings.address and not settings.model and not settings.chat_model:
        return "no model is configured; set llm.model"
    from hdl_lsp.llm import ngram

    wanted = {settings.model, settings.chat_model} - {"", ngram.NAME}
    if not settings.address and wanted and find_spec("llama_cpp") is None:
        return "llama-cpp-python is not installed; see 'hdl-lsp doctor'"
    return ""


def _made(settings: LlmConfig, on_change: Callable[[], None] | None) -> RoutedEngine:
    # Engines of every kind, HTTP included, take longer to import than an index to read.
    from hdl_lsp.llm.router import build_engine

    return build_engine(
        model=settings.model,
        chat_model=settings.chat_model,
        gpu_layers=settings.gpu_layers,
        threads=settings.threads,
        context_tokens=settings.context_tokens,
        chat_context_tokens=settings.chat_context_tokens,
        address=settings.address,
        api_key=settings.api_key,
        on_change=on_change,
    )
