"""What happens around every request and notification: timing, cancellation, failures, exactly one answer.

Must not know any method. The only place of the server where every exception is caught.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from hdl_lsp.errors import HdlLspError
from hdl_lsp.server.connection import Connection

log = logging.getLogger(__name__)


class Request(Protocol):
    """A module of requests/: one method and its handler; capabilities.py announces it."""

    @property
    def METHOD(self) -> str:  # noqa: N802 - a constant of the module
        """The method's name."""
        ...

    @property
    def handle(self) -> Callable[..., Awaitable[object]]:
        """`handle(connection, params)`: the result; takes its snapshot before its first await."""
        ...


class Notification(Protocol):
    """A module of notifications/: one method and its handler, which must not wait."""

    @property
    def METHOD(self) -> str:  # noqa: N802 - a constant of the module
        """The method's name."""
        ...

    @property
    def handle(self) -> Callable[..., None]:
        """`handle(connection, params)`."""
        ...


async def _if_unchanged(
    connection: Connection,
    params: Any,  # noqa: ANN401 - parameters of any method about a document
    result: Awaitable[object],
) -> object:
    """*result*, unless the text has changed meanwhile: ContentModified, to clients that then ask again.

    LSP 3.18, staleRequestSupport.
    """
    uri: str = params.text_document.uri
    before = connection.text(uri)
    found = await result
    if connection.text(uri) != before:
        code = types.LSPErrorCodes.ContentModified
        raise JsonRpcException("the document has changed", code=code)
    return found


def answering(connection: Connection, request: Request) -> Callable[[object], Awaitable[object]]:
    """The handler that pygls gets for *request*."""
    method = request.METHOD

    # Any, because pygls takes a first parameter of type object for itself.
    async def answer(params: Any) -> object:  # noqa: ANN401
        started = time.perf_counter()
        outcome = "ok"
        try:
            handle = request.handle
            if method in connection.client.retries:
                return await _if_unchanged(connection, params, handle(connection, params))
            return await handle(connection, params)
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except HdlLspError as err:
            outcome = "failed"
            log.warning("%s: %s", method, err)
            raise JsonRpcException(str(err), code=types.LSPErrorCodes.RequestFailed) from err
        except JsonRpcException:
            outcome = "refused"
            raise
        except Exception as err:
            outcome = "internal error"
            connection.server.internal_errors += 1
            log.exception("%s failed", method)
            raise JsonRpcInternalError(f"{method}: {type(err).__name__}: {err}") from err
        finally:
            ms = (time.perf_counter() - started) * 1000
            connection.times.add(method, ms)
            log.debug("%s: %s in %.1f ms", method, outcome, ms)

    return answer


def noticing(connection: Connection, notification: Notification) -> Callable[[object], None]:
    """The handler that pygls gets for *notification*; a failure is logged and counted, nobody is asked."""
    handle = notification.handle

    def notice(params: Any) -> None:  # noqa: ANN401 - as above
        try:
            handle(connection, params)
        except Exception:
            connection.server.internal_errors += 1
            log.exception("%s failed", notification.METHOD)

    return notice
