"""Names that can be used in each scope of the main file, and the contents of every package.

Must not resolve uses. For completion: lists of indexes into the symbol table.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyslang import ast

from hdl_lsp.semantics.extract import Walk
from hdl_lsp.semantics.facts import ScopeNames
from hdl_lsp.semantics.symbol_table import SymbolTable
from hdl_lsp.text.source import span

HIDDEN = frozenset(
    {
        ast.SymbolKind.WildcardImport,
        ast.SymbolKind.ProceduralBlock,
        ast.SymbolKind.ContinuousAssign,
        ast.SymbolKind.Port,  # its net or variable has the same name and place
        ast.SymbolKind.ModportPort,
    }
)


def package_symbols(compilation: ast.Compilation, table: SymbolTable) -> dict[str, tuple[int, ...]]:
    """Package name to what it declares; the built-in `std` is left out."""
    std = compilation.getStdPackage()
    return {
        package.name: own_names(package, table)
        for package in compilation.getPackages()
        if package != std
    }


def own_names(scope: Iterable[object], table: SymbolTable) -> tuple[int, ...]:
    """What a scope declares or imports by name, in order."""
    found: dict[int, None] = {}
    for symbol in scope:
        if not isinstance(symbol, ast.Symbol):
            continue
        target: ast.Symbol | None = symbol
        if isinstance(symbol, ast.ExplicitImportSymbol):
            target = symbol.importedSymbol
        if target is None or target.kind in HIDDEN or not target.name or target.name == "this":
            continue
        found[table.index(target)] = None
    return tuple(found)


def visible_names(walk: Walk, packages: Mapping[str, tuple[int, ...]]) -> tuple[ScopeNames, ...]:
    """For each scope its own names, then those of the packages it imports whole; ordered by start."""
    result: list[ScopeNames] = []
    for (start, end), symbol in sorted(walk.scopes.items(), key=lambda i: (i[0][0], -i[0][1])):
        if not isinstance(symbol, Iterable):
            continue
        names = dict.fromkeys(own_names(symbol, walk.table))
        for member in symbol:
            if isinstance(member, ast.WildcardImportSymbol):
                names.update(dict.fromkeys(packages.get(member.packageName, ())))
        result.append(ScopeNames(span(start, end), tuple(names)))
    return tuple(result)
