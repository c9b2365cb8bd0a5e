"""Call hierarchy items between our terms and LSP's: a client gives back what it was shown before.

Must not decide who calls whom (features/call_hierarchy.py does).
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from hdl_lsp.features.call_hierarchy import HierarchyItem, HierarchyLink, found_again
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.server import from_lsp
from hdl_lsp.server.connection import Connection
from hdl_lsp.workspace.snapshot import Snapshot

KINDS = {
    DeclKind.MODULE: types.SymbolKind.Module,
    DeclKind.INTERFACE: types.SymbolKind.Interface,
    DeclKind.PROGRAM: types.SymbolKind.Module,
    DeclKind.PACKAGE: types.SymbolKind.Package,
    DeclKind.CLASS: types.SymbolKind.Class,
}


def to_item(
    connection: Connection, snapshot: Snapshot, item: HierarchyItem
) -> types.CallHierarchyItem | None:
    """*item* for the client; None when the text of its file is gone."""
    text = snapshot.text(item.file)
    if text is None:
        return None
    view = connection.view(snapshot)
    focus = view.range(text, item.focus)
    return types.CallHierarchyItem(
        name=item.name,
        kind=KINDS.get(item.kind, types.SymbolKind.Function),
        uri=connection.uri_of(snapshot.path(item.file)),
        range=view.range(text, item.span) if item.span.covers(item.focus) else focus,
        selection_range=focus,
        detail=f"in {item.container}" if item.container else item.kind.value,
    )


def from_item(
    connection: Connection, snapshot: Snapshot, item: types.CallHierarchyItem
) -> HierarchyItem | None:
    """The item in the present text; None when there is no such declaration any more."""
    file = snapshot.table.find(connection.path_of(item.uri))
    text = snapshot.text(file) if file is not None else None
    if file is None or text is None:
        return None
    start = from_lsp.offset(text, item.selection_range.start, connection.client.encoding)
    return found_again(snapshot, file, item.name, start)


def to_calls(
    connection: Connection, snapshot: Snapshot, links: Sequence[HierarchyLink]
) -> list[tuple[types.CallHierarchyItem, list[types.Range]]]:
    """Links with the ranges of their places."""
    view = connection.view(snapshot)
    found: list[tuple[types.CallHierarchyItem, list[types.Range]]] = []
    for link in links:
        item, text = to_item(connection, snapshot, link.item), snapshot.text(link.file)
        if item is not None and text is not None:
            found.append((item, [view.range(text, place) for place in link.places]))
    return found
