"""textDocument/semanticTokens/full. Latency class: glance.

Must not wait for facts: tokens come from names until slang has looked, and the client is then told to ask again.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import semantic_tokens
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL


async def handle(
    connection: Connection, params: types.SemanticTokensParams
) -> types.SemanticTokens | None:
    """All tokens of a document; null for one that has too many, whose visible part can be asked for."""
    page = connection.page(params.text_document)
    return None if page is None else await semantic_tokens.full(connection, page)
