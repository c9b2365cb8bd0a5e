"""textDocument/prepareCallHierarchy. Latency class: glance.

Must not need elaboration: the hierarchy of what is written is there as soon as the files are read.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.call_hierarchy import prepare
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.hierarchy_items import to_item

METHOD = types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY


async def handle(
    connection: Connection, params: types.CallHierarchyPrepareParams
) -> list[types.CallHierarchyItem] | None:
    """The module, function or task at the position, else the one around it."""
    place = connection.place(params)
    found = prepare(place.snapshot, place.file, place.offset) if place else None
    item = to_item(connection, place.snapshot, found) if place and found else None
    return [item] if item else None
