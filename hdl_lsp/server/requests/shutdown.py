"""shutdown: every request under way is answered as cancelled, and children begin to end.

Must not wait for them: the answer comes at once.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server.connection import Connection

METHOD = types.SHUTDOWN


async def handle(connection: Connection, _params: object) -> None:
    """Nothing but `exit` is obeyed from now on."""
    connection.protocol.shut_down()
    connection.background.start(connection.session.close(), "closing")
