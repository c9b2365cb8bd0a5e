"""textDocument/diagnostic: diagnostics for a client that pulls. Latency class: glance.

Must not answer with errors of an analysis that is down: the parser's findings are enough then.
"""

from __future__ import annotations

import asyncio
import contextlib

from lsprotocol import types

from hdl_lsp.server.connection import Connection
from hdl_lsp.server.diagnostic_reports import related_reports, result_id
from hdl_lsp.server.diagnostics_push import of_page

METHOD = types.TEXT_DOCUMENT_DIAGNOSTIC

FACTS_WAIT_S = 5.0


async def handle(
    connection: Connection, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """Everything found in the present text; "unchanged" when the client has it already."""
    page = connection.page(params.text_document)
    if page is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FACTS_WAIT_S):
            await connection.session.keeper.diagnosed(page.file)
    items = of_page(connection, page)
    new_id, related = result_id(items), related_reports(connection, page.file)
    if new_id == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(
            result_id=new_id, related_documents=related
        )
    return types.RelatedFullDocumentDiagnosticReport(
        items=items, result_id=new_id, related_documents=related
    )
