"""textDocument/didClose: what is on disk counts again.

Must not wait.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server.connection import Connection
from hdl_lsp.workspace import loader
from hdl_lsp.workspace.vfs import Closed, OnDisk

METHOD = types.TEXT_DOCUMENT_DID_CLOSE


def handle(connection: Connection, params: types.DidCloseTextDocumentParams) -> None:
    """Drops the editor's text; the disk is read, because it may have changed while the editor's text counted."""
    document = connection.forget(params.text_document.uri)
    if document is None:
        return
    session = connection.session
    on_disk = loader.read(session.table.path_of(document.file))
    session.apply((Closed(document.file), OnDisk(document.file, on_disk)))
    connection.world_changed(by=document.file)
    ghost = connection.ghosts.pop(document.file, None)
    if ghost is not None:
        ghost.task.cancel()
    connection.fixes.forget(document.file)
    connection.tokens.forget(document.file)
    connection.on_closed(document.uri)
