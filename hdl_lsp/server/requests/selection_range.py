"""textDocument/selectionRange. Latency class: glance.

Must not need the analysis process: the syntax tree is enough.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.selection_ranges import selection_ranges
from hdl_lsp.server import from_lsp
from hdl_lsp.server.connection import Connection, Page

METHOD = types.TEXT_DOCUMENT_SELECTION_RANGE


async def handle(
    connection: Connection, params: types.SelectionRangeParams
) -> list[types.SelectionRange] | None:
    """What a selection at each of the positions grows to."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    return [_chain(connection, page, position) for position in params.positions]


def _chain(connection: Connection, page: Page, position: types.Position) -> types.SelectionRange:
    """LSP wants the innermost range, each with the one around it."""
    view = connection.view(page.snapshot)
    offset = from_lsp.offset(page.text, position, connection.client.encoding)
    chain: types.SelectionRange | None = None
    for one in reversed(selection_ranges(page.snapshot, page.file, offset)):
        chain = types.SelectionRange(view.range(page.text, one), chain)
    return chain or types.SelectionRange(types.Range(position, position))
