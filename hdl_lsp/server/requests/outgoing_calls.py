"""callHierarchy/outgoingCalls. Latency class: deliberate.

Must not need elaboration.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.call_hierarchy import outgoing
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.hierarchy_items import from_item, to_calls

METHOD = types.CALL_HIERARCHY_OUTGOING_CALLS


async def handle(
    connection: Connection, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall] | None:
    """What the module instantiates, or the function or task calls."""
    snapshot = connection.session.snapshot()
    item = from_item(connection, snapshot, params.item)
    if item is None:
        return None
    calls = to_calls(connection, snapshot, outgoing(snapshot, item))
    return [types.CallHierarchyOutgoingCall(one, ranges) for one, ranges in calls]
