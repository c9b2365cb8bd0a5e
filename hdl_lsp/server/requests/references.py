"""textDocument/references. Latency class: deliberate.

Must not block typing: elaboration is the design process's work.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.references import lexical_references, references_request
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_REFERENCES

FACTS_WAIT_S = 3.0


async def handle(
    connection: Connection, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Every use slang finds; uses by name where slang has no say (macros, design units) or is down."""
    place = connection.place(params)
    if place is None:
        return None
    session = connection.session
    snapshot = await session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    request = references_request(snapshot, place.file, place.offset)
    targets = await session.find_references(request) if request else None
    if targets is None:
        targets = lexical_references(snapshot, place.file, place.offset)
    return connection.view(snapshot).locations(dict.fromkeys(targets))
