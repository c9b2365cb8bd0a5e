"""textDocument/inlineCompletion: ghost text. Latency class: typing, plus the model.

Must not answer an error that an editor shows while somebody types: no suggestion is an empty list.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from hdl_lsp.features.inline_completion import InlineItem
from hdl_lsp.server import ghost_text
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.to_lsp import View
from hdl_lsp.text.source import SourceText

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
        return _listed(connection, here[1], rest, params)
    place = connection.place(params)
    if place is None:
        return types.InlineCompletionList(items=[])
    found = await ghost_text.newest(connection, place, is_asked=is_asked)
    return _listed(connection, place.text, found if connection.is_current(place) else (), params)


def _listed(
    connection: Connection,
    text: SourceText,
    found: Sequence[InlineItem],
    params: types.InlineCompletionParams,
) -> types.InlineCompletionList:
    """As the protocol wants it; with the completion list open, only what starts with what it would insert."""
    selected = params.context.selected_completion_info
    view = View(connection.client, lambda _path: None, connection.uri_of)
    items = [
        types.InlineCompletionItem(
            insert_text=item.text,
            range=selected.range if selected else view.range(text, item.range),
            command=types.Command(
                "Accepted", "hdl.acceptInline", "\n".join(item.notes) or None, [item.number]
            ),
        )
        for item in found
        if selected is None or item.text.startswith(selected.text)
    ]
    return types.InlineCompletionList(items=items)
