"""Every place in one elaborated body that drives or reads one signal, with the statement around it.

Must run in an analysis process only. Must not leave the body: design_signals.py does.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

import pyslang
from pyslang import ast, syntax

from hdl_lsp.semantics.design_query import Site, SiteKind
from hdl_lsp.semantics.elaborated import Elaborated
from hdl_lsp.text.source import Span, span

EK = ast.ExpressionKind

MAX_TEXT_CHARS = 160
MAX_THROUGH = 32  # signals on the other side of one statement

PROCEDURES = {
    "Initial": SiteKind.INITIAL,
    "Final": SiteKind.FINAL,
    "Always": SiteKind.ALWAYS,
    "AlwaysComb": SiteKind.ALWAYS_COMB,
    "AlwaysLatch": SiteKind.ALWAYS_LATCH,
    "AlwaysFF": SiteKind.ALWAYS_FF,
}
COUNTING = frozenset({"Preincrement", "Predecrement", "Postincrement", "Postdecrement"})

Values = list[ast.ValueExpressionBase]


@dataclass(slots=True)
class Scan:
    """Looks through a body that stands at *path* in the design.

    With a `prefix` ("u_x", the interface port "bus") the signal is that of another body, and only its
    hierarchical names that begin so count:
    another instance of the same module has a signal at the same place of the text.
    """

    design: Elaborated
    path: str
    body: ast.InstanceBodySymbol
    symbol: ast.ValueSymbol
    prefix: str = ""
    drivers: list[Site] = field(default_factory=list[Site])
    loads: list[Site] = field(default_factory=list[Site])
    _kind: SiteKind = SiteKind.OTHER

    def scope(self, scope: Iterable[ast.Symbol]) -> None:
        """Everything in a body or generate block."""
        for member in scope:
            self._member(member)

    def declaration(self, kind: SiteKind, symbol: ast.Symbol) -> Site:
        """The declaration of a symbol of this body as a site."""
        file, where = self.design.tree.place(symbol)
        return Site(kind, file, where, self._line(file, where), self.path)

    def connection(self, expression: ast.Expression) -> Site:
        """What is connected to a port, as a site; the signals in it are on the other side."""
        inner = expression.left if isinstance(expression, ast.AssignmentExpression) else expression
        file, where = self._place(inner.sourceRange)
        through = self._paths(_values(inner))
        return Site(SiteKind.PORT, file, where, self._line(file, where), self.path, through)

    def text_of(self, expression: ast.Expression) -> str:
        """The expression as written, without blanks; "" when it is in no file."""
        file, where = self._place(expression.sourceRange)
        data = self.design.text(file) or b""
        return "".join(data[where.start : where.end].decode("utf-8", "replace").split())

    # --- members --------------------------------------------------------------------------------------------

    def _member(self, member: ast.Symbol) -> None:
        match member:
            case ast.GenerateBlockSymbol():
                if not member.isUninstantiated:
                    self.scope(member)
            case ast.GenerateBlockArraySymbol():
                for block in cast("Iterable[ast.GenerateBlockSymbol]", member.entries):
                    self.scope(block)
            case ast.InstanceArraySymbol():
                self.scope(cast("Iterable[ast.Symbol]", member.elements))
            case ast.InstanceSymbol():
                self._instance(member)
            case ast.PrimitiveInstanceSymbol():
                self._kind = SiteKind.GATE
                for expression in cast("Iterable[ast.Expression]", member.portConnections):
                    self._look(expression)
            case ast.ContinuousAssignSymbol():
                self._kind = SiteKind.ASSIGN
                self._look(member.assignment)
            case ast.ProceduralBlockSymbol():
                self._kind = PROCEDURES.get(member.procedureKind.name, SiteKind.ALWAYS)
                if not isinstance(member.syntax, syntax.ProceduralBlockSyntax):
                    self._kind = SiteKind.ASSERTION
                self._look(member.body)
            case ast.SubroutineSymbol():
                self._kind = SiteKind.ROUTINE
                self._look(member.body)
            case ast.StatementBlockSymbol():
                pass  # its statements are those of the procedure
            case ast.ValueSymbol():
                self._initializer(member)
            case ast.PortSymbol() | ast.DefinitionSymbol():
                pass
            case _:
                self._kind = SiteKind.OTHER
                self._look(member)

    def _initializer(self, member: ast.ValueSymbol) -> None:
        initial = member.initializer
        if initial is None:
            return
        read = _values(initial)
        if (
            not self.prefix
            and member == self.symbol
            and not isinstance(member, ast.ParameterSymbol)
        ):
            site = self.declaration(SiteKind.INITIALIZER, member)
            self.drivers.append(_with(site, self._paths(read)))
        self._kind = SiteKind.INITIALIZER
        for value in read:
            if self._is_ours(value):
                self.loads.append(self._site(value, None, self._paths_of([member])))

    def _instance(self, instance: ast.InstanceSymbol) -> None:
        self._kind = SiteKind.PORT
        start = len(self.body.hierarchicalPath)
        inside = self.path + instance.hierarchicalPath[start:]
        for connection in instance.portConnections:
            expression = connection.expression
            if not isinstance(expression, ast.Expression):
                continue
            port = connection.port
            through = (f"{inside}.{port.name}",) if isinstance(port, ast.PortSymbol) else ()
            is_inout = (
                isinstance(port, ast.PortSymbol)
                and port.direction is not ast.ArgumentDirection.In
                and port.direction is not ast.ArgumentDirection.Out
            )
            if isinstance(expression, ast.AssignmentExpression):
                written, read = _targets(expression.left)
            else:
                written, read = ([], _values(expression))
                if is_inout:
                    written = _targets(expression)[0]
            for value in written:
                if self._is_ours(value):
                    self.drivers.append(self._site(value, None, through))
            for value in read:
                if self._is_ours(value):
                    self.loads.append(self._site(value, None, through))

    # --- statements and expressions -------------------------------------------------------------------------

    def _look(self, node: ast.Symbol | ast.Statement | ast.Expression) -> None:
        node.visit(
            lookup_table={
                EK.Assignment: self._on_assignment,
                EK.UnaryOp: self._on_unary,
                EK.NamedValue: self._on_value,
                EK.HierarchicalValue: self._on_value,
            }
        )

    def _on_assignment(self, assignment: ast.AssignmentExpression) -> object:
        written, read = _targets(assignment.left)
        read += _values(assignment.right)
        if assignment.isCompound:
            read += written
        for value in written:
            if self._is_ours(value):
                self.drivers.append(self._site(value, assignment, self._paths(read)))
        for value in read:
            if self._is_ours(value):
                self.loads.append(self._site(value, assignment, self._paths(written)))
        return ast.VisitAction.Skip

    def _on_unary(self, expression: ast.UnaryExpression) -> None:
        if expression.op.name in COUNTING:
            for value in _targets(expression.operand)[0]:
                if self._is_ours(value):
                    self.drivers.append(self._site(value, None, ()))

    def _on_value(self, value: ast.ValueExpressionBase) -> None:
        if self._is_ours(value):
            self.loads.append(self._site(value, None, ()))

    def _is_ours(self, value: ast.ValueExpressionBase) -> bool:
        symbol = _behind_modport(value.symbol)
        if not self.prefix:
            return symbol == self.symbol
        if symbol.name != self.symbol.name or symbol.location != self.symbol.location:
            return False
        return self.text_of(value).startswith((self.prefix + ".", self.prefix + "["))

    def _site(
        self,
        value: ast.ValueExpressionBase,
        statement: ast.Expression | None,
        through: tuple[str, ...],
    ) -> Site:
        file, where = self._place(value.sourceRange)
        text = self._line(file, where)
        if statement is not None:
            around, whole = self._place(statement.sourceRange)
            if around == file and whole.covers(where):
                text = self._squeezed(file, whole)
        return Site(self._kind, file, where, text, self.path, through)

    # --- places and texts -----------------------------------------------------------------------------------

    def _place(self, where: pyslang.SourceRange) -> tuple[str, Span]:
        locations = self.design.locations
        buffer, start, is_verbatim = locations.written(where.start)
        last, end, _ = locations.written(where.end)
        path = locations.path(buffer) or ""
        return path, span(start, end if last == buffer and is_verbatim else start)

    def _line(self, file: str, where: Span) -> str:
        data = self.design.text(file) or b""
        start = data.rfind(b"\n", 0, where.start) + 1
        end = data.find(b"\n", where.start)
        return self._squeezed(file, span(start, end if end >= 0 else len(data)))

    def _squeezed(self, file: str, where: Span) -> str:
        data = self.design.text(file) or b""
        text = " ".join(data[where.start : where.end].decode("utf-8", "replace").split())
        return text if len(text) <= MAX_TEXT_CHARS else text[: MAX_TEXT_CHARS - 1] + "…"

    def _paths(self, values: Values) -> tuple[str, ...]:
        """Paths in the design of the signals that *values* name; constants are left out."""
        return self._paths_of(
            [v.symbol for v in values if not isinstance(v.symbol, ast.ParameterSymbol)]
        )

    def _paths_of(self, symbols: Iterable[ast.Symbol]) -> tuple[str, ...]:
        """Paths of symbols as seen from the instance asked about: slang knows one of several equal ones.

        What lies beside such an instance is told only where the two stand in equal surroundings.
        """
        slang, asked = _surroundings(self.body.hierarchicalPath, self.path)
        paths: dict[str, None] = {}
        for symbol in symbols:
            path = _behind_modport(symbol).hierarchicalPath
            if isinstance(symbol, ast.EnumValueSymbol) or "::" in path:
                continue
            if path.startswith(slang + "."):
                paths[asked + path[len(slang) :]] = None
            elif slang == asked:
                paths[path] = None
        return tuple(paths)[:MAX_THROUGH]


def _surroundings(slang: str, asked: str) -> tuple[str, str]:
    """Two paths without the names at their ends that are the same."""
    while "." in slang and "." in asked:
        (above, _, last), (other, _, other_last) = slang.rpartition("."), asked.rpartition(".")
        if last != other_last:
            break
        slang, asked = above, other
    return slang, asked


def _behind_modport(symbol: ast.Symbol) -> ast.Symbol:
    """The interface's own signal where *symbol* is its name in a modport."""
    if isinstance(symbol, ast.ModportPortSymbol) and symbol.internalSymbol is not None:
        return symbol.internalSymbol
    return symbol


