"""The language server put together: methods registered, stdio taken, the loop that reads messages.

Must not know what a method does: REQUESTS and NOTIFICATIONS are the table of contents.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress

from lsprotocol import types

from hdl_lsp import __version__
from hdl_lsp.server import extensions
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.diagnostics_push import DiagnosticsPush
from hdl_lsp.server.dispatch import Notification, Request, answering, noticing
from hdl_lsp.server.notifications import (
    did_change,
    did_change_configuration,
    did_change_watched_files,
    did_change_workspace_folders,
    did_close,
    did_open,
    did_save,
    initialized,
)
from hdl_lsp.server.protocol import Protocol, Server, converter
from hdl_lsp.server.requests import (
    code_action,
    code_action_resolve,
    completion,
    declaration,
    definition,
    document_diagnostic,
    document_highlight,
    document_link,
    document_symbol,
    execute_command,
    folding_range,
    hover,
    implementation,
    initialize,
    inline_completion,
    references,
    shutdown,
    signature_help,
    type_definition,
    workspace_symbol,
)
from hdl_lsp.server.session import Session
from hdl_lsp.server.status import StatusPush
from hdl_lsp.server.stdio import Descriptors, MessageWriter, read_messages

log = logging.getLogger(__name__)

REQUESTS: tuple[Request, ...] = (
    shutdown,
    hover,
    definition,
    declaration,
    type_definition,
    implementation,
    references,
    document_highlight,
    document_symbol,
    workspace_symbol,
    completion,
    inline_completion,
    signature_help,
    folding_range,
    document_link,
    document_diagnostic,
    code_action,
    code_action_resolve,
    execute_command,
    *extensions.REQUESTS,
)

NOTIFICATIONS: tuple[Notification, ...] = (
    initialized,
    did_open,
    did_change,
    did_save,
    did_close,
    did_change_configuration,
    did_change_watched_files,
    did_change_workspace_folders,
)

CLOSE_S = 1.0  # children that have not ended by then end with us: their stdin closes
FLUSH_S = 1.0
PARENT_CHECK_S = 3.0


def build_server(session: Session) -> Connection:
    """A connection for *session* with every method registered."""
    server = Server(
        name="hdl-lsp",
        version=__version__,
        text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
        protocol_cls=Protocol,
        converter_factory=converter,
    )
    connection = Connection(session, server)

    def initializing(params: types.InitializeParams) -> None:
        initialize.handle(connection, params)

    server.feature(types.INITIALIZE)(initializing)
    for request in REQUESTS:
        server.feature(request.METHOD, request.OPTIONS)(answering(connection, request))
    for notification in NOTIFICATIONS:
        server.feature(notification.METHOD)(noticing(connection, notification))
    for name in execute_command.COMMANDS:
        server.command(name)(_never_called)
    push = DiagnosticsPush(connection)
    connection.on_closed = push.closed
    session.listeners.facts = push.facts_changed
    session.listeners.design = push.design_changed
    session.listeners.loaded = push.world_changed
    session.listeners.problems = connection.report
    session.listeners.status = StatusPush(connection).changed
    return connection


def _never_called() -> None:
    """Commands are registered so that they are announced; requests/execute_command.py runs them."""


async def serve(taken: Descriptors) -> int:
    """Serves one client on *taken*; gives the exit code (LSP 3.18, "Exit Notification")."""
    loop = asyncio.get_running_loop()
    inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
    exit_codes: list[int] = []
    connection = build_server(Session())
    protocol = connection.protocol
    writer = MessageWriter(taken.write)
    protocol.set_writer(writer)
    protocol.on_exit = exit_codes.append
    read_messages(taken.read, loop, inbox.put_nowait)
    connection.background.start(_watch_parent(inbox), "parent watch")
    while not exit_codes:
        body = await inbox.get()
        if body is None:
            log.info("the client is gone")
            exit_codes.append(0 if protocol.is_shut_down else 1)
            break
        protocol.receive(body)
        # Lets a request's handler take its snapshot before the next message changes the world.
        await asyncio.sleep(0)
    writer.finish(FLUSH_S)
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
