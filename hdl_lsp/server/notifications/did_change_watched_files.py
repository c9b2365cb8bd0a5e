"""workspace/didChangeWatchedFiles: files that somebody else changed, made or removed.

Must not wait: many changes at once (another branch checked out) are one load in the background.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import disk_changes
from hdl_lsp.server.connection import Connection

METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES


def handle(connection: Connection, params: types.DidChangeWatchedFilesParams) -> None:
    """Hands over what changed."""
    paths = [connection.path_of(change.uri) for change in params.changes]
    is_new = any(change.type is types.FileChangeType.Created for change in params.changes)
    disk_changes.changed(connection, paths, is_new=is_new)
