"""codeAction/resolve: the edit of a chosen action. Latency class: deliberate.

Must not return an edit that slang has not accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lsprotocol import types

from hdl_lsp.server import code_actions
from hdl_lsp.server.connection import Connection, Page

METHOD = types.CODE_ACTION_RESOLVE

FACTS_WAIT_S = 3.0


async def handle(connection: Connection, params: types.CodeAction) -> types.CodeAction:
    """The action with its edit; as it came when it needs none or its document is gone."""
    data: object = params.data
    uri = cast("Mapping[str, object]", data).get("uri") if isinstance(data, Mapping) else None
    page = connection.page(types.TextDocumentIdentifier(uri)) if isinstance(uri, str) else None
    if page is None:
        return params
    snapshot = await connection.session.with_facts(page.snapshot, page.file, FACTS_WAIT_S)
    return await code_actions.resolved(connection, Page(snapshot, page.file, page.text), params)
