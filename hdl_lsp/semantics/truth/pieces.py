"""Pieces of one file by grammar rule, from slang's syntax and, for what a `case` is over, its types.

Must not know how they are taken out or what is asked then.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyslang import ast, parsing, syntax

from hdl_lsp.semantics.request import DiagnosticsRequest
from hdl_lsp.semantics.truth.file_errors import Elaborated, Texts
from hdl_lsp.semantics.truth.file_record import Piece, PieceKind, Pieces, Range
from hdl_lsp.semantics.truth.ranges import Ranges

ASSERTION_MACRO = re.compile(r"`(?:ASSERT|ASSUME|COVER)\w*$")
"""The macros that lowRISC and PULP write their assertions with."""

_NAME = re.compile(r"[A-Za-z_][\w$]*")


def pieces(texts: Texts, request: DiagnosticsRequest) -> Pieces:
    """All pieces of the main file; none for a text slang can't take."""
    done = texts.elaborated(request)
    if isinstance(done, str):
        return Pieces()
    finder = _Finder(Ranges(done.main.buffer_id, done.main.text.data), _enums(done))
    done.main.tree.root.visit(finder.visit)
    return Pieces(tuple(sorted(finder.found, key=lambda piece: (piece.start, piece.end))))


def _enums(done: Elaborated) -> dict[int, tuple[str, ...]]:
    """Names of the enum's values for each `case` over an enum, by the case's offset in the main file."""
    found: dict[int, tuple[str, ...]] = {}

    def visit(node: object) -> None:
        if isinstance(node, ast.CaseStatement):
            type_ = node.expr.type.canonicalType
            where = node.sourceRange.start
            if isinstance(type_, ast.EnumType) and where.buffer.id == done.main.buffer_id:
                values = [v.name for v in type_ if isinstance(v, ast.EnumValueSymbol)]  # pyright: ignore[reportGeneralTypeIssues] - enums iterate
                found[where.offset] = tuple(values)

    done.compilation.getRoot().visit(visit)
    return found


