"""One at a time, the more urgent first: who may use the analysis process next.

Must not know what is done with a turn.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count


class Turns:
    """A lock with priorities. Among equals the first comes first; a cancelled waiter is passed over."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()
        self._is_taken = False

    @property
    def is_idle(self) -> bool:
        """Nobody has the turn or waits for it."""
        return not self._is_taken and not any(not f.done() for _, _, f in self._waiting)

    @property
    def has_waiters(self) -> bool:
        """Somebody waits for a turn."""
        return any(not future.done() for _, _, future in self._waiting)

    @asynccontextmanager
    async def turn(self, priority: int) -> AsyncGenerator[None]:
        """Waits for the turn and holds it; smaller *priority* goes first."""
        await self._take(priority)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, priority: int) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._order), future))
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._pass_on()  # the turn came in the same moment as the cancellation
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
                return
        self._is_taken = False
