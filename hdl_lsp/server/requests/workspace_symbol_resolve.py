"""workspaceSymbol/resolve: the place of a symbol that was chosen. Latency class: glance.

Must not trust old places: a file that has changed since is searched for the name.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

METHOD = types.WORKSPACE_SYMBOL_RESOLVE


async def handle(connection: Connection, params: types.WorkspaceSymbol) -> types.WorkspaceSymbol:
    """The symbol with its range; as it came when it has one or its file is gone."""
    start, end = member(params.data, "start"), member(params.data, "end")
    if not isinstance(start, int) or not isinstance(end, int):
        return params
    snapshot = connection.session.snapshot()
    uri = params.location.uri
    file = snapshot.table.find(connection.path_of(uri))
    text = snapshot.text(file) if file is not None else None
    if file is None or text is None:
        return params
    where = _present(snapshot, file, text, params.name, span(start, end))
    params.location = types.Location(uri, connection.view(snapshot).range(text, where))
    return params


def _present(snapshot: Snapshot, file: FileId, text: SourceText, name: str, where: Span) -> Span:
    if text.slice(where) == name:
        return where
    named = [d.name_span for d in snapshot.summary(file).decls if d.name == name]
    return min(named, key=lambda one: abs(one.start - where.start), default=where)
