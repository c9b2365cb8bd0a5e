"""Ghost text for one document at a time: the newest request wins, an older one ends with nothing to show.

Must not raise for a model that is missing or broken: that is a status. What is computed is suggested without one.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.inline_completion import MODEL, InlineItem, inline_completion
from hdl_lsp.llm.engine import Engine, Lane
from hdl_lsp.server.checking import checker
from hdl_lsp.server.connection import Connection, Ghost, Place
from hdl_lsp.server.patient_engine import PatientEngine

log = logging.getLogger(__name__)

Items = tuple[InlineItem, ...]
READ_WAIT_S = 20.0
"""How long who presses the key waits for a workspace that is still being read."""

FIRST_FACTS_WAIT_S = 1.0
"""How long facts are waited for in a file of which none are known: without them hardly anything can be computed.

Those of a text some keys ago are good enough. To ask for newer ones would keep slang busy just when the
suggestion has to be checked.
"""


async def newest(connection: Connection, place: Place, *, is_asked: bool) -> Items:
    """The suggestions at *place*; () when a newer request for the document came meanwhile."""
    task = _start(connection, place, is_asked=is_asked)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        raise
    return () if task.cancelled() else task.result()


async def within(
    connection: Connection, place: Place, wait_s: float, *, is_asked: bool
) -> Items | None:
    """The suggestions at *place* if they come in time; None while they are still being written, for the next time."""
    rest = connection.typed_through.rest(place.file, place.text, place.offset)
    if rest:
        return rest
    task = _start(connection, place, is_asked=is_asked)
    await asyncio.wait({task}, timeout=wait_s)
    if not task.done():
        return None
    return () if task.cancelled() else task.result()


def _start(connection: Connection, place: Place, *, is_asked: bool) -> asyncio.Task[Items]:
    """The task that finds the suggestions; the one before for this document is ended unless it is the same."""
    running = connection.ghosts.get(place.file)
    key = (place.text.digest, place.offset, is_asked)
    if running is not None:
        if running.key == key and is_worth_waiting_for(running.task):
            return running.task
        running.task.cancel()
    task = asyncio.create_task(_found(connection, place, is_asked=is_asked), name="ghost text")
    connection.ghosts[place.file] = Ghost(key, task)
    return task


def is_worth_waiting_for(task: asyncio.Task[Items]) -> bool:
    """Being written, or written and not empty: who asks again after nothing came wants it tried again."""
    if task.cancelling() or task.cancelled():
        return False
    return not task.done() or (task.exception() is None and bool(task.result()))


async def _found(connection: Connection, place: Place, *, is_asked: bool) -> Items:
    """The suggestions; none from an engine that fails."""
    session = connection.session
    if not session.loads:  # slang can't reject what names modules that were not read yet
        if not is_asked or not await _is_read(connection):
            return ()
        place = replace(place, snapshot=session.snapshot())
    engine: Engine | None = session.engine if session.has_model(Lane.INLINE) else None
    if engine is not None and not is_asked:
        engine = PatientEngine(engine, connection.rhythm)
    snapshot = place.snapshot
    if snapshot.facts(place.file) is None:
        snapshot = await session.with_facts(snapshot, place.file, FIRST_FACTS_WAIT_S)
    try:
        items = await inline_completion(
            snapshot,
            place.file,
            place.offset,
            engine,
            checker(session, place.file),
            is_asked=is_asked,
        )
    except HdlLspError as err:
        log.info("no ghost text: %s", err)
        return ()
    items = _numbered(connection, items)
    connection.typed_through.keep(place.file, place.text, place.offset, items)
    return items


async def _is_read(connection: Connection) -> bool:
    """The workspace was read, at last; False when that takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_WAIT_S):
            await connection.first_load.wait()
    return connection.first_load.is_set()


def _numbered(connection: Connection, items: Items) -> Items:
    """*items* with numbers by which the client can say what became of them."""
    model = connection.session.engine.status().model
    if "/" in model or "\\" in model:
        model = MODEL  # a path or an address is nobody's business, not even in a file of counts
    offered = connection.acceptance.offered
    return tuple(
        replace(
            item,
            number=offered(
                item.site,
                model if item.origin == MODEL else item.origin,
                item.text,
                is_first=item is items[0],
            ),
        )
        for item in items
    )
