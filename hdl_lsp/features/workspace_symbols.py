"""Symbols of the whole workspace by a few letters of their name.

Must not rank: the index does, so that every caller gets the same order. Must not decode whole summaries either: a
list is made anew with every letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from hdl_lsp.presentation.markup import one_line
from hdl_lsp.presentation.symbols import LocatedSymbol, Symbol, symbol_kind
from hdl_lsp.semantics.summary import Decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.index import DeclRef
from hdl_lsp.workspace.scopes import container_among
from hdl_lsp.workspace.snapshot import Snapshot

LIMIT = 128  # results; editors show a few dozen and ask again with every letter


def workspace_symbols(snapshot: Snapshot, query: str) -> tuple[LocatedSymbol, ...]:
    """The best LIMIT symbols whose name has the letters of *query* in this order; "" gives design units."""
    known: dict[FileId, Sequence[Decl]] = {}
    found: list[LocatedSymbol] = []
    for ref in snapshot.index.search(query.strip(), LIMIT):
        if ref.file not in known:
            known[ref.file] = _decls(snapshot, ref.file)
        found.append(_located(snapshot, ref, known[ref.file]))
    return tuple(found)


def _decls(snapshot: Snapshot, file: FileId) -> Sequence[Decl]:
    """The declarations of *file*; of a closed one each is decoded when it is looked at."""
    index = snapshot.index
    part = index.summaries.decls(snapshot.path(file), index.digest_of(file) or "")
    return snapshot.summary(file).decls if part is None else part


def _located(snapshot: Snapshot, ref: DeclRef, decls: Sequence[Decl]) -> LocatedSymbol:
    decl = ref.decl
    kind = symbol_kind(decl.kind.value, decl.type_text)
    detail = decl.definition or one_line(decl.type_text, 60)
    known = ref.index < len(decls) and decls[ref.index] == decl
    container = container_among(decls, ref.index) if known else ""
    symbol = Symbol(decl.name, kind, detail, decl.span, decl.name_span)
    return LocatedSymbol(symbol, snapshot.path(ref.file), container)
