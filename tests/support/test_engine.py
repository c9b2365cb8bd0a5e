"""The scripted engine does what tests rely on."""

from __future__ import annotations

import asyncio

import pytest

from hdl_lsp.errors import EngineError
from hdl_lsp.llm.engine import FimPrompt, FinishReason, GenerateRequest
from tests.support.engine import ScriptedEngine

REQUEST = GenerateRequest(FimPrompt("", "", "", "", ""), 4)


async def test_answers_come_in_order_and_are_streamed_whole() -> None:
    """Each request gets the next answer, in pieces that add up to it."""
    engine = ScriptedEngine(" a b\n  c ", "second")
    engine.enqueue(EngineError("broken"))
    pieces: list[str] = []
    first = await engine.generate(REQUEST, pieces.append)
    assert "".join(pieces) == first.text == " a b\n  c "
    assert len(pieces) > 2
    assert (await engine.generate(REQUEST)).finish is FinishReason.STOP
    with pytest.raises(EngineError, match="broken"):
        await engine.generate(REQUEST)
    assert engine.asked == [REQUEST] * 3


async def test_held_request_can_be_cancelled() -> None:
    """A request that is held waits; cancelling it is remembered, releasing lets others through."""
    engine = ScriptedEngine("lost", "kept")
    engine.hold()
    task = asyncio.create_task(engine.generate(REQUEST))
    await engine.wait_asked(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert engine.cancelled == [REQUEST]
    engine.release()
    assert (await engine.generate(REQUEST)).text == "kept"
