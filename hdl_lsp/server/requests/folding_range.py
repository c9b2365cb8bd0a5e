"""textDocument/foldingRange. Latency class: glance.

Must not need the analysis process: the syntax tree is enough.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.folding import folding
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_FOLDING_RANGE

KINDS = {
    "comment": types.FoldingRangeKind.Comment,
    "imports": types.FoldingRangeKind.Imports,
    "region": types.FoldingRangeKind.Region,
}


async def handle(
    connection: Connection, params: types.FoldingRangeParams
) -> list[types.FoldingRange] | None:
    """Lines that can be folded away."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    return [
        types.FoldingRange(fold.start_line0, fold.end_line0, kind=KINDS.get(str(fold.kind)))
        for fold in folding(page.snapshot, page.file)
    ]
