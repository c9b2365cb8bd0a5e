"""textDocument/typeDefinition. Latency class: glance.

Must not wait long for facts: the index answers without them.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.definition import type_definition
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_TYPE_DEFINITION

FACTS_WAIT_S = 0.3


async def handle(
    connection: Connection, params: types.TypeDefinitionParams
) -> list[types.Location] | list[types.LocationLink] | None:
    """Where the type of a name is declared."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    targets = type_definition(snapshot, place.file, place.offset)
    return connection.view(snapshot).targets(targets)
