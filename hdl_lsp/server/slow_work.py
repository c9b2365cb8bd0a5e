"""Answers that may take long: after half a second the user sees a progress bar, and its button ends the work.

Must not hold the answer back: fast work shows nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from hdl_lsp.semantics.name_uses import NamesFound, NamesRequest
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.progress import WorkDone

SHOWN_AFTER_S = 0.5

T = TypeVar("T")
Ask = Callable[[NamesRequest], Awaitable[NamesFound | None]]


async def with_progress(
    connection: Connection, title: str, work: Callable[[Ask], Coroutine[Any, Any, T]]
) -> T:
    """What *work* gives; it asks slang by the function it is passed, which moves the bar."""
    progress = WorkDone(connection.server, title)

    async def ask(request: NamesRequest) -> NamesFound | None:
        total = len(request.files)
        return await connection.session.names(request, lambda done: progress.report(done, total))

    task = asyncio.ensure_future(work(ask))
    progress.when_cancelled = task.cancel
    if connection.client.progress:
        connection.background.start(_shown(progress, task), "progress bar")
    try:
        return await task
    except asyncio.CancelledError:
        if progress.is_cancelled:
            raise JsonRpcException(
                "stopped by the user", code=types.LSPErrorCodes.RequestCancelled
            ) from None
        raise
    finally:
        progress.end("stopped" if progress.is_cancelled else "done")


async def _shown(progress: WorkDone, task: asyncio.Future[T]) -> None:
    await asyncio.wait({task}, timeout=SHOWN_AFTER_S)
    if not task.done():
        await progress.create()
