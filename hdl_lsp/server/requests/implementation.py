"""textDocument/implementation. Latency class: glance.

Must not wait long for facts: the index answers without them.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.definition import implementation
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_IMPLEMENTATION

FACTS_WAIT_S = 0.3


async def handle(
    connection: Connection, params: types.ImplementationParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Where what a name stands for is used as a design: instances of a module, overriding methods."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    targets = implementation(snapshot, place.file, place.offset)
    return connection.view(snapshot).targets(targets)
