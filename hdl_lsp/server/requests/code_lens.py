"""textDocument/codeLens. Latency class: glance.

Must not count: the client asks for that when a lens comes into view (code_lens_resolve.py).
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.code_lens import code_lens
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_CODE_LENS


async def handle(
    connection: Connection, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """One lens for every module, interface and program of the document."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    view = connection.view(page.snapshot)
    return [
        types.CodeLens(
            view.range(page.text, lens.span),
            data={"uri": params.text_document.uri, "definition": lens.definition},
        )
        for lens in code_lens(page.snapshot, page.file)
    ]
