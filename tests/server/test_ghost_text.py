"""When a suggestion that was asked for before is given again, and when it is written anew."""

from __future__ import annotations

import asyncio

from hdl_lsp.features.inline_completion import InlineItem
from hdl_lsp.server.ghost_text import Items, is_worth_waiting_for
from hdl_lsp.text.source import Offset, span

ITEM = InlineItem("x;", span(Offset(0), Offset(0)))


async def written(items: Items) -> asyncio.Task[Items]:
    """A task that has ended with *items*."""
    task = asyncio.create_task(asyncio.sleep(0, items))
    await task
    return task


async def test_one_that_is_being_written_is_waited_for() -> None:
    """Asking twice at the same place does not start twice."""
    gate = asyncio.Event()

    async def write() -> Items:
        await gate.wait()
        return (ITEM,)

    task = asyncio.create_task(write())
    assert is_worth_waiting_for(task)
    gate.set()
    await task


async def test_one_that_was_written_is_given_again() -> None:
    """A client that asks again for the same text gets the same suggestion at once."""
    assert is_worth_waiting_for(await written((ITEM,)))


async def test_nothing_is_tried_again() -> None:
    """While the model was loading nothing came; asking again at the same place asks the model."""
    assert not is_worth_waiting_for(await written(()))


async def test_a_cancelled_one_is_written_anew_even_if_it_ended_quietly() -> None:
    """VS Code cancels and asks again for the same text; an engine may end a cancelled generation with no text."""
    started = asyncio.Event()

    async def write() -> Items:
        try:
            started.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return (ITEM,)
        return ()

    task = asyncio.create_task(write())
    await started.wait()
    task.cancel()
    await task
    assert not is_worth_waiting_for(task)
