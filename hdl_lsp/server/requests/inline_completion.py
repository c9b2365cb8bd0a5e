"""textDocument/inlineCompletion: ghost text. Latency class: typing, plus the model.

Must not answer an error that an editor shows while somebody types: no suggestion is an empty list.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import ghost_text
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.inline_items import listed

METHOD = types.TEXT_DOCUMENT_INLINE_COMPLETION


async def handle(
    connection: Connection, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """What fits at the cursor, best first; nothing when a newer request came or the text moved on."""
    here = connection.here(params)
    if here is None or not connection.session.config.inline.enabled:
        return types.InlineCompletionList(items=[])
    is_asked = params.context.trigger_kind is types.InlineCompletionTriggerKind.Invoked
    rest = connection.typed_through.rest(*here)
    if rest and not is_asked:  # its words are being typed: no snapshot, no model
        return listed(connection, here[1], rest, params.context)
    place = connection.place(params)
    if place is None:
        return types.InlineCompletionList(items=[])
    found = await ghost_text.newest(connection, place, is_asked=is_asked)
    return listed(
        connection, place.text, found if connection.is_current(place) else (), params.context
    )
