"""textDocument/references. Latency class: deliberate.

Must not block typing: elaboration is the design process's work.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.references import references
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.slow_work import with_progress

METHOD = types.TEXT_DOCUMENT_REFERENCES

FACTS_WAIT_S = 3.0


async def handle(
    connection: Connection, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Every use, as scopes prove and slang finds; the likeliest by name while slang is down."""
    place = connection.place(params)
    if place is None:
        return None
    session = connection.session
    snapshot = await session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    targets = await with_progress(
        connection,
        "hdl-lsp: looking for uses",
        lambda ask: references(
            snapshot,
            place.file,
            place.offset,
            ask,
            with_declaration=params.context.include_declaration,
        ),
    )
    return connection.view(snapshot).locations(targets)
