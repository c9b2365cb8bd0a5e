"""workspace/symbol. Latency class: glance.

Must not read files: positions come from texts that were read with the workspace.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.workspace_symbols import workspace_symbols
from hdl_lsp.server.connection import Connection

METHOD = types.WORKSPACE_SYMBOL


async def handle(
    connection: Connection, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    """Declarations whose name holds the letters of the query in order, best first."""
    snapshot = connection.session.snapshot()
    view = connection.view(snapshot)
    found = (view.workspace_symbol(s) for s in workspace_symbols(snapshot, params.query))
    return [symbol for symbol in found if symbol is not None]
