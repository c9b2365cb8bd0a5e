"""textDocument/prepareRename. Latency class: interactive.

Must not search: rename does, and says what it can't prove.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from hdl_lsp.features.rename import Refused, prepare_rename
from hdl_lsp.server.connection import Connection
from hdl_lsp.workspace.writable import writable_below

METHOD = types.TEXT_DOCUMENT_PREPARE_RENAME

FACTS_WAIT_S = 0.5


async def handle(
    connection: Connection, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name under the cursor; an error with the reason where there is none to rename."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    found = prepare_rename(
        snapshot, place.file, place.offset, writable_below(snapshot.project.roots)
    )
    if isinstance(found, Refused):
        raise JsonRpcException(found.reason, code=types.LSPErrorCodes.RequestFailed)
    where = connection.view(snapshot).range(place.text, found.span)
    return types.PrepareRenamePlaceholder(range=where, placeholder=found.name)
