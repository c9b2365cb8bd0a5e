"""textDocument/codeLens. Latency class: glance.

Must not count what takes long: the client asks for that when a lens comes into view (code_lens_resolve.py).
What few files instantiate is counted at once: VS Code leaves old counts on the screen when it is told to ask again.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.code_lens import code_lens
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.requests.code_lens_resolve import counted

METHOD = types.TEXT_DOCUMENT_CODE_LENS

FEW_FILES = 20


async def handle(
    connection: Connection, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """One lens for every module, interface and program of the document; none before the workspace was read."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    if not connection.session.loads:
        return []  # it is asked for again then: glance_refresh.py
    view = connection.view(page.snapshot)
    found = code_lens(page.snapshot, page.file)
    lenses = [
        types.CodeLens(
            view.range(page.text, lens.span),
            data={"uri": params.text_document.uri, "definition": lens.definition},
        )
        for lens in found
    ]
    naming = sum(len(page.snapshot.index.instantiators(lens.definition)) for lens in found)
    return [counted(connection, lens) for lens in lenses] if naming <= FEW_FILES else lenses
