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
from hdl_lsp.server.dispatch import Notification, answering, noticing
from hdl_lsp.server.glance_refresh import LensRefresh, colours_refresh, hints_refresh
from hdl_lsp.server.inactive_regions import InactiveRegions
from hdl_lsp.server.later import Later, Rest
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
from hdl_lsp.server.requests import initialize
from hdl_lsp.server.session import Session
from hdl_lsp.server.status import StatusPush

REQUESTS: tuple[Later, ...] = (
    Later(types.SHUTDOWN, "requests.shutdown"),
    Later(types.TEXT_DOCUMENT_HOVER, "requests.hover"),
    Later(types.TEXT_DOCUMENT_DEFINITION, "requests.definition"),
    Later(types.TEXT_DOCUMENT_DECLARATION, "requests.declaration"),
    Later(types.TEXT_DOCUMENT_TYPE_DEFINITION, "requests.type_definition"),
    Later(types.TEXT_DOCUMENT_IMPLEMENTATION, "requests.implementation"),
    Later(types.TEXT_DOCUMENT_REFERENCES, "requests.references"),
    Later(types.TEXT_DOCUMENT_PREPARE_RENAME, "requests.prepare_rename"),
    Later(types.TEXT_DOCUMENT_RENAME, "requests.rename"),
    Later(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "requests.document_highlight"),
    Later(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, "requests.document_symbol"),
    Later(types.WORKSPACE_SYMBOL, "requests.workspace_symbol"),
    Later(types.WORKSPACE_SYMBOL_RESOLVE, "requests.workspace_symbol_resolve"),
    Later(types.TEXT_DOCUMENT_COMPLETION, "requests.completion"),
    Later(types.TEXT_DOCUMENT_INLINE_COMPLETION, "requests.inline_completion"),
    Later(types.TEXT_DOCUMENT_SIGNATURE_HELP, "requests.signature_help"),
    Later(types.TEXT_DOCUMENT_FOLDING_RANGE, "requests.folding_range"),
    Later(types.TEXT_DOCUMENT_INLAY_HINT, "requests.inlay_hint"),
    Later(types.TEXT_DOCUMENT_DOCUMENT_LINK, "requests.document_link"),
    Later(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, "requests.semantic_tokens_full"),
    Later(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, "requests.semantic_tokens_delta"),
    Later(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, "requests.semantic_tokens_range"),
    Later(types.TEXT_DOCUMENT_SELECTION_RANGE, "requests.selection_range"),
    Later(types.TEXT_DOCUMENT_LINKED_EDITING_RANGE, "requests.linked_editing_range"),
    Later(types.TEXT_DOCUMENT_DIAGNOSTIC, "requests.document_diagnostic"),
    Later(types.WORKSPACE_DIAGNOSTIC, "requests.workspace_diagnostic"),
    Later(types.TEXT_DOCUMENT_CODE_ACTION, "requests.code_action"),
    Later(types.CODE_ACTION_RESOLVE, "requests.code_action_resolve"),
    Later(types.WORKSPACE_EXECUTE_COMMAND, "requests.execute_command"),
    Later(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, "requests.prepare_call_hierarchy"),
    Later(types.CALL_HIERARCHY_INCOMING_CALLS, "requests.incoming_calls"),
    Later(types.CALL_HIERARCHY_OUTGOING_CALLS, "requests.outgoing_calls"),
    Later(types.TEXT_DOCUMENT_CODE_LENS, "requests.code_lens"),
    Later(types.CODE_LENS_RESOLVE, "requests.code_lens_resolve"),
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
        connection.world_changed()

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
    session.listeners.loaded = both(connection.loaded, both(push.world_changed, lenses.loaded))
    session.listeners.idle = Rest(REQUESTS, connection.background).start
    session.listeners.problems = connection.report
    session.listeners.configured = _configured(connection)
    session.listeners.status = StatusPush(connection).changed
    return connection
