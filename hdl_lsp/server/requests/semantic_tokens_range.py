"""textDocument/semanticTokens/range. Latency class: glance.

Must not read more than the lines that are asked for: this is what an editor shows first of a big file.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import from_lsp, semantic_tokens
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE


async def handle(
    connection: Connection, params: types.SemanticTokensRangeParams
) -> types.SemanticTokens | None:
    """The tokens of some lines."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    where = from_lsp.range_span(page.text, params.range, connection.client.encoding)
    return await semantic_tokens.within(connection, page, where)
