"""textDocument/declaration. Latency class: glance.

Must not wait long for facts: the index answers without them.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.definition import declaration
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DECLARATION

FACTS_WAIT_S = 0.3


async def handle(
    connection: Connection, params: types.DeclarationParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Where the name is declared; of an extern method the prototype in its class."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    targets = declaration(snapshot, place.file, place.offset)
    return connection.view(snapshot).targets(targets)
