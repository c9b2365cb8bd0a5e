"""Which engine answers which lane."""

from __future__ import annotations

import pytest

from hdl_lsp.errors import EngineError
from hdl_lsp.llm.client import WorkerEngine
from hdl_lsp.llm.engine import ChatPrompt, EngineState, FimPrompt, GenerateRequest, Lane
from hdl_lsp.llm.http import HttpEngine
from hdl_lsp.llm.ngram import NgramEngine
from hdl_lsp.llm.router import RoutedEngine, build_engine
from tests.support.engine import ScriptedEngine

INLINE = GenerateRequest(FimPrompt("", "", "", "x", ""), 4)
CHAT = GenerateRequest(ChatPrompt("", "x"), 4, lane=Lane.CHAT)


async def test_each_lane_has_its_engine() -> None:
    """Ghost text goes to one engine, words to the other."""
    engine = RoutedEngine(ScriptedEngine("ghost"), ScriptedEngine("words"))
    assert (await engine.generate(CHAT)).text == "words"
    assert (await engine.generate(INLINE)).text == "ghost"


async def test_missing_lane_names_its_setting() -> None:
    """Without a chat model the error says which setting to change, and ghost text still works."""
    engine = RoutedEngine(ScriptedEngine("ghost"), None)
    with pytest.raises(EngineError, match=r"set llm\.chatModel"):
        await engine.generate(CHAT)
    assert (await engine.generate(INLINE)).text == "ghost"
    assert await engine.count_tokens("12345678", Lane.CHAT) == 2


async def test_shared_engine_is_closed_once_and_has_one_status() -> None:
    """The same engine in both lanes is one engine."""
    shared = ScriptedEngine()
    engine = RoutedEngine(shared, shared)
    assert engine.status() == shared.status()
    await engine.close()
    assert shared.is_closed


def test_no_model_at_all_is_off() -> None:
    """Two empty names give an engine that is off and says what to do."""
    status = build_engine(model="", chat_model="").status()
    assert (status.state, status.detail) == (
        EngineState.OFF,
        "no model is configured; set llm.model",
    )


def test_settings_decide_the_engines() -> None:
    """Names give workers, one name one worker, ngram no process, an address only the address."""
    two = build_engine(model="gemma3-270m", chat_model="smollm2-135m-instruct")
    assert isinstance(two.engine(Lane.INLINE), WorkerEngine)
    assert two.engine(Lane.INLINE) is not two.engine(Lane.CHAT)
    one = build_engine(model="gemma3-270m", chat_model="gemma3-270m")
    assert one.engine(Lane.INLINE) is one.engine(Lane.CHAT)
    none = build_engine(model="ngram", chat_model="")
    assert isinstance(none.engine(Lane.INLINE), NgramEngine)
    assert none.engine(Lane.CHAT) is None
    remote = build_engine(model="gemma3-270m", chat_model="", address="gpu-server:8080")
    assert isinstance(remote.engine(Lane.INLINE), HttpEngine)
    assert remote.status().device == "http://gpu-server:8080"


def test_nothing_starts_before_the_first_request() -> None:
    """A built engine has no process and says that it loads later."""
    engine = build_engine(model="gemma3-270m", chat_model="smollm2-135m-instruct")
    worker = engine.engine(Lane.INLINE)
    assert isinstance(worker, WorkerEngine)
    assert worker.worker_pid is None
    assert worker.status().detail == "loads with the first request"