class _Finder:
    """The walk over the syntax."""

    def __init__(self, ranges: Ranges, enums: dict[int, tuple[str, ...]]) -> None:
        self._ranges = ranges
        self._enums = enums
        self.found: list[Piece] = []

    def visit(self, node: object) -> None:
        match node:
            case syntax.HierarchicalInstanceSyntax():
                self._port_map(node)
            case syntax.ParameterValueAssignmentSyntax():
                self._parameter_map(node)
            case syntax.CaseStatementSyntax():
                self._case(node)
            case syntax.StructuredAssignmentPatternSyntax():
                self._struct_literal(node)
            case syntax.ProceduralBlockSyntax():
                self._procedural(node)
            case (
                syntax.DataDeclarationSyntax()
                | syntax.NetDeclarationSyntax()
                | syntax.ParameterDeclarationStatementSyntax()
            ):
                self._one(PieceKind.DECLARATION, self._ranges.of(node))
            case syntax.ConcurrentAssertionStatementSyntax():
                self._one(PieceKind.ASSERTION, self._ranges.of(node.propertySpec))
            case parsing.Token():
                for trivia in node.trivia:
                    if trivia.kind == parsing.TriviaKind.Directive:
                        self._assertion_macro(trivia.syntax())
            case syntax.BinaryExpressionSyntax() if node.kind in (
                syntax.SyntaxKind.AssignmentExpression,
                syntax.SyntaxKind.NonblockingAssignmentExpression,
            ):
                self._one(PieceKind.EXPRESSION, self._ranges.of(node.right))
            case _:
                pass

    def _one(self, kind: PieceKind, where: Range | None) -> None:
        if where is not None:
            self.found.append(Piece(kind, *where))

    def _list(
        self,
        kind: PieceKind,
        nodes: Sequence[syntax.SyntaxNode],
        keys: Iterable[str],
        about: str = "",
        *,
        is_whole: bool = True,
        end: int | None = None,
    ) -> None:
        """A list of parts, all of them in the file's own text."""
        parts = [self._ranges.of(node) for node in nodes]
        known = [part for part in parts if part is not None]
        if not known or len(known) < len(parts):
            return
        last = known[-1][1] if end is None else end
        self.found.append(
            Piece(kind, known[0][0], last, tuple(known), tuple(keys), about, is_whole)
        )

    def _port_map(self, node: syntax.HierarchicalInstanceSyntax) -> None:
        around = node.parent
        connections = _nodes(node.connections)
        named = [c for c in connections if isinstance(c, syntax.NamedPortConnectionSyntax)]
        if not isinstance(around, syntax.HierarchyInstantiationSyntax) or len(named) < 2:
            return
        if len(named) == len(connections):
            keys = (c.name.valueText for c in named)
            self._list(PieceKind.PORT_MAP, named, keys, around.type.valueText)

    def _parameter_map(self, node: syntax.ParameterValueAssignmentSyntax) -> None:
        around = node.parent
        given = _nodes(node.parameters)
        named = [c for c in given if isinstance(c, syntax.NamedParamAssignmentSyntax)]
        if not isinstance(around, syntax.HierarchyInstantiationSyntax) or not named:
            return
        if len(named) == len(given):
            keys = (c.name.valueText for c in named)
            self._list(PieceKind.PARAMETER_MAP, named, keys, around.type.valueText)

    def _case(self, node: syntax.CaseStatementSyntax) -> None:
        where = self._ranges.of(node)
        values = self._enums.get(where[0]) if where else None
        items = _nodes(node.items)
        arms = [item for item in items if isinstance(item, syntax.StandardCaseItemSyntax)]
        if not values or not arms or items[: len(arms)] != arms or len(items) > len(arms) + 1:
            return
        labels = [[_last_name(e) for e in _nodes(arm.expressions)] for arm in arms]
        if any(label not in values for some in labels for label in some):
            return
        last = self._ranges.of(items[-1])
        is_whole = {label for some in labels for label in some} == set(values)
        if last is not None:
            keys = (",".join(some) for some in labels)
            self._list(PieceKind.CASE_ARMS, arms, keys, is_whole=is_whole, end=last[1])

    def _struct_literal(self, node: syntax.StructuredAssignmentPatternSyntax) -> None:
        items = [i for i in _nodes(node.items) if isinstance(i, syntax.AssignmentPatternItemSyntax)]
        keys = [self._ranges.text(item.key) for item in items]
        if len(items) >= 2 and all(_NAME.fullmatch(k) and k != "default" for k in keys):
            self._list(PieceKind.STRUCT_LITERAL, items, keys)

    def _procedural(self, node: syntax.ProceduralBlockSyntax) -> None:
        statement: object = node.statement
        if isinstance(statement, syntax.TimingControlStatementSyntax):
            event = str(statement.timingControl)
            statement = statement.statement
            if node.kind in (syntax.SyntaxKind.AlwaysFFBlock, syntax.SyntaxKind.AlwaysBlock):
                self._reset(statement, event)
        if node.kind in (syntax.SyntaxKind.InitialBlock, syntax.SyntaxKind.FinalBlock):
            return
        if isinstance(statement, syntax.BlockStatementSyntax):
            items = _nodes(statement.items)
            self._list(PieceKind.ALWAYS_BLOCK, items, ())

    def _reset(self, body: object, event: str) -> None:
        """The registers that the first `if` of a clocked block resets."""
        if isinstance(body, syntax.BlockStatementSyntax):
            items = _nodes(body.items)
            body = items[0] if len(items) == 1 else None
        if not isinstance(body, syntax.ConditionalStatementSyntax) or body.elseClause is None:
            return
        condition = set(_NAME.findall(str(body.predicate)))
        if not any(_is_reset(name, event) for name in condition):
            return
        branch = body.statement
        if not isinstance(branch, syntax.BlockStatementSyntax):
            return
        statements = _nodes(branch.items)
        registers = [self._register(statement) for statement in statements]
        if all(registers):
            self._list(PieceKind.RESET_BRANCH, statements, registers)

    def _register(self, statement: syntax.SyntaxNode) -> str:
        """What one plain assignment assigns; "" for any other statement."""
        if not isinstance(statement, syntax.ExpressionStatementSyntax):
            return ""
        expression = statement.expr
        if (
            not isinstance(expression, syntax.BinaryExpressionSyntax)
            or expression.kind != syntax.SyntaxKind.NonblockingAssignmentExpression
        ):
            return ""
        return "".join(self._ranges.text(expression.left).split())

    def _assertion_macro(self, node: object) -> None:
        """What an assertion macro asserts: its second argument, and the clock and reset after it."""
        if not isinstance(node, syntax.MacroUsageSyntax) or node.args is None:
            return
        if not ASSERTION_MACRO.match(node.directive.rawText):
            return
        arguments = _nodes(node.args.args)
        if len(arguments) < 2:
            return
        first, last = self._ranges.of(arguments[1]), self._ranges.of(arguments[-1])
        if first is not None and last is not None:
            self._one(PieceKind.ASSERTION, (first[0], last[1]))


def _nodes(listed: Iterable[object]) -> list[syntax.SyntaxNode]:
    """The nodes of a list, without the commas."""
    return [one for one in listed if isinstance(one, syntax.SyntaxNode)]


def _last_name(node: syntax.SyntaxNode) -> str:
    token = node.getLastToken()
    return token.valueText if token is not None else ""


def _is_reset(name: str, event: str) -> bool:
    is_named = "rst" in name.lower() or "reset" in name.lower()
    return is_named or bool(re.search(rf"edge\s+{re.escape(name)}\b", event))
