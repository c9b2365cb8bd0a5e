"""textDocument/rename. Latency class: deliberate.

Must not edit what is not proved: then the answer is an error with the place.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from hdl_lsp.features.rename import Refused, rename
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.slow_work import with_progress
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.vfs import Vfs
from hdl_lsp.workspace.writable import writable_below

METHOD = types.TEXT_DOCUMENT_RENAME

FACTS_WAIT_S = 5.0


async def handle(connection: Connection, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """All edits or none; cancelling it ends the proof between two files."""
    place = connection.place(params)
    if place is None:
        return None
    session = connection.session
    snapshot = await session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    at, name, writable = place.offset, params.new_name, writable_below(snapshot.project.roots)
    found = await with_progress(
        connection,
        "hdl-lsp: proving a rename",
        lambda ask: rename(snapshot, place.file, at, name, ask, writable),
    )
    if isinstance(found, Refused):
        raise JsonRpcException(
            f"not renamed: {found.reason}", code=types.LSPErrorCodes.RequestFailed
        )
    if any(_has_changed(snapshot, session.vfs, file) for file in found.edits):
        raise JsonRpcException(
            "not renamed: a file has changed meanwhile", code=types.LSPErrorCodes.ContentModified
        )
    for note in found.notes:
        connection.show(note)
    return connection.view(snapshot).edits_of_files(
        {snapshot.path(file): edits for file, edits in found.edits.items()},
        {snapshot.path(d.file): d.version for d in connection.documents.values()},
        {(snapshot.path(file), start) for file, start in found.unseen},
    )


def _has_changed(snapshot: Snapshot, now: Vfs, file: FileId) -> bool:
    """The text is not the one that was searched, or is gone: a closed file is read from disk at every look."""
    text = snapshot.text(file)
    return text is None or text.digest != snapshot.index.digest_of(file) or now.text(file) != text
