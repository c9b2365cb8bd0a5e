"""workspace/diagnostic: what is known of every file. Latency class: deliberate.

Must not be held open until there are news: the client is told to ask again (`workspace/diagnostic/refresh`).
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server.connection import Connection
from hdl_lsp.server.diagnostic_reports import Item, workspace_reports

METHOD = types.WORKSPACE_DIAGNOSTIC

BATCH = 32  # files in one partial result


async def handle(
    connection: Connection, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """Reports of files with findings; streamed to a client that gave a token for partial results."""
    connection.on_workspace_pull()
    previous = {one.uri: one.value for one in params.previous_result_ids}
    token = params.partial_result_token
    waiting: list[Item] = []
    async for item in workspace_reports(connection, previous):
        waiting.append(item)
        if token is not None and len(waiting) >= BATCH:
            _send(connection, token, waiting)
            waiting = []
    if token is not None and waiting:
        _send(connection, token, waiting)
        waiting = []
    return types.WorkspaceDiagnosticReport(waiting)


def _send(connection: Connection, token: types.ProgressToken, items: list[Item]) -> None:
    value = types.WorkspaceDiagnosticReportPartialResult(items)
    connection.protocol.notify(types.PROGRESS, types.ProgressParams(token, value))
