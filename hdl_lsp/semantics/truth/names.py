"""The syntactic half of the walk: every identifier of a tree that elaboration has not bound already.

Types, ports of connections, parameters of overrides, packages, labels, modports and the rest are found by what
the grammar says stands there; names in generate branches that no instance takes are looked up in their scope.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import bisect
from typing import cast

from pyslang import ast, parsing, syntax

from hdl_lsp.semantics.truth.ledger import Ledger
from hdl_lsp.semantics.truth.record import Place
from hdl_lsp.semantics.truth.shapes import found_in, name_parts, opening_name
from hdl_lsp.semantics.truth.values import Elaborated

_DECLARING = frozenset(
    {
        "Declarator",
        "TypedefDeclaration",
        "ForwardTypedefDeclaration",
        "TypeAssignment",
        "InstanceName",
        "ModuleHeader",
        "InterfaceHeader",
        "PackageHeader",
        "ProgramHeader",
        "ClassDeclaration",
        "ModportItem",
        "SpecparamDeclarator",
        "NamedLabel",
        "ClockingDeclaration",
        "CovergroupDeclaration",
        "PropertyDeclaration",
        "SequenceDeclaration",
        "AssertionItemPort",
        "ConstraintDeclaration",
        "UdpDeclaration",
        "CheckerDeclaration",
        "LetDeclaration",
        "NetTypeDeclaration",
        "Coverpoint",
        "CoverCross",
        "ClassPropertyDeclaration",
        "GenvarDeclaration",
        "UserDefinedNetDeclaration",
    }
)
"""Syntax whose identifier token declares."""

_NO_NAMES = frozenset({"AttributeSpec", "TimingControl", "PragmaExpression", "EmptyIdentifierName"})
"""Identifiers that mean nothing declared: attributes (5.12), pragmas."""


class SyntaxNames:
    """Resolves the identifiers of syntax trees against an elaborated design."""

    def __init__(self, compilation: ast.Compilation, values: Elaborated, ledger: Ledger) -> None:
        self._compilation = compilation
        self._values = values
        self._ledger = ledger
        # The bindings take the root symbol for a scope; their stubs do not know.
        self._root = cast("ast.Scope", compilation.getRoot())
        self._ordered: dict[int, tuple[list[int], list[tuple[int, int, ast.Symbol]]]] = {}
        self._unit: ast.Symbol | None = None
        self._late: list[tuple[syntax.SyntaxNode, parsing.Token]] = []

    def walk(self, tree: syntax.SyntaxNode, unit: ast.Symbol | None) -> None:
        """Notes every identifier of *tree*, whose file-scope names belong to *unit*."""
        self._unit = unit
        self._late = []
        tree.visit(self._visit)
        # End labels repeat what was resolved before.
        for node, token in self._late:
            self._end_label(node, token)

    def _visit(self, node: object) -> ast.VisitAction | None:
        if isinstance(node, syntax.SyntaxNode):
            for index in range(len(node)):
                child = node[index]
                if isinstance(child, parsing.Token) and child.kind == parsing.TokenKind.Identifier:
                    self._token(node, child)
        return None

    def _token(self, node: syntax.SyntaxNode, token: parsing.Token) -> None:
        kind = node.kind.name
        place = self._ledger.place(token.location)
        name = token.valueText
        if place is None or not self._ledger.is_at(place, name) or kind in _NO_NAMES:
            return
        if kind == "NamedBlockClause":
            self._label(node, token, place)
            return
        if kind in _DECLARING:
            self._declaration(node, token, place)
            return
        if isinstance(node.parent, syntax.FunctionPrototypeSyntax) or kind == "ModportNamedPort":
            self._declaration(node, token, place)
            return
        if isinstance(node, syntax.LoopGenerateSyntax):
            self._genvar(node, token, place)
            return
        found, category = self._meaning(node, token)
        if isinstance(node, syntax.NamedPortConnectionSyntax) and not node.openParen.rawText:
            self._ledger.refer(place, self._look(token), category)  # `.clk_i` has two ends
        if self._ledger.is_named(place) and category == "name":
            return
        if not self._ledger.refer(place, found, category) and not self._ledger.is_named(place):
            self._ledger.unresolved[place] = (
                f"{kind} in {node.parent.kind.name if node.parent else ''}"
            )

    def _meaning(
        self, node: syntax.SyntaxNode, token: parsing.Token
    ) -> tuple[ast.Symbol | None, str]:
        """The symbol behind an identifier that is not a declaration, and what kind of use it is."""
        name = token.valueText
        parent = node.parent
        match node:
            case syntax.HierarchyInstantiationSyntax():
                return self._definition(name), "instance type"
            case syntax.NamedPortConnectionSyntax():
                return self._port(node, name), "port connection"
            case syntax.NamedParamAssignmentSyntax():
                return self._parameter(node, name), "parameter override"
            case syntax.PackageImportItemSyntax():
                package = self._compilation.getPackage(node.package.valueText)
                if token.location == node.package.location:
                    return package, "package"
                return (package.find(name) if package is not None else None), "import"
            case syntax.InterfacePortHeaderSyntax():
                return self._definition(name), "interface type"
            case syntax.DotMemberClauseSyntax():
                return self._modport(node, name), "modport"
            case syntax.NamedArgumentSyntax():
                return self._argument(node, name), "argument name"
            case syntax.MemberAccessExpressionSyntax():
                return None, "name"
            case _:
                pass
        if isinstance(parent, syntax.AssignmentPatternItemSyntax) and self._is_first(parent, node):
            return self._pattern_key(parent, token), "pattern key"
        if isinstance(parent, syntax.ScopedNameSyntax):
            return self._scoped(parent, token)
        if isinstance(parent, syntax.NamedTypeSyntax):
            return self._look(token), "type"
        return self._look(token), "name"

    # --- declarations and labels -------------------------------------------------------------------------

    def _declaration(self, node: syntax.SyntaxNode, token: parsing.Token, place: Place) -> None:
        name = token.valueText
        self._ledger.written(place, name, "Syntax" + node.kind.name)
        self._ledger.use(place, name, "declaration", place)
        if node.kind.name == "Declarator" and node.parent is not None:
            holder = node.parent.kind.name
            if holder in {"PortDeclaration", "DataDeclaration", "NetDeclaration"}:
                # `output q; reg q;`: pieces of one declaration (23.2.2.1).
                found = self._look(token, own_scope=True)
                if found is not None and found.name == name:
                    self._ledger.same(self._ledger.symbol(found), place)
        if node.kind.name == "ForwardTypedefDeclaration":
            found = self._look(token, own_scope=True)
            if found is not None:
                self._ledger.same(self._ledger.symbol(found), place)

    def _genvar(self, node: syntax.LoopGenerateSyntax, token: parsing.Token, place: Place) -> None:
        """The variable of a generate loop is declared in the loop, or outside and again in every block (27.4)."""
        name = token.valueText
        self._ledger.written(place, name, "Genvar")
        self._ledger.use(place, name, "declaration", place)
        if not node.genvar.rawText:
            outer = self._look(token)
            if outer is not None and outer.kind == ast.SymbolKind.Genvar:
                self._ledger.same(self._ledger.symbol(outer), place)

    def _label(self, node: syntax.SyntaxNode, token: parsing.Token, place: Place) -> None:
        """`begin : name` declares, `end : name` repeats."""
        parent = node.parent
        opening = (
            parent.beginName
            if isinstance(parent, syntax.GenerateBlockSyntax)
            else parent.blockName
            if isinstance(parent, syntax.BlockStatementSyntax)
            else None
        )
        if opening is not None and opening.name.location == token.location:
            self._ledger.written(place, token.valueText, "Label")
            self._ledger.use(place, token.valueText, "declaration", place)
        else:
            self._late.append((node, token))

    def _end_label(self, node: syntax.SyntaxNode, token: parsing.Token) -> None:
        place = self._ledger.place(token.location)
        parent = node.parent
        opening = opening_name(parent)
        target = self._ledger.place(opening.location) if opening is not None else None
        if place is None:
            return
        if target is not None and opening is not None and opening.valueText == token.valueText:
            self._ledger.written(target, token.valueText, "Label")
            self._ledger.use(place, token.valueText, "end label", target)
        else:
            self._ledger.unresolved[place] = "end label"

    # --- names in their scope ----------------------------------------------------------------------------

    def _scope_at(self, location: object) -> ast.Symbol | None:
        buffer: int = location.buffer.id  # pyright: ignore - a SourceLocation
        offset: int = location.offset  # pyright: ignore - a SourceLocation
        if buffer not in self._ordered:
            ranges = self._values.scopes.get(buffer, {})
            ordered = sorted(
                ((s, e, symbol) for (s, e), symbol in ranges.items()),
                key=lambda one: (one[0], -one[1]),
            )
            self._ordered[buffer] = ([s for s, _, _ in ordered], ordered)
        starts, ordered = self._ordered[buffer]
        number = bisect.bisect_right(starts, offset) - 1
        while number >= 0:
            start, end, symbol = ordered[number]
            if start <= offset < end:
                return symbol
            number -= 1
        return self._unit

    def _look(self, token: parsing.Token, *, own_scope: bool = False) -> ast.Symbol | None:
        location = token.location
        while self._compilation.sourceManager.isMacroLoc(location):
            location = self._compilation.sourceManager.getExpansionLoc(location)
        scope = self._scope_at(location)
        name = token.valueText
        if scope is None:
            return self._compilation.getPackage(name) or self._definition(name)
        if own_scope:
            return found_in(scope, name)
        found: ast.Symbol | None = None
        look = getattr(scope, "lookupName", None)
        if look is not None and not name.startswith("\\"):
            found = look(name, flags=ast.LookupFlags.AllowDeclaredAfter)
        if isinstance(found, ast.InstanceSymbol) and found.parentScope is self._root:
            found = found.definition
        return found or self._compilation.getPackage(name) or self._definition(name)

    def _definition(self, name: str) -> ast.Symbol | None:
        return self._compilation.tryGetDefinition(name, self._root).definition

    # --- scoped names ------------------------------------------------------------------------------------

    def _scoped(
        self, parent: syntax.ScopedNameSyntax, token: parsing.Token
    ) -> tuple[ast.Symbol | None, str]:
        top: syntax.SyntaxNode = parent
        while isinstance(top.parent, syntax.ScopedNameSyntax):
            top = top.parent
        parts = name_parts(top)
        is_package = "::" in str(parent.separator)
        for index, part in enumerate(parts):
            if part.location == token.location:
                if index == 0:
                    if is_package:
                        found = self._compilation.getPackage(token.valueText) or self._look(token)
                        return found, "package" if isinstance(found, ast.PackageSymbol) else "type"
                    return self._look(token), "name"
                found = self._follow(parts[: index + 1])
                is_type = isinstance(top.parent, syntax.NamedTypeSyntax)
                return found, "type" if is_type and index == len(parts) - 1 else "name"
        return None, "name"

    def _follow(self, parts: list[parsing.Token]) -> ast.Symbol | None:
        first = parts[0]
        found = self._compilation.getPackage(first.valueText) or self._look(first)
        for token in parts[1:]:
            if found is None:
                return None
            found = self._inside(found, token.valueText)
        return found

    def _inside(self, holder: ast.Symbol, name: str) -> ast.Symbol | None:
        if isinstance(holder, ast.TransparentMemberSymbol):
            holder = holder.wrapped
        scope: object = holder
        if isinstance(holder, ast.InstanceArraySymbol | ast.GenerateBlockArraySymbol):
            inner = (
                holder.elements if isinstance(holder, ast.InstanceArraySymbol) else holder.entries
            )
            holder = next(iter(inner), holder)
            scope = holder
        if isinstance(holder, ast.InstanceSymbol):
            scope = holder.body
        elif isinstance(holder, ast.InterfacePortSymbol):
            connected, modport = holder.connection
            if modport is not None:
                found = modport.find(name)
                if found is not None:
                    return found
            scope = connected.body if isinstance(connected, ast.InstanceSymbol) else None
        elif isinstance(holder, ast.ValueSymbol | ast.PortSymbol | ast.TypeAliasType):
            canonical = (
                holder.canonicalType
                if isinstance(holder, ast.TypeAliasType)
                else holder.type.canonicalType
            )
            while canonical.isArray:
                canonical = canonical.arrayElementType.canonicalType
            scope = canonical
        elif isinstance(holder, ast.GenericClassDefSymbol):
            scope = holder.invalidSpecialization
        return found_in(scope, name)

    # --- instances ---------------------------------------------------------------------------------------

    def _instance_of(self, node: syntax.SyntaxNode) -> tuple[ast.Symbol | None, str]:
        """The instance around *node* as elaborated, and the name of its module."""
        current: syntax.SyntaxNode | None = node
        symbol: ast.Symbol | None = None
        while current is not None:
            if isinstance(current, syntax.HierarchicalInstanceSyntax) and current.decl is not None:
                place = self._ledger.place(current.decl.name.location)
                symbol = self._values.instances.get(place) if place is not None else None
            if isinstance(current, syntax.HierarchyInstantiationSyntax):
                if symbol is None:
                    for one in current.instances:
                        decl = getattr(one, "decl", None)
                        place = self._ledger.place(decl.name.location) if decl is not None else None
                        symbol = symbol or (self._values.instances.get(place) if place else None)
                return symbol, current.type.valueText
            current = current.parent
        return None, ""

    def _body(self, node: syntax.SyntaxNode) -> ast.InstanceBodySymbol | None:
        symbol, definition = self._instance_of(node)
        while isinstance(symbol, ast.InstanceArraySymbol):
            symbol = next(iter(symbol.elements), None)
        if isinstance(symbol, ast.InstanceSymbol):
            return symbol.body
        for other in self._values.instances.values():
            if isinstance(other, ast.InstanceSymbol) and other.definition.name == definition:
                return other.body
        return None

    def _port(self, node: syntax.SyntaxNode, name: str) -> ast.Symbol | None:
        body = self._body(node)
        return body.findPort(name) if body is not None else None

    def _parameter(self, node: syntax.SyntaxNode, name: str) -> ast.Symbol | None:
        body = self._body(node)
        return body.find(name) if body is not None else None

    def _modport(self, node: syntax.DotMemberClauseSyntax, name: str) -> ast.Symbol | None:
        header = node.parent
        interface = getattr(header, "nameOrKeyword", getattr(header, "name", None))
        if interface is None:
            return None
        for other in self._values.instances.values():
            if (
                isinstance(other, ast.InstanceSymbol)
                and other.definition.name == interface.valueText
            ):
                return other.body.find(name)
        return None

    def _argument(self, node: syntax.SyntaxNode, name: str) -> ast.Symbol | None:
        call = node.parent.parent if node.parent is not None else None
        left = getattr(call, "left", None)
        if left is None:
            return None
        parts = name_parts(left)
        routine = self._follow(parts) if parts else None
        if isinstance(routine, ast.SubroutineSymbol):
            return next((a for a in routine.arguments if a.name == name), None)
        return None

    @staticmethod
    def _is_first(item: syntax.AssignmentPatternItemSyntax, node: syntax.SyntaxNode) -> bool:
        return item.key.getFirstToken().location == node.getFirstToken().location

    def _pattern_key(
        self, item: syntax.AssignmentPatternItemSyntax, token: parsing.Token
    ) -> ast.Symbol | None:
        pattern = item.parent
        start = pattern.getFirstToken().location if pattern is not None else None
        around = pattern.parent if pattern is not None else None
        for where in (start, around.sourceRange.start if around is not None else None):
            if where is None:
                continue
            type_ = self._values.patterns.get((where.buffer.id, where.offset))
            if type_ is not None:
                return found_in(type_.canonicalType, token.valueText) or self._look(token)
        return None
