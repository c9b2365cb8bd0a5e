"""textDocument/didOpen: the editor's text counts from now on.

Must not wait.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server.connection import Connection
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.vfs import Opened

METHOD = types.TEXT_DOCUMENT_DID_OPEN


def handle(connection: Connection, params: types.DidOpenTextDocumentParams) -> None:
    """Puts the text over what is on disk."""
    given = params.text_document
    document = connection.open(given.uri, given.version)
    connection.session.apply((Opened(document.file, SourceText.of(given.text)),))
    connection.world_changed(by=document.file)
