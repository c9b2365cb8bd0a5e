"""workspace/didChangeWorkspaceFolders: other folders, the same session.

Must not wait.
"""

from __future__ import annotations

import os

from lsprotocol import types

from hdl_lsp.server import startup
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.remembered_target import remembered

METHOD = types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS


def handle(connection: Connection, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Takes folders in and out and reads the workspace again."""
    session = connection.session
    removed = {os.path.normpath(connection.path_of(f.uri)) for f in params.event.removed}
    added = [os.path.normpath(connection.path_of(f.uri)) for f in params.event.added]
    roots = [root for root in session.roots if root not in removed]
    session.open_folder(dict.fromkeys((*roots, *added)))
    session.target_choice = remembered(session.roots)
    connection.background.start(startup.load(connection), "load")
