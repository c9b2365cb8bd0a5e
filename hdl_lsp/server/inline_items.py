"""Suggestions as the protocol has them, alone or beside the selected item of the completion list (LSP 3.18).

Must not choose: who is asked in vain while the list shows something else answers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from hdl_lsp.features.inline_completion import InlineItem
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.from_lsp import range_span
from hdl_lsp.server.to_lsp import View
from hdl_lsp.text.source import SourceText


def listed(
    connection: Connection,
    text: SourceText,
    found: Sequence[InlineItem],
    context: types.InlineCompletionContext,
) -> types.InlineCompletionList:
    """As the protocol wants it; with the completion list open, only what goes on as its selected item does."""
    view = View(connection.client, lambda _path: None, connection.uri_of)
    selected = context.selected_completion_info
    word = range_span(text, selected.range, connection.client.encoding) if selected else None
    items: list[types.InlineCompletionItem] = []
    for item in found:
        typed, where = "", item.range
        if selected is not None and word is not None:
            if word.end != item.range.start:
                continue
            typed, where = text.slice(word), word
            if not (typed + item.text).startswith(selected.text):
                continue
        accepted = types.Command(
            "Accepted", "hdl.acceptInline", "\n".join(item.notes) or None, [item.number]
        )
        items.append(
            types.InlineCompletionItem(
                insert_text=typed + item.text, range=view.range(text, where), command=accepted
            )
        )
    return types.InlineCompletionList(items=items)
