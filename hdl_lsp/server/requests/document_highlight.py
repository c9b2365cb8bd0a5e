"""textDocument/documentHighlight. Latency class: glance.

Must not wait long for facts: the name itself is highlighted without them.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.highlights import highlights
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT

FACTS_WAIT_S = 0.1


async def handle(
    connection: Connection, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """The other uses of a name in its file, reads and writes told apart; the partners of a keyword."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    view = connection.view(snapshot)
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(
            view.range(place.text, h.span),
            kinds.Text if h.is_text else kinds.Write if h.is_write else kinds.Read,
        )
        for h in highlights(snapshot, place.file, place.offset)
    ]
