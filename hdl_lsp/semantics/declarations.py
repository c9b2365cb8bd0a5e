"""Declarations and instances of one slang tree, as frozen values.

Must not elaborate or look at expressions: slang visits by recursion, and one expression of 50,000
terms would overflow the stack, so every expression is skipped.
"""

from __future__ import annotations

from collections.abc import Callable

from pyslang import ast, parsing
from pyslang.syntax import SyntaxKind

from hdl_lsp.semantics.instances import definition_token, parameter_connections, port_connections
from hdl_lsp.semantics.kinds import (
    ASSERTIONS,
    BLOCKS,
    DIRECTIONS,
    LONG_TYPES,
    NAMED,
    SCOPES,
    SKIPPED,
    STRUCTURES,
    UNITS,
)
from hdl_lsp.semantics.lexical import Lexis
from hdl_lsp.semantics.parse import ParsedText
from hdl_lsp.semantics.places import Node, Places, nodes
from hdl_lsp.semantics.summary import Decl, DeclKind, InstanceUse, PackageImport
from hdl_lsp.text.source import Span, span


class DeclarationCollector:
    """Fills `decls`, `instances` and `imports` while slang visits a tree in source order."""

    def __init__(self, parsed: ParsedText, data: bytes, lexis: Lexis | None = None) -> None:
        self.decls: list[Decl] = []
        self.instances: list[InstanceUse] = []
        self.imports: list[PackageImport] = []
        self._root = parsed.tree.root
        self._places = Places(parsed, data, lexis)
        self._open: list[tuple[int, int]] = []  # (end, index of decl), innermost last
        self._direction = ""  # of the port before, which an ANSI port without one takes over
        self._port_type = ""
        self._parameter_kind = DeclKind.PARAMETER

    def run(self) -> None:
        """Visits the tree once."""
        table: dict[SyntaxKind, Callable[[Node], object]] = dict.fromkeys(SKIPPED, _skip)
        table |= dict.fromkeys(UNITS, self._unit)
        table |= dict.fromkeys(NAMED, self._named)
        table |= dict.fromkeys(BLOCKS, self._block)
        table |= dict.fromkeys(ASSERTIONS, self._assertion)
        table |= {
            SyntaxKind.ClassDeclaration: self._class,
            SyntaxKind.FunctionDeclaration: self._subroutine,
            SyntaxKind.TaskDeclaration: self._subroutine,
            SyntaxKind.ClassMethodPrototype: self._subroutine,
            SyntaxKind.ExternInterfaceMethod: self._subroutine,
            SyntaxKind.DPIImport: self._dpi_import,
            SyntaxKind.FunctionPort: self._function_port,
            SyntaxKind.AnsiPortList: self._port_list,
            SyntaxKind.FunctionPortList: self._port_list,
            SyntaxKind.ImplicitAnsiPort: self._ansi_port,
            SyntaxKind.ExplicitAnsiPort: self._explicit_port,
            SyntaxKind.PortDeclaration: self._port_declaration,
            SyntaxKind.ParameterPortList: self._parameter_list,
            SyntaxKind.ParameterDeclaration: self._parameter,
            SyntaxKind.TypeParameterDeclaration: self._type_parameter,
            SyntaxKind.DataDeclaration: self._variables,
            SyntaxKind.LocalVariableDeclaration: self._variables,
            SyntaxKind.NetDeclaration: self._nets,
            SyntaxKind.UserDefinedNetDeclaration: self._nets,
            SyntaxKind.ForVariableDeclaration: self._for_variable,
            SyntaxKind.ForeachLoopList: self._foreach_variables,
            SyntaxKind.GenvarDeclaration: self._genvars,
            SyntaxKind.LoopGenerate: self._loop,
            SyntaxKind.GenerateBlock: self._generate_block,
            SyntaxKind.TypedefDeclaration: self._typedef,
            SyntaxKind.StructUnionMember: self._struct_member,
            SyntaxKind.EnumType: self._enum,
            SyntaxKind.ConstraintDeclaration: self._constraint,
            SyntaxKind.HierarchyInstantiation: self._instantiation,
            SyntaxKind.PrimitiveInstantiation: self._instantiation,
            SyntaxKind.CheckerInstantiation: self._instantiation,
            SyntaxKind.PackageImportDeclaration: self._import,
        }
        self._root.visit(lookup_table=table)

    # Design units, classes, subroutines

    def _unit(self, node: Node) -> None:
        self._add(node.header.name, UNITS[node.kind], self._places.span(node))

    def _named(self, node: Node) -> None:
        kind, attribute = NAMED[node.kind]
        self._add(getattr(node, attribute), kind, self._places.span(node))

    def _class(self, node: Node) -> None:
        bases = [c for c in (node.extendsClause, node.implementsClause) if c is not None]
        self._add(
            node.name,
            DeclKind.CLASS,
            self._places.span(node),
            type_text=" ".join(self._places.text_of(clause) for clause in bases),
        )

    def _subroutine(self, node: Node) -> None:
        self._add_subroutine(node.prototype, self._places.span(node))

    def _dpi_import(self, node: Node) -> None:
        self._add_subroutine(node.method, self._places.span(node))

    def _add_subroutine(self, prototype: Node, whole: Span) -> None:
        is_task = prototype.keyword.kind == parsing.TokenKind.TaskKeyword
        self._add(
            prototype.name.getLastToken(),  # of `base::run` it is `run`
            DeclKind.TASK if is_task else DeclKind.FUNCTION,
            whole,
            type_text=self._places.text_of(prototype),
        )

    # Ports

    def _port_list(self, _node: Node) -> None:
        self._direction, self._port_type = "", ""

    def _ansi_port(self, node: Node) -> None:
        header = node.header
        if header.kind == SyntaxKind.InterfacePortHeader:
            self._direction = ""
            self._port_type = self._places.text_of(header)
        else:
            type_text = self._header_type(header)
            direction = header.direction.valueText if header.direction else ""
            if direction:
                self._direction = direction
            if direction or type_text:
                self._port_type = type_text
        self._declarator(
            node.declarator,
            DeclKind.PORT,
            self._places.span(node),
            self._port_type,
            self._direction,
        )

    def _header_type(self, header: Node) -> str:
        """The words of a port header after its direction."""
        text = self._places.text_of(header)
        first, _, rest = text.partition(" ")
        if first == "const":
            first, _, rest = rest.partition(" ")
        return rest if first in DIRECTIONS else text

    def _explicit_port(self, node: Node) -> None:
        if node.direction:
            self._direction = node.direction.valueText
        self._add(node.name, DeclKind.PORT, self._places.span(node), direction=self._direction)

    def _port_declaration(self, node: Node) -> None:
        header = node.header
        direction = getattr(header, "direction", None)
        whole = self._places.span(node)
        words = direction.valueText if direction else ""
        type_text = self._header_type(header)
        for declarator in nodes(node.declarators):
            self._declarator(declarator, DeclKind.PORT, whole, type_text, words)

    def _function_port(self, node: Node) -> None:
        if node.direction:
            self._direction = node.direction.valueText
        if node.dataType is not None:
            written = self._places.text_of(node.dataType)
            if written or node.direction:
                self._port_type = written
        self._declarator(
            node.declarator,
            DeclKind.PORT,
            self._places.span(node),
            self._port_type,
            self._direction or "input",  # 13.3: the first one without a direction is an input
        )

    # Parameters, variables, nets

    def _parameter_list(self, _node: Node) -> None:
        self._parameter_kind = DeclKind.PARAMETER

    def _parameter(self, node: Node) -> None:
        kind = self._kind_of_parameter(node.keyword)
        whole = self._places.span(node)
        type_text = self._places.text_of(node.type)
        for declarator in nodes(node.declarators):
            self._declarator(declarator, kind, whole, type_text)

    def _type_parameter(self, node: Node) -> None:
        kind = self._kind_of_parameter(node.keyword)
        whole = self._places.span(node)
        for declarator in nodes(node.declarators):
            given = declarator.assignment
            value = self._places.text_of(given.type) if given is not None else ""
            self._add(declarator.name, kind, whole, type_text="type", value_text=value)

    def _kind_of_parameter(self, keyword: parsing.Token) -> DeclKind:
        """As the keyword says; in a parameter list one without takes over (6.20.1)."""
        if keyword:
            is_local = keyword.kind == parsing.TokenKind.LocalParamKeyword
            self._parameter_kind = DeclKind.LOCALPARAM if is_local else DeclKind.PARAMETER
        return self._parameter_kind

    def _variables(self, node: Node) -> None:
        type_text = self._places.text_of(node.type)
        modifiers = getattr(node, "modifiers", ())
        words = [token.valueText for token in modifiers if token.valueText != "var"]
        self._declare_all(node, DeclKind.VARIABLE, " ".join([*words, type_text]).strip())

    def _nets(self, node: Node) -> None:
        written = [node.netType.valueText]
        if node.kind == SyntaxKind.NetDeclaration:
            written.append(self._places.text_of(node.type))
        self._declare_all(node, DeclKind.NET, " ".join(filter(None, written)))

    def _declare_all(self, node: Node, kind: DeclKind, type_text: str) -> None:
        whole = self._places.span(node)
        written = getattr(node, "type", None)
        is_inline = written is not None and written.kind in LONG_TYPES
        first = len(self.decls)
        for declarator in nodes(node.declarators):
            self._declarator(declarator, kind, whole, type_text)
        if is_inline and first < len(self.decls):
            self._open.append((self._places.span(written).end, first))

    def _for_variable(self, node: Node) -> None:
        type_text = self._places.text_of(node.type) if node.type is not None else ""
        self._declarator(node.declarator, DeclKind.VARIABLE, self._places.span(node), type_text)

    def _foreach_variables(self, node: Node) -> None:
        for name in nodes(node.loopVariables):
            if name.kind == SyntaxKind.IdentifierName:
                self._add(name.identifier, DeclKind.VARIABLE, self._places.span(name))

    def _genvars(self, node: Node) -> None:
        whole = self._places.span(node)
        for name in nodes(node.identifiers):
            self._add(name.identifier, DeclKind.GENVAR, whole)

    def _loop(self, node: Node) -> None:
        if node.genvar:
            start = self._places.token(node.genvar).start
            end = self._places.token(node.identifier).end
            self._add(node.identifier, DeclKind.GENVAR, span(start, end))

    # Types

    def _typedef(self, node: Node) -> None:
        is_long = node.type.kind in LONG_TYPES
        text = self._type_head(node.type) if is_long else self._places.text_of(node.type)
        dimensions = self._dimensions(node)
        index = self._add(
            node.name, DeclKind.TYPEDEF, self._places.span(node), type_text=text + dimensions
        )
        if index is not None:
            self._open.append((self._places.span(node).end, index))

    def _type_head(self, node: Node) -> str:
        """A struct, union or enum without its members: `enum logic [1:0]`, `struct packed`."""
        start = self._places.span(node).start
        return self._places.text(span(start, self._places.token(node.openBrace).start))

    def _struct_member(self, node: Node) -> None:
        is_nested = node.type.kind in STRUCTURES
        text = self._type_head(node.type) if is_nested else self._places.text_of(node.type)
        whole = self._places.span(node)
        first = len(self.decls)
        for declarator in nodes(node.declarators):
            self._declarator(declarator, DeclKind.STRUCT_MEMBER, whole, text)
        if is_nested and first < len(self.decls):
            self._open.append((whole.end, first))

    def _enum(self, node: Node) -> None:
        for member in nodes(node.members):
            self._declarator(member, DeclKind.ENUM_MEMBER, self._places.span(member), "")

    def _constraint(self, node: Node) -> None:
        self._add(node.name.getLastToken(), DeclKind.CONSTRAINT, self._places.span(node))

    # Blocks and assertions

    def _generate_block(self, node: Node) -> None:
        name = node.beginName or node.label
        if name is not None:
            self._add(name.name, DeclKind.GENERATE_BLOCK, self._places.span(node))

    def _block(self, node: Node) -> None:
        name = node.blockName or node.label
        if name is not None:
            self._add(name.name, DeclKind.BLOCK, self._places.span(node))

    def _assertion(self, node: Node) -> None:
        if node.label is not None:
            self._add(
                node.label.name,
                DeclKind.ASSERTION,
                self._places.span(node),
                type_text=node.keyword.valueText,
            )

    # Instances and imports

    def _instantiation(self, node: Node) -> None:
        """`definition #(parameters) name (ports), name (ports);` one use per name."""
        whole = self._places.span(node)
        token = definition_token(node)
        parameters = parameter_connections(node, self._places)
        for instance in nodes(node.instances):
            name = instance.decl.name if instance.decl is not None else None
            if name is None:
                continue  # gates may have no name (28.3.1)
            index = self._add(name, DeclKind.INSTANCE, whole, definition=token.valueText)
            if index is None:
                continue
            self.instances.append(
                InstanceUse(
                    name=self.decls[index].name,
                    definition=token.valueText,
                    name_span=self.decls[index].name_span,
                    definition_span=self._places.token(token),
                    span=whole,
                    decl=index,
                    parameters=parameters,
                    ports=port_connections(instance, self._places),
                )
            )

    def _import(self, node: Node) -> None:
        for item in nodes(node.items):
            where = self._places.span(item)
            names = item.package.valueText, item.item.valueText
            self.imports.append(PackageImport(*names, where, self._parent(where.start)))

    # Common parts

    def _declarator(
        self, node: Node, kind: DeclKind, whole: Span, type_text: str, direction: str = ""
    ) -> None:
        value = ""
        if node.initializer is not None:
            start = self._places.token(node.initializer.equals).end
            value = self._places.text(span(start, self._places.span(node).end))
        self._add(
            node.name,
            kind,
            whole,
            type_text=(type_text + self._dimensions(node)).strip(),
            direction=direction,
            value_text=value,
        )

    def _dimensions(self, node: Node) -> str:
        texts = [self._places.text_of(dimension) for dimension in node.dimensions]
        return " " + "".join(texts) if texts else ""

    def _add(
        self,
        token: parsing.Token,
        kind: DeclKind,
        whole: Span,
        *,
        type_text: str = "",
        direction: str = "",
        value_text: str = "",
        definition: str = "",
    ) -> int | None:
        """Index of the new Decl; None when it has no name."""
        name = token.valueText
        if not name or token.isMissing:
            return None
        where = self._places.token(token)
        whole = span(min(whole.start, where.start), max(whole.end, where.end))
        index = len(self.decls)
        parent = self._parent(where.start)
        self.decls.append(
            Decl(name, kind, where, whole, parent, type_text, direction, value_text, definition)
        )
        if kind in SCOPES:
            self._open.append((whole.end, index))
        return index

    def _parent(self, start: int) -> int | None:
        """The innermost open declaration that reaches beyond *start*."""
        while self._open and self._open[-1][0] <= start:
            self._open.pop()
        return self._open[-1][1] if self._open else None


def _skip(_node: object) -> ast.VisitAction:
    """Expressions are not entered."""
    return ast.VisitAction.Skip
