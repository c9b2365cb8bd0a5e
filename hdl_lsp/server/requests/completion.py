"""textDocument/completion. Latency class: typing.

Must not wait for facts or, while a name is being typed, for a model.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.completion.answer import completion
from hdl_lsp.server import completion_items, ghost_text
from hdl_lsp.server.connection import Connection, Place

METHOD = types.TEXT_DOCUMENT_COMPLETION

GHOST_WAIT_S = 0.04  # while a word is being typed
GHOST_INVOKED_WAIT_S = 2.0  # where nothing is being typed, somebody pressed the key for completion


async def handle(
    connection: Connection, params: types.CompletionParams
) -> types.CompletionList | None:
    """Names that fit; for clients without ghost text also what would be shown as such."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = place.snapshot  # with facts of a text some keys ago, which is good enough here
    found = completion(snapshot, place.file, place.offset)
    view = connection.view(snapshot)
    items = [completion_items.item(view, place.text, item) for item in found.items]
    is_incomplete = found.is_incomplete
    inline = snapshot.config.inline
    if inline.enabled and (inline.as_completion or not connection.client.inline_completion):
        is_asked = not _is_in_word(place)
        wait_s = GHOST_INVOKED_WAIT_S if is_asked else GHOST_WAIT_S
        ghost = await ghost_text.within(connection, place, wait_s, is_asked=is_asked)
        is_incomplete = is_incomplete or ghost is None
        items += [completion_items.ghost(view, place, one) for one in ghost or ()]
    return types.CompletionList(is_incomplete=is_incomplete, items=items)


def _is_in_word(place: Place) -> bool:
    """Left of the cursor stands a character of a name, or one that brings the list up by itself."""
    before = place.text.data[max(0, place.offset - 1) : place.offset]
    return before.isalnum() or before in {b"_", b".", b":", b"`", b"$", b"(", b",", b"#", b'"'}
