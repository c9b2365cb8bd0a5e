"""textDocument/didChange: edits in the client's order, each counted in what the one before it left.

Must not wait, and must not fail: an edit out of range is clamped and logged, one of an unknown document too.
"""

from __future__ import annotations

import logging
import time

from lsprotocol import types

from hdl_lsp.server import from_lsp
from hdl_lsp.server.connection import Connection
from hdl_lsp.workspace.vfs import Opened

METHOD = types.TEXT_DOCUMENT_DID_CHANGE

log = logging.getLogger(__name__)


def handle(connection: Connection, params: types.DidChangeTextDocumentParams) -> None:
    """Changes the open text."""
    document = connection.documents.get(params.text_document.uri)
    text = connection.session.vfs.text(document.file) if document else None
    if document is None or text is None:
        log.warning("a change of a document that is not open was ignored")
        return
    encoding = connection.client.encoding
    edited = from_lsp.edited(text, params.content_changes, encoding)
    connection.rhythm.key(time.monotonic())
    document.version = params.text_document.version
    connection.session.apply((Opened(document.file, edited),))
    connection.world_changed(by=document.file)