def _with(site: Site, through: tuple[str, ...]) -> Site:
    return Site(site.kind, site.file, site.span, site.text, site.instance, through)


def _values(expression: ast.Expression) -> Values:
    """Every name of a value in *expression*."""
    found: Values = []
    note: Callable[[ast.ValueExpressionBase], None] = found.append
    expression.visit(lookup_table={EK.NamedValue: note, EK.HierarchicalValue: note})
    return found


def _targets(target: ast.Expression) -> tuple[Values, Values]:
    """What an assignment to *target* writes, and what it reads to know where."""
    written: Values = []
    read: Values = []
    _split(target, written, read)
    return written, read


def _split(target: ast.Expression, written: Values, read: Values) -> None:
    match target:
        case ast.ValueExpressionBase():
            written.append(target)
        case ast.MemberAccessExpression():
            _split(target.value, written, read)
        case ast.ElementSelectExpression():
            _split(target.value, written, read)
            read += _values(target.selector)
        case ast.RangeSelectExpression():
            _split(target.value, written, read)
            read += _values(target.left)
            read += _values(target.right)
        case ast.ConcatenationExpression():
            for operand in target.operands:
                _split(operand, written, read)
        case ast.ConversionExpression():
            _split(target.operand, written, read)
        case _:
            written += _values(target)
