"""Symbols of the whole workspace by a few letters of their name.

Must not rank: the index does, so that every caller gets the same order.
"""

from __future__ import annotations

from hdl_lsp.presentation.markup import one_line
from hdl_lsp.presentation.symbols import LocatedSymbol, Symbol, symbol_kind
from hdl_lsp.workspace.index import DeclRef
from hdl_lsp.workspace.scopes import container_name
from hdl_lsp.workspace.snapshot import Snapshot

LIMIT = 256  # results; editors show a few dozen and ask again with every letter


def workspace_symbols(snapshot: Snapshot, query: str) -> tuple[LocatedSymbol, ...]:
    """The best LIMIT symbols whose name has the letters of *query* in this order; "" gives design units."""
    return tuple(_located(snapshot, ref) for ref in snapshot.index.search(query.strip(), LIMIT))


def _located(snapshot: Snapshot, ref: DeclRef) -> LocatedSymbol:
    decl = ref.decl
    kind = symbol_kind(decl.kind.value, decl.type_text)
    detail = decl.definition or one_line(decl.type_text, 60)
    summary = snapshot.summary(ref.file)
    known = ref.index < len(summary.decls) and summary.decls[ref.index] == decl
    container = container_name(summary, ref.index) if known else ""
    symbol = Symbol(decl.name, kind, detail, decl.span, decl.name_span)
    return LocatedSymbol(symbol, snapshot.path(ref.file), container)
