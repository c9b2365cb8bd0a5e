"""The language server put together: every method and its handler.

Must not know what a method does: REQUESTS and NOTIFICATIONS are the table of contents.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from lsprotocol import types

from hdl_lsp import __version__
from hdl_lsp.config import Config
from hdl_lsp.server import extensions
from hdl_lsp.server.acceptance import write_to_disk
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.diagnostics_push import DiagnosticsPush
from hdl_lsp.server.dispatch import Notification, Request, answering, noticing
from hdl_lsp.server.glance_refresh import LensRefresh, colours_refresh, hints_refresh
from hdl_lsp.server.inactive_regions import InactiveRegions
from hdl_lsp.server.listeners import both, each
from hdl_lsp.server.notifications import (
    did_change,
    did_change_configuration,
    did_change_watched_files,
    did_change_workspace_folders,
    did_close,
    did_open,
    did_partially_accept_completion,
    did_save,
    did_show_completion,
    initialized,
)
from hdl_lsp.server.protocol import Protocol, Server, converter
from hdl_lsp.server.requests import (
    code_action,
    code_action_resolve,
    code_lens,
    code_lens_resolve,
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
    incoming_calls,
    initialize,
    inlay_hint,
    inline_completion,
    linked_editing_range,
    outgoing_calls,
    prepare_call_hierarchy,
    prepare_rename,
    references,
    rename,
    selection_range,
    semantic_tokens_delta,
    semantic_tokens_full,
    semantic_tokens_range,
    shutdown,
    signature_help,
    type_definition,
    workspace_diagnostic,
    workspace_symbol,
    workspace_symbol_resolve,
)
from hdl_lsp.server.session import Session
from hdl_lsp.server.status import StatusPush

REQUESTS: tuple[Request, ...] = (
    shutdown,
    hover,
    definition,
    declaration,
    type_definition,
    implementation,
    references,
    prepare_rename,
    rename,
    document_highlight,
    document_symbol,
    workspace_symbol,
    workspace_symbol_resolve,
    completion,
    inline_completion,
    signature_help,
    folding_range,
    inlay_hint,
    document_link,
    semantic_tokens_full,
    semantic_tokens_delta,
    semantic_tokens_range,
    selection_range,
    linked_editing_range,
    document_diagnostic,
    workspace_diagnostic,
    code_action,
    code_action_resolve,
    execute_command,
    prepare_call_hierarchy,
    incoming_calls,
    outgoing_calls,
    code_lens,
    code_lens_resolve,
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
    did_show_completion,
    did_partially_accept_completion,
)


def _configured(connection: Connection) -> Callable[[Config], None]:
    """What follows from settings beside the session: what hdl-lsp logs, and whether suggestions are counted."""

    def configured(config: Config) -> None:
        logging.getLogger("hdl_lsp").setLevel(config.log.level.upper())
        connection.acceptance.switch(write_to_disk if config.stats.enabled else None)

    return configured


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
    connection.protocol.on_initialize = noticing(connection, initialize)
    for request in REQUESTS:
        server.feature(request.METHOD)(answering(connection, request))
    for notification in NOTIFICATIONS:
        server.feature(notification.METHOD)(noticing(connection, notification))
    push = DiagnosticsPush(connection)
    tokens, inactive = colours_refresh(connection), InactiveRegions(connection)
    hints, lenses = hints_refresh(connection), LensRefresh(connection)
    connection.on_workspace_pull = push.workspace_pulled
    connection.on_closed = each(push.closed, inactive.closed)
    session.listeners.facts = each(
        push.facts_changed, tokens.facts_changed, inactive.facts_changed, hints.facts_changed
    )
    session.listeners.design = both(push.design_changed, lenses.design_changed)
    session.listeners.loaded = both(push.world_changed, lenses.loaded)
    session.listeners.problems = connection.report
    session.listeners.configured = _configured(connection)
    session.listeners.status = StatusPush(connection).changed
    return connection
