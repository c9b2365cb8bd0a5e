"""Turns: urgency, order, cancellation."""

from __future__ import annotations

import asyncio

import pytest

from hdl_lsp.semantics.turns import Turns


async def test_urgent_goes_first_and_equals_in_order() -> None:
    """Waiters are served by priority, then by arrival."""
    turns = Turns()
    served: list[str] = []

    async def take(name: str, priority: int) -> None:
        async with turns.turn(priority):
            served.append(name)

    async with asyncio.TaskGroup() as group, turns.turn(0):
        for name, priority in (("c1", 2), ("b1", 1), ("c2", 2), ("a1", 0), ("b2", 1)):
            group.create_task(take(name, priority))
        await asyncio.sleep(0)
        assert turns.has_waiters
        assert served == []
    assert served == ["a1", "b1", "b2", "c1", "c2"]
    assert turns.is_idle


async def test_cancelled_waiter_is_passed_over() -> None:
    """The turn goes on to the next one, also when it came together with the cancellation."""
    turns = Turns()
    served: list[str] = []

    async def take(name: str) -> None:
        async with turns.turn(1):
            served.append(name)

    async with turns.turn(1):
        first, second, third = (asyncio.create_task(take(name)) for name in "abc")
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
    second.cancel()  # it was just given the turn
    await third
    assert served == ["c"]
    for task in (first, second):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert turns.is_idle


async def test_turn_ends_with_an_exception() -> None:
    """A holder that fails gives the turn back."""
    turns = Turns()
    with pytest.raises(ValueError, match="no"):
        async with turns.turn(0):
            raise ValueError("no")
    assert turns.is_idle
