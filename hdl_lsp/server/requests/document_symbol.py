"""textDocument/documentSymbol. Latency class: glance.

Must not need the analysis process: the summary of the text is enough.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DOCUMENT_SYMBOL

BIG_WAIT_S = 5.0  # summaries of big files are made elsewhere


async def handle(
    connection: Connection, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    """The outline of a file, as a tree where the client takes one."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    snapshot = await connection.session.summarised(page.file, BIG_WAIT_S)
    page = connection.page(params.text_document) or page
    view = connection.view(snapshot)
    symbols = document_symbols(snapshot, page.file)
    if connection.client.hierarchical_symbols:
        return [view.document_symbol(page.text, symbol) for symbol in symbols]
    return view.flat_symbols(params.text_document.uri, page.text, symbols)
