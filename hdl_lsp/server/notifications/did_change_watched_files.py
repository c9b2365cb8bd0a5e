"""workspace/didChangeWatchedFiles: files that somebody else changed, made or removed.

Must not wait: many changes at once (another branch checked out) are one load in the background.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import startup
from hdl_lsp.server.connection import Connection
from hdl_lsp.workspace.paths import is_hdl

METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES

FEW = 8  # files read here and now, a millisecond each


def handle(connection: Connection, params: types.DidChangeWatchedFilesParams) -> None:
    """Reads what changed; a project file, a new file or many files mean reading the workspace again."""
    session = connection.session
    if not session.loads:
        return  # the load that is under way reads the disk as it is
    paths = [connection.path_of(change.uri) for change in params.changes]
    is_project = any(path in session.project.watched for path in paths)
    is_new = any(change.type is types.FileChangeType.Created for change in params.changes)
    if is_project:
        session.configure()
    if is_project or is_new or len(paths) > FEW:
        connection.background.start(startup.load(connection), "load")
        return
    known = [p for p in paths if is_hdl(p) and session.table.find(p) is not None]
    session.refresh(known)
