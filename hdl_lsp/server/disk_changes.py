"""Changes on disk that somebody else made: told by the client, or found by looking every few seconds.

Must not watch anything by itself while the client does, and must not look at the disk on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from hdl_lsp.server import startup
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.session import Session
from hdl_lsp.workspace import disk_look
from hdl_lsp.workspace.paths import folders_up_to, is_hdl

log = logging.getLogger(__name__)

FEW = 8  # files read here and now, a millisecond each
PAUSE_S = 5.0  # between two looks at the disk: some 20 ms of a thread for 4,000 files


def changed(connection: Connection, paths: Sequence[str], *, is_new: bool) -> None:
    """Reads what changed; a project file, a new file or many files mean reading the workspace again."""
    session = connection.session
    if not session.loads:
        return  # the load that is under way reads the disk as it is
    is_project = any(path in session.project.watched for path in paths)
    if is_project:
        session.configure()
    if is_project or is_new or len(paths) > FEW:
        connection.background.start(startup.load(connection), "load")
        return
    session.refresh(p for p in paths if is_hdl(p) and session.table.find(p) is not None)
    connection.world_changed()


async def poll(connection: Connection, pause_s: float = PAUSE_S) -> None:
    """Looks every *pause_s* seconds; for clients that watch no files. Runs until it is cancelled."""
    session = connection.session
    started_ns = connection.began_ns
    before: disk_look.Look | None = None
    while True:
        await asyncio.sleep(pause_s)
        if not session.loads or session.reading.indexing is not None:
            continue
        places = _places(session)
        now = await asyncio.to_thread(disk_look.look, *places)
        if before is None:  # what has changed since the first load began was perhaps not read
            fresh = await asyncio.to_thread(disk_look.changed_since, now, started_ns)
        else:
            fresh = [path for path, seen in now.items() if path in before and before[path] != seen]
        before = now
        if fresh:
            log.info("%d changes on disk, the first is %s", len(fresh), fresh[0])
            changed(connection, fresh, is_new=any(isinstance(now[p], frozenset) for p in fresh))


async def catch_up(connection: Connection) -> None:
    """One look, for clients that watch files: at what has changed before they began."""
    session = connection.session
    seen = await asyncio.to_thread(disk_look.look, *_places(session))
    fresh = await asyncio.to_thread(disk_look.changed_since, seen, connection.began_ns)
    if fresh:
        changed(connection, fresh, is_new=any(isinstance(seen[path], frozenset) for path in fresh))


def _places(session: Session) -> tuple[set[str], set[str]]:
    """Files worth looking at, and the folders where others may appear."""
    table = session.table
    files = {table.path_of(file) for file in session.index.files()}
    folders = {folder for path in files for folder in folders_up_to(path, session.roots)}
    return {*files, *session.project.watched}, {*folders, *session.roots}
