"""textDocument/linkedEditingRange. Latency class: typing.

Must not need the analysis process: the words of the text are enough.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.linked_editing import linked_editing
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_LINKED_EDITING_RANGE

WORD = r"[A-Za-z_][A-Za-z0-9_$]*"


async def handle(
    connection: Connection, params: types.LinkedEditingRangeParams
) -> types.LinkedEditingRanges | None:
    """Both ends of a block's name."""
    place = connection.place(params)
    if place is None:
        return None
    view = connection.view(place.snapshot)
    spans = linked_editing(place.snapshot, place.file, place.offset)
    if not spans:
        return None
    return types.LinkedEditingRanges([view.range(place.text, one) for one in spans], WORD)
