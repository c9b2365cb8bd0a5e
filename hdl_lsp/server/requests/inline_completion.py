"""textDocument/inlineCompletion: ghost text. Latency class: typing, plus the model.

Must not answer an error that an editor shows while somebody types: no suggestion is an empty list.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import ghost_text
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_INLINE_COMPLETION


async def handle(
    connection: Connection, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """What a model would write at the cursor; nothing when a newer request came or the text moved on."""
    place = connection.place(params)
    if place is None or not place.snapshot.config.inline.enabled:
        return types.InlineCompletionList(items=[])
    found = await ghost_text.newest(connection, place)
    if not connection.is_current(place):
        found = ()
    view = connection.view(place.snapshot)
    selected = params.context.selected_completion_info
    items: list[types.InlineCompletionItem] = []
    for item in found:
        range = view.range(place.text, item.range)
        if (
            selected is not None
        ):  # the list is open: the answer must start with what it would insert
            if not item.text.startswith(selected.text):
                continue
            range = selected.range
        items.append(
            types.InlineCompletionItem(
                insert_text=item.text,
                range=range,
                command=types.Command("Accepted", "hdl.acceptInline", arguments=[len(item.text)]),
            )
        )
    return types.InlineCompletionList(items=items)
