"""textDocument/didSave: the moment to elaborate the whole design, in the background.

Must not wait.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import startup
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DID_SAVE


def handle(connection: Connection, params: types.DidSaveTextDocumentParams) -> None:
    """Elaborates; a saved project file is read again."""
    path = connection.path_of(params.text_document.uri)
    if path in connection.session.project.watched:
        connection.session.configure()
        connection.background.start(startup.load(connection), "load")
    else:
        connection.background.start(startup.elaborate(connection), "design")
