"""textDocument/declaration. Latency class: glance.

Must not wait long for facts: the index answers without them.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.definition import definition
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DECLARATION

FACTS_WAIT_S = 0.3


async def handle(
    connection: Connection, params: types.DeclarationParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """The same as definition: SystemVerilog declares a thing once."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    targets = definition(snapshot, place.file, place.offset)
    return connection.view(snapshot).targets(targets)
