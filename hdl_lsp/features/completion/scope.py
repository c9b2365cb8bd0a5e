"""Names that can be written plainly: locals, ports, imports, file scope, packages.

Must not look behind a dot or `::`; members.py does.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.features.completion.items import (
    CompletionItem,
    ItemKind,
    Rank,
    declared_item,
    plain_item,
)
from hdl_lsp.features.completion.site import Place, Site, stale_symbols
from hdl_lsp.semantics.facts import SymbolFact
from hdl_lsp.semantics.summary import DESIGN_UNITS, Decl, DeclKind
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.names import visible_imports
from hdl_lsp.workspace.scopes import FILE_SCOPE, names_in, scope_chain

_TYPES = frozenset({DeclKind.TYPEDEF.value, DeclKind.CLASS.value, DeclKind.COVERGROUP.value})
_UNITS = frozenset(kind.value for kind in DESIGN_UNITS)
_NEVER = frozenset(
    {
        DeclKind.BLOCK.value,
        DeclKind.ASSERTION.value,
        DeclKind.CONSTRAINT.value,
        DeclKind.MODPORT.value,
    }
)
_NOT_IN_HEADERS = frozenset(
    {
        DeclKind.NET.value,
        DeclKind.VARIABLE.value,
        DeclKind.INSTANCE.value,
        DeclKind.PORT.value,
        DeclKind.TASK.value,
    }
)


def scope_items(site: Site) -> Iterator[CompletionItem]:
    """Every name visible at the cursor that fits the place, locals first."""
    facts = stale_symbols(site)
    seen = {decl.name for decl in _later_locals(site)}
    for rank, declared in _visible(site):
        if not declared.name or not _fits(site.place, declared.kind):
            continue
        seen.add(declared.name)
        yield declared_item(_with(declared, facts.get(declared.name)), rank, site.replace)
    for name, symbol in facts.items():
        # Declarations that broken text hides from the parser now, and slang saw a moment ago.
        if name and name not in seen and _fits(site.place, symbol.kind):
            yield declared_item(_of_fact(symbol), Rank.LOCAL, site.replace)


def package_items(site: Site, *, with_scope: bool) -> Iterator[CompletionItem]:
    """The packages; *with_scope* writes `::` after the name."""
    for name in site.snapshot.index.package_names():
        text = f"{name}::" if with_scope else name
        yield plain_item(
            name, ItemKind.MODULE, Rank.GLOBAL, site.replace, detail="package", insert_text=text
        )


def import_items(site: Site) -> Iterator[CompletionItem]:
    """After `import`: packages with `::*;`."""
    for name in site.snapshot.index.package_names():
        yield plain_item(
            name,
            ItemKind.MODULE,
            Rank.EXPECTED,
            site.replace,
            detail="package",
            insert_text=f"{name}::*;",
        )


def _visible(site: Site) -> Iterator[tuple[Rank, Declared]]:
    for scope in scope_chain(site.summary, site.offset):
        rank = Rank.GLOBAL if scope == FILE_SCOPE else Rank.LOCAL
        for index in names_in(site.summary, scope):
            kind = site.summary.decls[index].kind
            if kind not in DESIGN_UNITS and not _is_later_local(site, site.summary.decls[index]):
                yield rank, of_decl(site.snapshot, site.file, index)
    for _, declared in visible_imports(site.snapshot, site.file, site.offset):
        yield Rank.IMPORTED, declared


def _later_locals(site: Site) -> Iterator[Decl]:
    for scope in scope_chain(site.summary, site.offset):
        for index in names_in(site.summary, scope):
            if _is_later_local(site, site.summary.decls[index]):
                yield site.summary.decls[index]


def _is_later_local(site: Site, decl: Decl) -> bool:
    """Declared inside a block or function, below the cursor: not visible yet (23.9)."""
    if decl.parent is None or decl.name_span.start < site.offset:
        return False
    return site.summary.decls[decl.parent].kind in {
        DeclKind.FUNCTION,
        DeclKind.TASK,
        DeclKind.BLOCK,
    }


def _fits(place: Place, kind: str) -> bool:
    if kind in _NEVER or kind in _UNITS:
        return False
    match place:
        case Place.FILE | Place.ITEM:
            return kind in _TYPES
        case Place.HEADER:
            return kind not in _NOT_IN_HEADERS
        case Place.NEW_NAME:
            return False
        case Place.STATEMENT | Place.EXPRESSION:
            return True


def _with(declared: Declared, symbol: SymbolFact | None) -> Declared:
    if symbol is None or symbol.kind != declared.kind:
        return declared
    return Declared(
        declared.name,
        declared.kind,
        declared.file,
        declared.focus,
        declared.full,
        declared.container,
        declared.index,
        declared.decl,
        declared.macro,
        symbol,
    )


def _of_fact(symbol: SymbolFact) -> Declared:
    return Declared(
        symbol.name,
        symbol.kind,
        None,
        symbol.name_span,
        symbol.name_span,
        symbol.container,
        symbol=symbol,
    )
