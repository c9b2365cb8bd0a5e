"""From an elaborated compilation to the facts of its main file: who is declared, who is named, of which type.

Must not compile nor judge (compile.py and diagnose.py do). Visits only bodies of the main file, each once:
an instance's body belongs to another file, and walking it would cost more than it tells.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

import pyslang
from pyslang import ast, syntax

from hdl_lsp.semantics.facts import ExpressionType
from hdl_lsp.semantics.locations import Locations, is_word_at
from hdl_lsp.semantics.symbol_table import SymbolTable
from hdl_lsp.semantics.values import bit_width, element_type, fields_of, value_text
from hdl_lsp.text.source import SourceText, span

SK = ast.SymbolKind
EK = ast.ExpressionKind

DECLARED = (
    SK.Genvar,
    SK.Subroutine,
    SK.MethodPrototype,
    SK.Modport,
    SK.ClockingBlock,
    SK.CovergroupType,
    SK.Property,
    SK.Sequence,
    SK.ConstraintBlock,
    SK.Primitive,
    SK.PrimitivePort,
    SK.PrimitiveInstance,
    SK.Checker,
    SK.LetDecl,
    SK.Specparam,
    SK.NetType,
    SK.ForwardingTypedef,
    SK.TypeParameter,
)
"""Declarations that need nothing but to be noted."""

VALUES = (
    SK.Parameter,
    SK.Net,
    SK.Variable,
    SK.FormalArgument,
    SK.Field,
    SK.ClassProperty,
    SK.Iterator,
    SK.PatternVar,
    SK.AssertionPort,
    SK.ClockVar,
    SK.LocalAssertionVar,
)
"""Declarations that may bring a struct or an enum with them."""

TYPED = (
    EK.BinaryOp,
    EK.ElementSelect,
    EK.RangeSelect,
    EK.Concatenation,
    EK.Replication,
    EK.ConditionalOp,
    EK.Inside,
)
"""Expressions that are only asked for their type."""


def any_specialization(symbol: ast.GenericClassDefSymbol) -> ast.Type:
    """The class with its default parameters; with unknown ones if it has no defaults."""
    # The binding made a property of a method with an argument, hence the getter.
    getter = cast(
        "Callable[[ast.GenericClassDefSymbol, ast.Scope], ast.Type | None]",
        vars(ast.GenericClassDefSymbol)["defaultSpecialization"].fget,
    )
    scope = symbol.parentScope
    found = getter(symbol, scope) if scope is not None else None
    return found if found is not None else symbol.invalidSpecialization


@dataclass(slots=True)
class Walk:
    """What has been found so far, by byte offset in the main file."""

    text: SourceText
    locations: Locations
    table: SymbolTable
    named: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    """Start of a name to (end, index of its symbol)."""
    declared: set[int] = field(default_factory=set[int])
    """Starts of names that declare."""
    written: set[int] = field(default_factory=set[int])
    """Starts of names that are assigned to."""
    expressions: dict[tuple[int, int], ExpressionType] = field(
        default_factory=dict[tuple[int, int], ExpressionType]
    )
    scopes: dict[tuple[int, int], ast.Symbol] = field(
        default_factory=dict[tuple[int, int], ast.Symbol]
    )
    """Byte range of each scope; of several with one range (a loop's blocks) the first."""
    instances: dict[int, ast.Symbol] = field(default_factory=dict[int, ast.Symbol])
    """Instances by the start of their name."""
    patterns: dict[int, ast.Type] = field(default_factory=dict[int, ast.Type])
    """Type of each `'{name: value}` by its start."""
    genvars: list[tuple[int, int, ast.Symbol]] = field(
        default_factory=list[tuple[int, int, ast.Symbol]]
    )
    """Byte range of each generate loop with its variable, outer first."""
    _handlers: Mapping[object, Callable[..., object]] = field(
        default_factory=dict[object, Callable[..., object]]
    )

    def visit(self, root: ast.Symbol) -> None:
        """Walks one declaration of the main file: a body, a package, a class, or the whole unit."""
        if not self._handlers:
            self._handlers = self._table_of_handlers()
        root.visit(lookup_table=self._handlers)

    def body(self, body: ast.InstanceBodySymbol) -> None:
        """Walks a module, interface or program of the main file."""
        self.declare(body.definition)
        self.scope(body)
        for port in body.portList:
            self.port(port)
        self.visit(body)

    def declare(self, symbol: ast.Symbol) -> int | None:
        """Notes the declaration of *symbol*, if it is written in the main file; its offset then."""
        name = symbol.name
        if not name:
            return None
        start = self.locations.in_main(symbol.location)
        if start is None:
            return None
        if start not in self.named:
            raw = name.encode()
            if self.text.data[start : start + len(raw)] != raw:
                return None
            self.named[start] = (start + len(raw), self.table.index(symbol))
        self.declared.add(start)
        return start

    def port(self, port: ast.Symbol) -> None:
        """Notes a port; the net or variable behind it is the same symbol."""
        index = self.table.port(port)
        start = self.declare(port)
        inner = port.internalSymbol if isinstance(port, ast.PortSymbol) else None
        if inner is not None:
            inside = self.locations.in_main(inner.location)
            if inside is not None and inside != start and inside not in self.named:
                raw = inner.name.encode()
                if self.text.data[inside : inside + len(raw)] == raw:
                    self.named[inside] = (inside + len(raw), index)
                    self.declared.add(inside)

    def refer(self, where: pyslang.SourceRange, symbol: ast.Symbol) -> int | None:
        """Notes a use of *symbol* by its name at the end or else the start of *where*; the name's offset if found."""
        raw = symbol.name.encode()
        data = self.text.data
        end = self.locations.in_main(where.end)
        start = None if end is None else end - len(raw)
        if start is None or not is_word_at(data, start, raw):
            start = self.locations.in_main(where.start)
        if start is None or not is_word_at(data, start, raw):
            return None
        if start not in self.named:
            self.named[start] = (start + len(raw), self.table.index(symbol))
        return start

    def scope(self, symbol: ast.Symbol) -> None:
        """Notes the range in which the names of *symbol* can be used."""
        node = symbol.syntax
        if node is None and isinstance(symbol, ast.InstanceBodySymbol):
            node = symbol.definition.syntax
        if node is None:
            return
        where = node.sourceRange
        start, end = (
            self.locations.used_in_main(where.start),
            self.locations.used_in_main(where.end),
        )
        if start is not None and end is not None and start < end:
            # A token that is missing at the end of the text lies beyond it.
            self.scopes.setdefault((start, min(end, self.text.size_bytes)), symbol)

    # --- what is called by slang for each kind -----------------------------------------------------------

    def _table_of_handlers(self) -> dict[object, Callable[..., object]]:
        return {
            **dict.fromkeys(DECLARED, self._on_declaration),
            **dict.fromkeys(VALUES, self._on_value),
            **dict.fromkeys(TYPED, self._on_typed),
            SK.Subroutine: self._on_scope,
            SK.CovergroupType: self._on_scope,
            SK.Package: self._on_scope,
            SK.ClassType: self._on_scope,
            SK.GenerateBlock: self._on_scope,
            SK.StatementBlock: self._on_scope,
            SK.GenericClassDef: self._on_generic_class,
            SK.TypeAlias: self._on_alias,
            SK.Instance: self._on_instance,
            SK.InstanceArray: self._on_instance_array,
            SK.UninstantiatedDef: self._on_unknown_instance,
            SK.GenerateBlockArray: self._on_generate_array,
            SK.TransparentMember: self._on_transparent,
            SK.ModportPort: self._on_modport_port,
            EK.NamedValue: self._on_named,
            EK.HierarchicalValue: self._on_named,
            EK.ArbitrarySymbol: self._on_named,
            EK.MemberAccess: self._on_member,
            EK.Call: self._on_call,
            EK.Assignment: self._on_assignment,
            EK.UnaryOp: self._on_unary,
            EK.Conversion: self._on_conversion,
            EK.StructuredAssignmentPattern: self._on_pattern,
        }

    def _on_declaration(self, symbol: ast.Symbol) -> None:
        self.declare(symbol)

    def _on_value(self, symbol: ast.ValueSymbol) -> None:
        if self.declare(symbol) is not None:
            self._inner_members(symbol.type)

    def _on_transparent(self, symbol: ast.TransparentMemberSymbol) -> None:
        self.declare(symbol.wrapped)

    def _on_modport_port(self, symbol: ast.ModportPortSymbol) -> None:
        start, raw = self.locations.in_main(symbol.location), symbol.name.encode()
        if raw and start is not None and self.text.data.startswith(raw, start):
            self.named.setdefault(start, (start + len(raw), self.table.index(symbol)))

    def _on_alias(self, symbol: ast.TypeAliasType) -> None:
        if self.declare(symbol) is not None:
            self._inner_members(symbol.targetType.type)

    def _on_scope(self, symbol: ast.Symbol) -> object:
        if self.locations.used_in_main(symbol.location) is None:
            if isinstance(symbol, ast.PackageSymbol | ast.GenerateBlockSymbol):
                return None  # the main file may be a fragment inside
            return ast.VisitAction.Skip  # inherited or built-in methods
        self.declare(symbol)
        self.scope(symbol)
        return None

    def _on_generic_class(self, symbol: ast.GenericClassDefSymbol) -> object:
        if self.declare(symbol) is not None:
            self.visit(any_specialization(symbol))
        return ast.VisitAction.Skip

    def _on_generate_array(self, symbol: ast.GenerateBlockArraySymbol) -> object:
        self.declare(symbol)
        self._genvar(symbol)
        blocks = list(symbol.entries)
        shown = next((b for b in blocks if not b.isUninstantiated), blocks[0] if blocks else None)
        for name in ("initialExpression", "stopExpression", "iterExpression"):
            expression = getattr(symbol, name)
            if isinstance(expression, ast.Expression):
                expression.visit(lookup_table=self._handlers)
        if shown is not None:
            self.visit(shown)
        return ast.VisitAction.Skip

    def _genvar(self, loop: ast.GenerateBlockArraySymbol) -> None:
        # The loop's own variable is declared again in every block, as a localparam, at the same place.
        variable = loop.loopVariable
        if variable is None:
            return
        node = loop.syntax
        is_declared = isinstance(node, syntax.LoopGenerateSyntax) and bool(node.genvar.rawText)
        scope = loop.parentScope
        outer = scope.find(variable.name) if scope is not None and not is_declared else None
        self.table.genvar(variable, outer)
        if node is not None:
            where = node.sourceRange
            start, end = (
                self.locations.used_in_main(where.start),
                self.locations.used_in_main(where.end),
            )
            if start is not None and end is not None:
                self.genvars.append((start, end, variable))
        if is_declared:
            self.declare(variable)

    def _on_instance(self, symbol: ast.InstanceSymbol) -> object:
        start = self.declare(symbol)
        if start is not None:
            self.instances.setdefault(start, symbol)
        for connection in symbol.portConnections:
            expression = connection.expression
            if isinstance(expression, ast.Expression):
                expression.visit(lookup_table=self._handlers)
        return ast.VisitAction.Skip

    def _on_instance_array(self, symbol: ast.InstanceArraySymbol) -> object:
        start = self.declare(symbol)
        for element in symbol.elements:
            if isinstance(element, ast.InstanceSymbol):
                self._on_instance(element)
                if start is not None:
                    self.instances[start] = element
            break
        return ast.VisitAction.Skip

    def _on_unknown_instance(self, symbol: ast.UninstantiatedDefSymbol) -> None:
        start = self.declare(symbol)
        if start is not None:
            self.instances.setdefault(start, symbol)

    def _on_named(
        self, expression: ast.ValueExpressionBase | ast.ArbitrarySymbolExpression
    ) -> None:
        symbol = expression.symbol
        if symbol is not None:
            self.refer(expression.sourceRange, symbol)

    def _on_member(self, expression: ast.MemberAccessExpression) -> None:
        self.refer(expression.sourceRange, expression.member)
        self._on_typed(expression)

    def _on_call(self, expression: ast.CallExpression) -> None:
        self._on_typed(expression)

    def _on_assignment(self, expression: ast.AssignmentExpression) -> None:
        self._write(expression.left)

    def _on_unary(self, expression: ast.UnaryExpression) -> None:
        if expression.op.name in {"Preincrement", "Predecrement", "Postincrement", "Postdecrement"}:
            self._write(expression.operand)
        self._on_typed(expression)

    def _on_conversion(self, expression: ast.ConversionExpression) -> None:
        if expression.sourceRange != expression.operand.sourceRange:
            self._on_typed(expression)

    def _on_pattern(self, expression: ast.Expression) -> None:
        start = self.locations.in_main(expression.sourceRange.start)
        if start is not None:
            self.patterns[start] = expression.type

    def _on_typed(self, expression: ast.Expression) -> None:
        where = expression.sourceRange
        buffer = self.locations.main_buffer
        if where.start.buffer.id != buffer or where.end.buffer.id != buffer:
            return
        key = (where.start.offset, where.end.offset)
        type_ = expression.type
        if key not in self.expressions and key[0] < key[1] and not type_.isError:
            self.expressions[key] = ExpressionType(
                span(*key),
                self.table.short_type(type_),
                bit_width(type_),
                value_text(expression.constant, type_),
            )

    def _write(self, target: ast.Expression) -> None:
        if isinstance(target, ast.ValueExpressionBase):
            start = self.refer(target.sourceRange, target.symbol)
        elif isinstance(target, ast.MemberAccessExpression):
            start = self.refer(target.sourceRange, target.member)
            self._write(target.value)
        elif isinstance(target, ast.ElementSelectExpression | ast.RangeSelectExpression):
            self._write(target.value)
            return
        elif isinstance(target, ast.ConcatenationExpression):
            for operand in target.operands:
                self._write(operand)
            return
        elif isinstance(target, ast.ConversionExpression):
            self._write(target.operand)
            return
        else:
            return
        if start is not None:
            self.written.add(start)

    def _inner_members(self, type_: ast.Type) -> None:
        canonical = element_type(type_).canonicalType
        if isinstance(canonical, ast.EnumType):
            for member in canonical:
                if self.declare(member) is None:
                    return
            return
        for member in fields_of(canonical):
            start = self.locations.in_main(member.location)
            if start is None or start in self.declared:
                return
            self.declare(member)
            self._inner_members(member.type)
