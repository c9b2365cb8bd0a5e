"""Ghost text for one document at a time: the newest request wins, an older one ends with nothing to show.

Must not raise for a model that is missing or broken: that is a status, and no suggestion.
"""

from __future__ import annotations

import asyncio
import logging

from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.inline_completion import InlineItem, inline_completion
from hdl_lsp.llm.engine import Lane
from hdl_lsp.server.connection import Connection, Ghost, Place

log = logging.getLogger(__name__)

Items = tuple[InlineItem, ...]
FACTS_WAIT_S = 0.02


async def newest(connection: Connection, place: Place) -> Items:
    """The suggestion at *place*; () when a newer request for the document came meanwhile."""
    task = _start(connection, place)
    if task is None:
        return ()
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        raise
    return () if task.cancelled() else task.result()


async def within(connection: Connection, place: Place, wait_s: float) -> Items | None:
    """The suggestion at *place* if it comes in time; None while it is still being written, for the next time."""
    rest = connection.typed_through.rest(place.file, place.text, place.offset)
    if rest is not None:
        return (rest,)
    task = _start(connection, place)
    if task is None:
        return ()
    await asyncio.wait({task}, timeout=wait_s)
    if not task.done():
        return None
    return () if task.cancelled() else task.result()


def _start(connection: Connection, place: Place) -> asyncio.Task[Items] | None:
    """The task that writes the suggestion; the one before for this document is ended unless it is the same."""
    if not connection.session.has_model(Lane.INLINE):
        return None
    running = connection.ghosts.get(place.file)
    key = (place.text.digest, place.offset)
    if running is not None:
        if running.key == key and is_worth_waiting_for(running.task):
            return running.task
        running.task.cancel()
    task = asyncio.create_task(_write(connection, place), name="ghost text")
    connection.ghosts[place.file] = Ghost(key, task)
    return task


def is_worth_waiting_for(task: asyncio.Task[Items]) -> bool:
    """Being written, or written and not empty: who asks again after nothing came wants it tried again."""
    if task.cancelling() or task.cancelled():
        return False
    return not task.done() or (task.exception() is None and bool(task.result()))


async def _write(connection: Connection, place: Place) -> Items:
    """One suggestion; a failing engine gives none."""
    session = connection.session
    snapshot = await session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    try:
        items = await inline_completion(
            snapshot,
            place.file,
            place.offset,
            session.engine,
            lambda text: session.check_text(place.file, text),
        )
    except HdlLspError as err:
        log.info("no ghost text: %s", err)
        return ()
    connection.typed_through.keep(place.file, place.text, place.offset, items)
    return items
