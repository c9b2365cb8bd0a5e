"""One reading of a session's folders at a time: what is there, what makes the project, what stands in the files.

Must not know LSP, nor how an index is made (indexing.py does).
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from hdl_lsp.server import loading
from hdl_lsp.server.ahead import Ahead
from hdl_lsp.server.loading import Progress
from hdl_lsp.server.wanted import Found, Wanted

if TYPE_CHECKING:
    from hdl_lsp.server.session import Session

log = logging.getLogger(__name__)

INDEXED_MEMORY_BYTES = 100_000_000  # a process that has grown larger by indexing starts anew


class Reading:
    """Reads the folders of *session*; a second run replaces the first."""

    def __init__(self, session: Session) -> None:
        self.indexing: tuple[int, int] | None = None  # files done and in all, while it runs
        self.ahead: Ahead | None = None  # a process that is finding the files already
        self._session = session
        self._task: asyncio.Task[None] | None = None

    async def run(self, progress: Progress) -> None:
        """Returns when the folders are read, or another run has begun."""
        if self._task is not None:
            self._task.cancel()
        task = self._task = asyncio.create_task(self._run(progress), name="load")
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not task.cancelled():
            task.result()

    async def close(self) -> None:
        """Ends the run that is under way."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self, listener: Progress) -> None:
        session = self._session
        progress = loading.Told(listener, self._on_progress)
        self._on_progress(0, 0)
        wanted = Wanted(
            session.roots,
            session.config,
            session.of_root,
            session.target_choice,
            session.foreign,
            session.files.folder,
        )
        found, _ = await asyncio.gather(self._found(wanted), session.files.open(session.roots))
        session.project = found.project
        session.report(found.problems)
        session.touched()
        clients = (session.shallow, session.design)
        await session.files.update(found.stamps, clients, progress)
        known, total = len(session.index.files()), len(found.stamps)
        if progress.is_cancelled:
            session.report([f"stopped: {known} of {total} files are known until it is read again"])
        for client in clients:
            # Without a configured design nothing is elaborated unless somebody asks.
            is_over = client is session.design and not session.project.is_configured
            if is_over or client.memory_bytes > INDEXED_MEMORY_BYTES:
                client.release(is_wanted_soon=not is_over)
        self.indexing = None
        log.info("%d files, project: %s", known, found.project.why)
        session.loaded()
        session.listeners.idle()
        session.files.save()

    async def _found(self, wanted: Wanted) -> Found:
        found = None if self.ahead is None else await self.ahead.found(wanted)
        if found is not None:
            return found
        # The readers of every kind of project are imported only where nobody has looked ahead.
        from hdl_lsp.server.finding import find

        return await asyncio.to_thread(find, wanted, os.environ)

    def _on_progress(self, done: int, total: int) -> None:
        self.indexing = (done, total)
        if done:
            self._session.listeners.idle()
        self._session.listeners.status()
