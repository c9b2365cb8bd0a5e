"""initialized: settings are asked for, files watched, the workspace read and the model warmed, in the background.

Must not hold up the loop: whatever the client does meanwhile is answered.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import disk_changes, startup
from hdl_lsp.server.connection import Connection

METHOD = types.INITIALIZED


def handle(connection: Connection, _params: object) -> None:
    """Starts what takes time."""
    connection.background.start(_start(connection), "start")
    if not connection.client.watches_files:
        connection.background.start(disk_changes.poll(connection), "looking at the disk")


async def _start(connection: Connection) -> None:
    await startup.start(connection)
    if connection.client.watches_files:
        await disk_changes.catch_up(connection)
