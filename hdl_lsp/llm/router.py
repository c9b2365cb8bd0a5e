"""Which model answers: one for ghost text, one for words, or one for both; built from plain arguments.

Must not load anything: engines start with their first request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from hdl_lsp.errors import EngineError
from hdl_lsp.llm import catalogue, ngram
from hdl_lsp.llm.client import WorkerEngine, WorkerOptions
from hdl_lsp.llm.engine import (
    Engine,
    EngineState,
    EngineStatus,
    GenerateRequest,
    Generation,
    Lane,
)
from hdl_lsp.llm.http import HttpEngine
from hdl_lsp.llm.ngram import NgramEngine

_LANE_SETTING: Mapping[Lane, str] = {Lane.INLINE: "llm.model", Lane.CHAT: "llm.chatModel"}


class RoutedEngine:
    """One engine per lane; either may be missing, and both may be the same."""

    def __init__(self, inline: Engine | None, chat: Engine | None) -> None:
        self._engines: Mapping[Lane, Engine | None] = {Lane.INLINE: inline, Lane.CHAT: chat}

    def engine(self, lane: Lane) -> Engine | None:
        """The engine of *lane*."""
        return self._engines[lane]

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """See Engine.generate; EngineError when the lane has no model."""
        engine = self._engines[request.lane]
        if engine is None:
            raise EngineError(f"no model for this; set {_LANE_SETTING[request.lane]}")
        return await engine.generate(request, on_text)

    async def count_tokens(self, text: str, lane: Lane = Lane.INLINE) -> int:
        """Tokens for the model of *lane*, or of the other when that is the only one."""
        engine = self._engines[lane] or next(iter(self._distinct()), None)
        if engine is None:
            raise EngineError("no model is configured; set llm.model")
        return await engine.count_tokens(text)

    def status(self) -> EngineStatus:
        """The ghost text model's, with a word on the other; OFF when there is none."""
        distinct = self._distinct()
        if not distinct:
            return EngineStatus(EngineState.OFF, detail="no model is configured; set llm.model")
        first = distinct[0].status()
        if len(distinct) == 1:
            return first
        second = distinct[1].status()
        busy = EngineState.BUSY in (first.state, second.state)
        state = EngineState.BUSY if busy and first.state is EngineState.READY else first.state
        chat = f"chat: {second.model} ({second.detail or second.state.value})"
        detail = f"{first.detail}; {chat}" if first.detail else chat
        return replace(first, state=state, detail=detail, restarts=first.restarts + second.restarts)

    def lane_statuses(self) -> Mapping[Lane, EngineStatus]:
        """Each lane's own status; OFF where there is no model."""
        return {
            lane: engine.status() if engine is not None else EngineStatus(EngineState.OFF)
            for lane, engine in self._engines.items()
        }

    async def warm(self, lane: Lane = Lane.INLINE) -> None:
        """Loads the model of *lane* ahead of its first request; raises what loading raises."""
        engine = self._engines[lane]
        if isinstance(engine, WorkerEngine):
            await engine.warm()

    async def restart(self) -> None:
        """The user's command: engines that gave up start again."""
        for engine in self._distinct():
            if isinstance(engine, WorkerEngine):
                await engine.restart()

    async def close(self) -> None:
        """Closes each engine once."""
        for engine in self._distinct():
            await engine.close()

    def _distinct(self) -> list[Engine]:
        """The engines, each once, ghost text first."""
        present = [engine for engine in self._engines.values() if engine is not None]
        return list(dict.fromkeys(present))


def build_engine(
    *,
    model: str,
    chat_model: str,
    gpu_layers: int = -1,
    threads: int = 0,
    context_tokens: int = 2048,
    chat_context_tokens: int = 4096,
    address: str = "",
    api_key: str = "",
    on_change: Callable[[], None] | None = None,
) -> RoutedEngine:
    """The engine that the settings ask for; nothing starts yet.

    *model* and *chat_model* are catalogue names, paths, "ngram" or "" for none. *gpu_layers* -1 and *threads* 0
    leave the choice to the worker. With an *address* everything goes there and no local model is used.
    *on_change* is called after the state of a local model changed.
    """
    if address:
        remote = HttpEngine(address, api_key)
        return RoutedEngine(remote, remote)
    local = WorkerOptions(
        gpu_layers=None if gpu_layers < 0 else gpu_layers,
        threads=threads or None,
        inline_tokens=context_tokens,
        chat_tokens=chat_context_tokens,
    )
    if model == chat_model:
        both = _local_engine(model, local, on_change)
        return RoutedEngine(both, both)
    return RoutedEngine(
        _local_engine(model, replace(local, chat_tokens=0), on_change),
        _local_engine(chat_model, replace(local, inline_tokens=0), on_change),
    )


def _local_engine(
    model: str, options: WorkerOptions, on_change: Callable[[], None] | None
) -> Engine | None:
    """An engine for one model name or path; None for ""."""
    if not model:
        return None
    if model == ngram.NAME:
        return NgramEngine()
    return WorkerEngine(
        partial(catalogue.resolve, model), name=model, options=options, on_change=on_change
    )
