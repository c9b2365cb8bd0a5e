"""The elaborated half of the walk: every symbol and expression of every kind of instance.

Must not look names up: only what slang has bound is noted. names.py resolves what is no expression.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from dataclasses import dataclass, field

import pyslang
from pyslang import ast

from hdl_lsp.semantics.truth.ledger import Ledger
from hdl_lsp.semantics.truth.record import Place

MOST_BODIES = 8
"""Instances of one module that are walked: those with different parameters, at most so many."""


@dataclass(slots=True)
class Elaborated:
    """The walk over symbols."""

    ledger: Ledger
    scopes: dict[int, dict[tuple[int, int], ast.Symbol]] = field(
        default_factory=dict[int, dict[tuple[int, int], ast.Symbol]]
    )
    """Byte range of every scope, by buffer, with its symbol: an instantiated one where there are several."""
    instances: dict[Place, ast.Symbol] = field(default_factory=dict[Place, ast.Symbol])
    patterns: dict[tuple[int, int], ast.Type] = field(
        default_factory=dict[tuple[int, int], ast.Type]
    )
    """Type of each `'{...}` by buffer and offset."""
    count: int = 0
    _seen: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    @property
    def walked(self) -> frozenset[str]:
        """The modules and interfaces that an instance was walked of."""
        return frozenset(self._seen)

    def walk(self, compilation: ast.Compilation) -> None:
        """Walks everything below the root, and the packages."""
        compilation.getRoot().visit(self._visit)
        for definition in compilation.getDefinitions():
            self.ledger.symbol(definition)

    def _visit(self, node: object) -> ast.VisitAction | None:
        if isinstance(node, ast.InstanceSymbol):
            return self._instance(node)
        if isinstance(node, ast.Symbol):
            self._symbol(node)
        elif isinstance(node, ast.Expression):
            self._expression(node)
        return None

    def _instance(self, symbol: ast.InstanceSymbol) -> ast.VisitAction | None:
        place = self.ledger.symbol(symbol)
        self.count += 1
        if place is not None:
            self.instances.setdefault(place, symbol)
        for connection in symbol.portConnections:
            expression = connection.expression
            if isinstance(expression, ast.Expression):
                expression.visit(self._visit)
        seen = self._seen.setdefault(symbol.definition.name, set())
        parameters = cast_list(symbol.body.parameters)
        key = ",".join(
            str(p.value) if isinstance(p, ast.ParameterSymbol) else str(p.targetType.type)
            for p in parameters
            if isinstance(p, ast.ParameterSymbol | ast.TypeParameterSymbol)
        )
        if key in seen or len(seen) >= MOST_BODIES:
            return ast.VisitAction.Skip
        seen.add(key)
        self._scope(symbol.body)
        for port in symbol.body.portList:
            self._port(port)
        return None

    def _port(self, port: ast.Symbol) -> None:
        place = self.ledger.symbol(port)
        if isinstance(port, ast.PortSymbol) and port.internalSymbol is not None:
            inner = port.internalSymbol
            if inner.name == port.name:
                self.ledger.same(place, self.ledger.symbol(inner))

    def _symbol(self, symbol: ast.Symbol) -> None:
        if isinstance(symbol, ast.TransparentMemberSymbol):
            symbol = symbol.wrapped
        if symbol.isScope:
            self._scope(symbol)
        if not symbol.name:
            return
        place = self.ledger.symbol(symbol)
        if isinstance(symbol, ast.ModportPortSymbol) and symbol.internalSymbol is not None:
            self.ledger.same(self.ledger.symbol(symbol.internalSymbol), place)
        elif isinstance(symbol, ast.ClockVarSymbol) and place is not None:
            # `input data;` in a clocking block declares, and names the signal of the interface (14.3).
            self.ledger.use(place, symbol.name, "value", place)
            self._fields(symbol.type)
        elif isinstance(symbol, ast.UninstantiatedDefSymbol | ast.InstanceArraySymbol):
            if place is not None:
                self.instances.setdefault(place, symbol)
        elif isinstance(symbol, ast.ValueSymbol):
            self._fields(symbol.type)
        elif isinstance(symbol, ast.TypeAliasType):
            self._fields(symbol.targetType.type)

    def _fields(self, type_: ast.Type) -> None:
        canonical = type_.canonicalType
        while canonical.isArray:
            canonical = canonical.arrayElementType.canonicalType
        if canonical.isStruct or "Union" in canonical.kind.name:
            members = [m for m in canonical if isinstance(m, ast.FieldSymbol)]  # pyright: ignore[reportGeneralTypeIssues] - structs iterate
            for member in members:
                self.ledger.symbol(member)
                self._fields(member.type)

    def _scope(self, symbol: ast.Symbol) -> None:
        node = symbol.syntax
        if node is None and isinstance(symbol, ast.InstanceBodySymbol):
            node = symbol.definition.syntax
        if node is None:
            return
        where = node.sourceRange
        if where.start.buffer.id != where.end.buffer.id:
            return
        key = (where.start.offset, where.end.offset)
        known = self.scopes.setdefault(where.start.buffer.id, {})
        other = known.get(key)
        if other is None or (_is_dead(other) and not _is_dead(symbol)):
            known[key] = symbol

    def _expression(self, expression: ast.Expression) -> None:
        match expression:
            case ast.ValueExpressionBase() | ast.ArbitrarySymbolExpression():
                self._named(expression.sourceRange, expression.symbol)
            case ast.MemberAccessExpression():
                self._named(expression.sourceRange, expression.member)
            case ast.CallExpression():
                if not expression.isSystemCall and isinstance(
                    expression.subroutine, ast.SubroutineSymbol
                ):
                    self._called(expression, expression.subroutine)
            case ast.StructuredAssignmentPatternExpression():
                start = expression.sourceRange.start
                self.patterns.setdefault((start.buffer.id, start.offset), expression.type)
            case _:
                pass

    def _named(self, where: pyslang.SourceRange, symbol: ast.Symbol | None) -> None:
        """The name ends where the expression ends (`pkg::name`, `a.name`), or begins it (an implicit `.name`)."""
        if symbol is None or not symbol.name:
            return
        length = len(symbol.name.encode())
        end = self.ledger.place(where.end)
        if end is not None and self.ledger.refer((end[0], end[1] - length), symbol, "value"):
            return
        self.ledger.refer(self.ledger.place(where.start), symbol, "value")

    def _called(self, call: ast.CallExpression, routine: ast.SubroutineSymbol) -> None:
        node = call.syntax
        left = getattr(node, "left", node)
        token = left.getLastToken() if left is not None else None
        if token is not None and token.valueText == routine.name:
            self.ledger.refer(self.ledger.place(token.location), routine, "call")


def cast_list(found: object) -> list[object]:
    """A bare list of the stubs as a list of objects."""
    return list(found) if isinstance(found, list | tuple) else []


def _is_dead(symbol: ast.Symbol) -> bool:
    return bool(getattr(symbol, "isUninstantiated", False))  # scopes share no class in the bindings
