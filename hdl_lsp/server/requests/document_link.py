"""textDocument/documentLink. Latency class: glance.

Must not read files: targets are files the workspace knows.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.document_links import document_links
from hdl_lsp.server.connection import Connection

METHOD = types.TEXT_DOCUMENT_DOCUMENT_LINK


async def handle(
    connection: Connection, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | None:
    """The included files, as links."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    view = connection.view(page.snapshot)
    return [
        types.DocumentLink(
            view.range(page.text, link.span),
            target=connection.uri_of(link.path),
            tooltip=(link.tooltip or None) if connection.client.link_tooltips else None,
        )
        for link in document_links(page.snapshot, page.file)
    ]
