"""Names that elaboration doesn't report: types, packages, ports of connections, labels, and broken statements.

slang drops an expression as a whole when one operand is bad, and binds no type names, macro arguments in
dead code or end labels. So every identifier token of the main file that extract.py left over is resolved
here, from its syntax and the scope around it. Must not visit elaborated expressions.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import bisect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from pyslang import ast, parsing, syntax

from hdl_lsp.semantics.extract import Walk, any_specialization
from hdl_lsp.semantics.facts import SymbolFact
from hdl_lsp.semantics.unelaborated import header_names
from hdl_lsp.semantics.values import element_type

NK = syntax.SyntaxKind

Resolve = Callable[[], ast.Symbol | SymbolFact | None]


@dataclass(slots=True)
class Names:
    """Second walk, over the syntax of the main file."""

    walk: Walk
    compilation: ast.Compilation
    unit: ast.Symbol
    _root: ast.Scope = field(init=False)
    _special: dict[int, Resolve] = field(default_factory=dict[int, Resolve])
    """How to resolve the identifier at an offset; without an entry it is looked up in its scope."""
    _found: dict[tuple[int, str], ast.Symbol | None] = field(
        default_factory=dict[tuple[int, str], ast.Symbol | None]
    )
    _headers: dict[str, dict[str, SymbolFact]] = field(
        default_factory=dict[str, dict[str, SymbolFact]]
    )
    """Headers of modules that were not elaborated, by module."""
    _starts: list[int] = field(default_factory=list[int])
    _scopes: list[tuple[int, int, ast.Symbol]] = field(
        default_factory=list[tuple[int, int, ast.Symbol]]
    )
    _parents: list[int] = field(default_factory=list[int])

    def resolve(self, root: syntax.SyntaxNode) -> None:
        """Walks the tree; adds to the walk's names what can be resolved."""
        # The bindings take the root symbol for a scope; their stubs do not know.
        self._root = cast("ast.Scope", self.compilation.getRoot())
        self._order_scopes()
        root.visit(
            lookup_table={
                parsing.TokenKind.Identifier: self._on_identifier,
                NK.HierarchyInstantiation: self._on_instantiation,
                NK.ScopedName: self._on_scoped,
                NK.MemberAccessExpression: self._on_member_access,
                NK.InvocationExpression: self._on_call,
                NK.NamedBlockClause: self._on_label,
                NK.PackageImportItem: self._on_import,
                NK.InterfacePortHeader: self._on_interface_port,
                NK.VirtualInterfaceType: self._on_virtual_interface,
                NK.AssignmentPatternExpression: self._on_pattern,
            }
        )

    # --- scopes ---------------------------------------------------------------------------------------------

    def _order_scopes(self) -> None:
        ordered = sorted(self.walk.scopes.items(), key=lambda item: (item[0][0], -item[0][1]))
        open_scopes: list[int] = []
        for (start, end), symbol in ordered:
            while open_scopes and self._scopes[open_scopes[-1]][1] < end:
                open_scopes.pop()
            self._parents.append(open_scopes[-1] if open_scopes else -1)
            open_scopes.append(len(self._scopes))
            self._scopes.append((start, end, symbol))
            self._starts.append(start)

    def scope_at(self, offset: int) -> int:
        """Number of the innermost scope around *offset*; -1 at file scope."""
        number = bisect.bisect_right(self._starts, offset) - 1
        while number >= 0 and self._scopes[number][1] <= offset:
            number = self._parents[number]
        return number

    def lookup(self, offset: int, name: str) -> ast.Symbol | None:
        """What the simple *name* means at *offset*: a symbol in scope, else a design unit."""
        number = self.scope_at(offset)
        key = (number, name)
        if key not in self._found:
            scope = self._scopes[number][2] if number >= 0 else self.unit
            self._found[key] = self._look(scope, name)
        return self._found[key]

    def _look(self, scope: ast.Symbol, name: str) -> ast.Symbol | None:
        found: ast.Symbol | None = None
        lookup = getattr(scope, "lookupName", None)
        if lookup is not None and not name.startswith("\\"):
            result = lookup(name, flags=ast.LookupFlags.AllowDeclaredAfter)
            found = result if isinstance(result, ast.Symbol) else None
        if found is None:
            found = self.compilation.getPackage(name) or self.definition(name)
        elif isinstance(found, ast.InstanceSymbol) and found.hierarchicalPath == name:
            found = found.definition  # a top: the name of a module, not of an instance anyone wrote
        return found

    def definition(self, name: str) -> ast.Symbol | None:
        """The module, interface, program or primitive called *name*."""
        return self.compilation.tryGetDefinition(name, self._root).definition

    # --- what is called by slang for each kind ---------------------------------------------------------------

    def _on_identifier(self, token: parsing.Token) -> None:
        start = self.walk.locations.in_main(token.location)
        if start is None or start in self.walk.named:
            return
        name = token.valueText
        raw = name.encode()
        if not raw or self.walk.text.data[start : start + len(raw)] != raw:
            return
        special = self._special.pop(start, None)
        symbol = special() if special is not None else self.lookup(start, name)
        if symbol is None and special is None:
            symbol = self._genvar(start, name)
        if symbol is not None and symbol.name == name:
            table = self.walk.table
            is_fact = isinstance(symbol, SymbolFact)
            index = table.written(symbol) if is_fact else table.index(symbol)
            self.walk.named[start] = (start + len(raw), index)

    def _genvar(self, offset: int, name: str) -> ast.Symbol | None:
        """The variable of a generate loop around *offset*: a loop of no turns has no scope to look in."""
        for start, end, variable in reversed(self.walk.genvars):
            if start <= offset < end and variable.name == name:
                return variable
        return None

    def _plan(self, token: parsing.Token, resolve: Resolve) -> None:
        start = self.walk.locations.in_main(token.location)
        if start is not None:
            self._special[start] = resolve

    def _on_instantiation(self, node: syntax.HierarchyInstantiationSyntax) -> None:
        type_name = node.type.valueText
        self._plan(node.type, lambda: self.definition(type_name))
        body: ast.Symbol | None = None
        for item in node.instances:
            if not isinstance(item, syntax.HierarchicalInstanceSyntax) or item.decl is None:
                continue
            start = self.walk.locations.in_main(item.decl.name.location)
            instance = self.walk.instances.get(start) if start is not None else None
            if isinstance(instance, ast.InstanceSymbol):
                body = instance.body
            for connection in item.connections:
                if isinstance(connection, syntax.NamedPortConnectionSyntax):
                    self._plan_port(connection, body, type_name)
        if node.parameters is not None:
            for parameter in node.parameters.parameters:
                if isinstance(parameter, syntax.NamedParamAssignmentSyntax):
                    self._plan_parameter(parameter.name, body, type_name)

    def _plan_port(
        self,
        connection: syntax.NamedPortConnectionSyntax,
        body: ast.Symbol | None,
        type_name: str,
    ) -> None:
        name = connection.name.valueText
        start = self.walk.locations.in_main(connection.name.location)
        if start is not None and not connection.openParen.rawText and self.lookup(start, name):
            return  # `.clk_i` alone is the signal here; what it connects to, lookup.py adds
        if isinstance(body, ast.InstanceBodySymbol):
            port = body.findPort(name)
            if port is not None:
                self.walk.table.port(port)
                # (`.clk_i` alone names the signal too; elaboration has noted that one, and it stays.)
                self._plan(connection.name, lambda: port)
                return
        self._plan(connection.name, lambda: self._unelaborated(type_name, name))

    def _unelaborated(self, type_name: str, name: str) -> ast.Symbol | SymbolFact | None:
        """A port or parameter of a definition that slang did not elaborate here (dead generate branch)."""
        for symbol in self.walk.instances.values():
            if isinstance(symbol, ast.InstanceSymbol) and symbol.definition.name == type_name:
                found = symbol.body.findPort(name) or symbol.body.find(name)
                if found is not None:
                    return found
        for top in self.compilation.getRoot().topInstances:
            if top.definition.name == type_name:
                return top.body.findPort(name) or top.body.find(name)
        if type_name not in self._headers:
            definition = self.definition(type_name)
            node = definition.syntax if definition is not None else None
            self._headers[type_name] = (
                header_names(node, self.walk.locations) if node is not None else {}
            )
        return self._headers[type_name].get(name)

    def _plan_parameter(
        self, token: parsing.Token, body: ast.Symbol | None, type_name: str
    ) -> None:
        name = token.valueText
        if body is not None:
            self._plan(token, lambda: self.member(body, name))
        else:
            self._plan(token, lambda: self._unelaborated(type_name, name))

    def _on_scoped(self, node: syntax.ScopedNameSyntax) -> None:
        parts = _parts(node)
        if parts is None or len(parts) < 2:
            return
        for index in range(1, len(parts)):
            path = parts[: index + 1]
            self._plan(path[-1], lambda path=path: self._follow(path))

    def _follow(self, path: list[parsing.Token]) -> ast.Symbol | None:
        start = self.walk.locations.in_main(path[0].location)
        if start is None:
            return None
        symbol = self.lookup(start, path[0].valueText)
        if path[0].kind is not parsing.TokenKind.Identifier:
            return None
        for token in path[1:]:
            if symbol is None:
                return None
            symbol = self.member(symbol, token.valueText)
        return symbol

    def member(self, holder: ast.Symbol, name: str) -> ast.Symbol | None:
        """The member of a package, class, struct value, instance, interface or generate block."""
        scope: object = holder
        if isinstance(holder, ast.TransparentMemberSymbol):
            scope = holder.wrapped
        if isinstance(holder, ast.InstanceSymbol):
            scope = holder.body
        elif isinstance(holder, ast.InstanceArraySymbol):
            scope = next(iter(holder.elements), None)
            scope = scope.body if isinstance(scope, ast.InstanceSymbol) else None
        elif isinstance(holder, ast.InterfacePortSymbol):
            connected, _ = holder.connection
            scope = connected.body if isinstance(connected, ast.InstanceSymbol) else None
        elif isinstance(holder, ast.GenerateBlockArraySymbol):
            scope = next(iter(holder.entries), None)
        elif isinstance(holder, ast.PortSymbol | ast.ValueSymbol | ast.TypeAliasType):
            type_ = holder if isinstance(holder, ast.TypeAliasType) else holder.type
            scope = element_type(type_).canonicalType
            if isinstance(scope, ast.VirtualInterfaceType):
                scope = scope.iface.body
        elif isinstance(holder, ast.GenericClassDefSymbol):
            scope = any_specialization(holder)
        find = getattr(scope, "find", None)
        found = find(name) if find is not None else None
        return found if isinstance(found, ast.Symbol) else None

    def _on_member_access(self, node: syntax.MemberAccessExpressionSyntax) -> None:
        self._plan(node.name, lambda: None)

    def _on_call(self, node: syntax.InvocationExpressionSyntax) -> None:
        if node.arguments is None:
            return
        left = node.left
        path = (
            _parts(left)
            if isinstance(left, syntax.ScopedNameSyntax)
            else [left.identifier]
            if isinstance(left, syntax.IdentifierNameSyntax)
            else None
        )
        if path is None:
            return
        for argument in node.arguments.parameters:
            if isinstance(argument, syntax.NamedArgumentSyntax):
                self._plan(
                    argument.name,
                    lambda path=path, token=argument.name: self._argument(path, token.valueText),
                )

    def _argument(self, path: list[parsing.Token], name: str) -> ast.Symbol | None:
        routine = self._follow(path)
        if isinstance(routine, ast.SubroutineSymbol | ast.MethodPrototypeSymbol):
            return next((a for a in routine.arguments if a.name == name), None)
        return None

    def _on_label(self, node: syntax.NamedBlockClauseSyntax) -> None:
        parent = node.parent
        token: parsing.Token | None = None
        match parent:
            case syntax.ModuleDeclarationSyntax():
                token = parent.header.name
            case syntax.FunctionDeclarationSyntax():
                token = parent.prototype.name.getLastToken()
            case syntax.ClassDeclarationSyntax():
                token = parent.name
            case syntax.BlockStatementSyntax() if parent.blockName is not None:
                token = parent.blockName.name
            case syntax.GenerateBlockSyntax() if parent.beginName is not None:
                token = parent.beginName.name
            case _:
                return
        if token is None:
            return
        start = self.walk.locations.in_main(token.location)
        entry = self.walk.named.get(start) if start is not None else None
        label = self.walk.locations.in_main(node.name.location)
        raw = node.name.valueText.encode()
        if entry is not None and label is not None and label not in self.walk.named and raw:
            data = self.walk.text.data
            if data[label : label + len(raw)] == raw == data[start or 0 : entry[0]]:
                self.walk.named[label] = (label + len(raw), entry[1])

    def _on_import(self, node: syntax.PackageImportItemSyntax) -> None:
        name = node.package.valueText
        self._plan(node.package, lambda: self.compilation.getPackage(name))
        item = node.item.valueText
        self._plan(node.item, lambda: self._in_package(name, item))

    def _in_package(self, package: str, item: str) -> ast.Symbol | None:
        found = self.compilation.getPackage(package)
        return found.find(item) if found is not None else None

    def _on_interface_port(self, node: syntax.InterfacePortHeaderSyntax) -> None:
        name = node.nameOrKeyword.valueText
        self._plan(node.nameOrKeyword, lambda: self.definition(name))
        if node.modport is not None:
            self._plan_modport(node.modport.member, name)

    def _on_virtual_interface(self, node: syntax.VirtualInterfaceTypeSyntax) -> None:
        name = node.name.valueText
        self._plan(node.name, lambda: self.definition(name))
        if node.modport is not None:
            self._plan_modport(node.modport.member, name)

    def _plan_modport(self, token: parsing.Token, interface: str) -> None:
        name = token.valueText
        self._plan(token, lambda: self._modport(interface, name))

    def _modport(self, interface: str, name: str) -> ast.Symbol | SymbolFact | None:
        for port in self._interface_ports():
            definition = port.interfaceDef
            if definition is not None and definition.name == interface:
                connected, modport = port.connection
                if modport is not None and modport.name == name:
                    return modport
                if isinstance(connected, ast.InstanceSymbol):
                    return connected.body.find(name)
        return self._unelaborated(interface, name)

    def _interface_ports(self) -> list[ast.InterfacePortSymbol]:
        return [
            port
            for _, _, scope in self._scopes
            if isinstance(scope, ast.InstanceBodySymbol)
            for port in scope.portList
            if isinstance(port, ast.InterfacePortSymbol)
        ]

    def _on_pattern(self, node: syntax.AssignmentPatternExpressionSyntax) -> None:
        pattern = node.pattern
        if not isinstance(pattern, syntax.StructuredAssignmentPatternSyntax):
            return
        where = node.sourceRange
        start = self.walk.locations.in_main(where.start)
        type_ = self.walk.patterns.get(start) if start is not None else None
        if type_ is None:
            return
        for item in pattern.items:
            if isinstance(item, syntax.AssignmentPatternItemSyntax) and isinstance(
                item.key, syntax.IdentifierNameSyntax
            ):
                token = item.key.identifier
                self._plan(token, lambda token=token: self._field(type_, token.valueText))

    @staticmethod
    def _field(type_: ast.Type, name: str) -> ast.Symbol | None:
        find = getattr(type_.canonicalType, "find", None)
        found = find(name) if find is not None else None
        return found if isinstance(found, ast.Symbol) else None


def _parts(node: syntax.SyntaxNode) -> list[parsing.Token] | None:
    """The name tokens of `a::b.c[1].d`, outermost first, selects left out; None for other shapes."""
    if isinstance(node, syntax.ScopedNameSyntax):
        left, right = _parts(node.left), _parts(node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, syntax.IdentifierNameSyntax | syntax.IdentifierSelectNameSyntax):
        return [node.identifier]
    if isinstance(node, syntax.ClassNameSyntax):
        return [node.identifier]
    return None
