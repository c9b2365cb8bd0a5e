"""Requests of ours that ask the client to ask again (`workspace/.../refresh`): rarely, and without waiting.

Must not know why: who calls soon() does.
"""

from __future__ import annotations

import asyncio
import logging

from pygls.exceptions import JsonRpcException

from hdl_lsp.server.connection import Connection

log = logging.getLogger(__name__)

PAUSE_S = 0.5  # several pieces of news become one request


class Refresh:
    """One kind of refresh."""

    def __init__(self, connection: Connection, method: str) -> None:
        self._connection = connection
        self._method = method
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Sends the request in a moment, once."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PAUSE_S, self._send)

    def _send(self) -> None:
        self._timer = None
        if self._connection.protocol.is_shut_down:
            return
        future = self._connection.protocol.send_request(self._method, None)
        future.add_done_callback(
            lambda answered: (
                log.info("%s: %s", self._method, answered.exception())
                if not answered.cancelled() and isinstance(answered.exception(), JsonRpcException)
                else None
            )
        )
