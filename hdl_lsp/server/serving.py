"""One client served on stdio: the handshake at once, then the rest of the server, then message by message.

Must not import lsprotocol, slang or tree-sitter before `initialize` is answered: an editor waits for that answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from subprocess import Popen
from typing import cast

from hdl_lsp.server.ahead import Ahead
from hdl_lsp.server.capabilities import initialize_result, member
from hdl_lsp.server.stdio import Descriptors, MessageWriter, framed, read_messages

log = logging.getLogger(__name__)

CLOSE_S = 1.0  # children that have not ended by then end with us: their stdin closes
FLUSH_S = 1.0
PARENT_CHECK_S = 3.0


async def serve(taken: Descriptors, scout: Popen[bytes] | None) -> int:
    """Serves one client on *taken*, with what *scout* finds meanwhile; gives the exit code.

    LSP 3.18, "Exit Notification".
    """
    inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
    writer = MessageWriter(taken.write)
    read_messages(taken.read, asyncio.get_running_loop(), inbox.put_nowait)
    first = await inbox.get()
    greeting = _greeting(first)
    ahead = None if scout is None else Ahead(scout)
    if first is not None and greeting is not None:
        if ahead is not None:
            ahead.ask(first)
        answer = initialize_result(greeting.get("params"))
        writer.write(framed({"jsonrpc": "2.0", "id": greeting["id"], "result": answer}))
    try:
        return await _converse(writer, inbox, greeting, first, ahead)
    finally:
        if ahead is not None:
            ahead.close()
        writer.finish(FLUSH_S)


def _greeting(first: bytes | None) -> Mapping[str, object] | None:
    """The client's `initialize` request; None when it begins with something else."""
    if first is None:
        return None
    try:
        raw: object = json.loads(first)
    except ValueError:
        return None
    if member(raw, "method") == "initialize" and isinstance(member(raw, "id"), int | str):
        return cast("Mapping[str, object]", raw)
    return None


async def _converse(
    writer: MessageWriter,
    inbox: asyncio.Queue[bytes | None],
    greeting: Mapping[str, object] | None,
    first: bytes | None,
    ahead: Ahead | None,
) -> int:
    """Handles messages until the client says `exit` or is gone; gives the exit code."""
    from hdl_lsp.server.light_types import import_types

    import_types()
    from hdl_lsp.server.app import build_server
    from hdl_lsp.server.session import Session
    from hdl_lsp.server.settings import index_folder
    from hdl_lsp.server.startup import collect_rarely

    collect_rarely()
    session = Session(index_folder=index_folder())
    session.reading.ahead = ahead
    connection = build_server(session)
    connection.began_ns = time.time_ns() if ahead is None else ahead.asked_ns
    protocol = connection.protocol
    protocol.set_writer(writer)
    exit_codes: list[int] = []
    protocol.on_exit = exit_codes.append
    if greeting is not None:
        protocol.greet(greeting.get("params"))
    body = first if greeting is None else await inbox.get()
    connection.background.start(_watch_parent(inbox), "parent watch")
    while body is not None:
        protocol.receive(body)
        if exit_codes:
            break
        # Lets a request's handler take its snapshot before the next message changes the world.
        await asyncio.sleep(0)
        body = await inbox.get()
    else:
        log.info("the client is gone")
        exit_codes.append(0 if protocol.is_shut_down else 1)
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await connection.close()
    return exit_codes[0]


async def _watch_parent(inbox: asyncio.Queue[bytes | None]) -> None:
    """Ends the server when it was orphaned although its stdin stays open (POSIX)."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(PARENT_CHECK_S)
    inbox.put_nowait(None)
