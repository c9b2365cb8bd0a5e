"""textDocument/documentSymbol. Latency class: glance.

Must not need the analysis process: the summary of the text is enough.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.server.connection import Connection
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

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
    file, text = page.file, page.text
    # Editors ask again and again about a text that has not changed: outline, breadcrumbs, sticky lines.
    return snapshot.memo.remember(
        (METHOD, file, text.digest, snapshot.index.digest_of(file), connection.client),
        lambda: _outline(connection, snapshot, file, text),
    )


def _outline(
    connection: Connection, snapshot: Snapshot, file: FileId, text: SourceText
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    view = connection.view(snapshot)
    symbols = document_symbols(snapshot, file)
    if connection.client.hierarchical_symbols:
        return [view.document_symbol(text, symbol) for symbol in symbols]
    return view.flat_symbols(connection.uri_of(snapshot.path(file)), text, symbols)
