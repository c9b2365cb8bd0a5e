"""callHierarchy/incomingCalls. Latency class: deliberate.

Must not need elaboration.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.call_hierarchy import incoming
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.hierarchy_items import from_item, to_calls

METHOD = types.CALL_HIERARCHY_INCOMING_CALLS


async def handle(
    connection: Connection, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall] | None:
    """Who instantiates the module, or calls the function or task."""
    snapshot = connection.session.snapshot()
    item = from_item(connection, snapshot, params.item)
    if item is None:
        return None
    calls = to_calls(connection, snapshot, incoming(snapshot, item))
    return [types.CallHierarchyIncomingCall(one, ranges) for one, ranges in calls]
