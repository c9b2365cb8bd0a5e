"""textDocument/semanticTokens/full/delta. Latency class: glance.

Must not wait for facts, as semanticTokens/full.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import semantic_tokens
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA


async def handle(
    connection: Connection, params: types.SemanticTokensDeltaParams
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    """What has changed since an earlier answer, or everything."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    return await semantic_tokens.delta(connection, page, params.previous_result_id)
