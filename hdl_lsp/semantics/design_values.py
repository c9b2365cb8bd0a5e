"""What one declaration is in each instance of its module: type, width, value.

Must run in an analysis process only.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from pyslang import ast

from hdl_lsp.semantics.design_query import DesignValues, ValueIn, ValuesOf
from hdl_lsp.semantics.design_tree import MAX_VALUE_CHARS
from hdl_lsp.semantics.elaborated import Elaborated
from hdl_lsp.semantics.values import bit_width, resolved_type_text, value_text

SHOWN_PATHS = 2
"""Paths told for one value."""

MAX_SYMBOLS = 2_000
"""Declarations looked at for one answer: a generate loop of 10,000 turns declares its names as often."""

Meaning = tuple[str, int | None, str | None]


def values_of(design: Elaborated, question: ValuesOf) -> DesignValues:
    """The different meanings of the declaration, most frequent first; nothing when another text was elaborated."""
    parsed = design.by_path.get(question.file)
    if parsed is None or parsed.text.digest != question.digest:
        return DesignValues()
    tree = design.tree
    is_chosen = False
    bodies = [b for b in tree.bodies() if tree.place(b.definition)[0] == question.file]
    below = ""
    if question.instance:
        chosen = tree.find(question.instance)
        if chosen is not None and chosen.child.body in bodies and chosen.child.body is not None:
            bodies, is_chosen, below = [chosen.child.body], True, chosen.path
    meanings: dict[Meaning, list[tuple[ast.InstanceBodySymbol, str]]] = {}
    for body in bodies:
        start = len(body.hierarchicalPath) + 1
        for symbol in islice(_declared(design, body, question), MAX_SYMBOLS):
            found = meaning(symbol)
            if found is not None:
                inner = symbol.hierarchicalPath[start:].rpartition(".")[0]
                meanings.setdefault(found, []).append((body, inner))
    told = [_told(design, one, where, below) for one, where in meanings.items()]
    told.sort(key=lambda value: -value.total)
    return DesignValues(tuple(told[: question.limit]), len(told), is_chosen)


def declared_at(
    design: Elaborated, body: ast.InstanceBodySymbol, name: str, file: str, offset: int
) -> Iterator[ast.Symbol]:
    """Symbols of *body* whose name is written at (file, offset): several where a generate loop turns.

    *name* "" takes any.
    """
    for symbol in _members(body):
        if symbol.name and (symbol.name == name or not name):
            buffer, where, _ = design.locations.written(symbol.location)
            if where == offset and design.locations.path(buffer) == file:
                yield symbol


def _declared(
    design: Elaborated, body: ast.InstanceBodySymbol, question: ValuesOf
) -> Iterator[ast.Symbol]:
    return declared_at(design, body, question.name, question.file, question.offset)


def _members(scope: Iterable[ast.Symbol]) -> Iterator[ast.Symbol]:
    """Everything declared in a body, in its generate blocks and procedures, not in instances inside."""
    for symbol in scope:
        yield symbol
        if isinstance(symbol, ast.GenerateBlockSymbol):
            if not symbol.isUninstantiated:
                yield from _members(symbol)
        elif isinstance(symbol, ast.GenerateBlockArraySymbol):
            for block in cast("Iterable[ast.GenerateBlockSymbol]", symbol.entries):
                yield from _members(block)
        elif isinstance(symbol, ast.StatementBlockSymbol | ast.SubroutineSymbol):
            yield from _members(symbol)


def meaning(symbol: ast.Symbol) -> Meaning | None:
    """Type, width and value; None for what has none of them, or when only the name is known."""
    if isinstance(symbol, ast.TypeParameterSymbol):
        type_ = symbol.targetType.type
        return None if type_.isError else (resolved_type_text(type_), bit_width(type_), None)
    if isinstance(symbol, ast.TypeAliasType):
        return (resolved_type_text(symbol), bit_width(symbol), None)
    if isinstance(symbol, ast.PortSymbol) or not isinstance(symbol, ast.ValueSymbol):
        return None
    type_ = symbol.type
    if type_.isError:
        return None
    value: str | None = None
    if isinstance(symbol, ast.ParameterSymbol | ast.EnumValueSymbol):
        value = value_text(symbol.value, type_)
        if value is not None and len(value) > MAX_VALUE_CHARS:
            value = value[: MAX_VALUE_CHARS - 1] + "…"
    return (resolved_type_text(type_), bit_width(type_), value)


def _told(
    design: Elaborated,
    found: Meaning,
    where: list[tuple[ast.InstanceBodySymbol, str]],
    chosen: str,
) -> ValueIn:
    """One meaning with the instances that have it."""
    tree = design.tree
    type_text, width, value = found
    inner: dict[ast.InstanceBodySymbol, list[str]] = {}
    for body, name in where:
        inner.setdefault(body, []).append(name)
    if chosen:
        paths = [f"{chosen}.{name}".rstrip(".") for name in inner[where[0][0]]]
        return ValueIn(tuple(paths[:SHOWN_PATHS]), len(paths), type_text, width, value)
    total = sum(tree.count_of(body) * len(names) for body, names in inner.items())
    paths = [
        f"{path}.{name}".rstrip(".")
        for path, child in islice(tree.paths_of(frozenset(inner)), SHOWN_PATHS)
        if child.body is not None
        for name in inner[child.body]
    ]
    return ValueIn(tuple(paths[:SHOWN_PATHS]), total, type_text, width, value)
