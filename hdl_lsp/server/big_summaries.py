"""Summaries of big files while they are edited: one at a time per file, made when the keys have rested.

Must not make summaries itself: it decides when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hdl_lsp.workspace.files import FileId

DELAY_S = 0.2  # more keys may come: one summary takes 50 ms and more
MOST_ROUNDS = 1_000  # an end to a text that never rests


class BigSummaries:
    """Who is being summarised. `make` makes one summary; true when there is nothing more to do for that file."""

    def __init__(self, make: Callable[[FileId], Awaitable[bool]]) -> None:
        self._make = make
        self._tasks: dict[FileId, asyncio.Task[None]] = {}

    def start(self, file: FileId) -> None:
        """Summarises *file* until the summary is of its present text."""
        running = self._tasks.get(file)
        if running is None or running.done():
            self._tasks[file] = asyncio.create_task(self._follow(file), name="summary")

    async def wait(self, file: FileId, wait_s: float) -> None:
        """Returns when nothing is being made for *file*, or after *wait_s* seconds."""
        running = self._tasks.get(file)
        if running is not None and not running.done():
            await asyncio.wait({running}, timeout=wait_s)

    async def close(self) -> None:
        """Ends everything under way."""
        running = [task for task in self._tasks.values() if not task.done()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _follow(self, file: FileId) -> None:
        for _ in range(MOST_ROUNDS):
            await asyncio.sleep(DELAY_S)
            if await self._make(file):
                return
