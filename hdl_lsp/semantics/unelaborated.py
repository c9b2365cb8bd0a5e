"""Ports, parameters and modports of a module or interface that was not elaborated here, from its syntax.

An instance in a generate branch that isn't taken has no body in slang's eyes, yet its connections name ports.
Must not evaluate anything.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from pyslang import parsing, syntax

from hdl_lsp.semantics.facts import SymbolFact
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import span

DIRECTIONS = frozenset({"input", "output", "inout", "ref"})


def header_names(node: syntax.SyntaxNode, locations: Locations) -> dict[str, SymbolFact]:
    """Name to port, parameter or modport, types as written; empty for non-ANSI headers and for what is no module."""
    if not isinstance(node, syntax.ModuleDeclarationSyntax):
        return {}
    header = node.header
    module = header.name.valueText
    found: dict[str, SymbolFact] = {}

    def add(token: parsing.Token, kind: DeclKind, type_text: str, direction: str = "") -> None:
        buffer, offset, is_verbatim = locations.written(token.location)
        name = token.valueText
        path = locations.path(buffer) if is_verbatim else None
        where = span(offset, offset + len(name.encode())) if path is not None else span(0, 0)
        found[name] = SymbolFact(
            name, kind.value, path, where, type_text, direction=direction, container=module
        )

    if header.parameters is not None:
        for declaration in header.parameters.declarations:
            if isinstance(declaration, syntax.ParameterDeclarationSyntax):
                for declarator in declaration.declarators:
                    if isinstance(declarator, syntax.DeclaratorSyntax):
                        add(declarator.name, DeclKind.PARAMETER, _squeezed(declaration.type))
            elif isinstance(declaration, syntax.TypeParameterDeclarationSyntax):
                for assignment in declaration.declarators:
                    if isinstance(assignment, syntax.TypeAssignmentSyntax):
                        add(assignment.name, DeclKind.PARAMETER, "type")
    if isinstance(header.ports, syntax.AnsiPortListSyntax):
        direction, type_text = "", ""
        for port in header.ports.ports:
            if isinstance(port, syntax.ImplicitAnsiPortSyntax):
                words = _squeezed(port.header).partition(" ")
                if words[0] in DIRECTIONS:
                    direction, type_text = words[0], words[2]
                elif words[0]:
                    type_text = _squeezed(port.header)
                add(port.declarator.name, DeclKind.PORT, type_text, direction)
    for member in node.members:
        if isinstance(member, syntax.ModportDeclarationSyntax):
            for item in member.items:
                if isinstance(item, syntax.ModportItemSyntax):
                    add(item.name, DeclKind.MODPORT, "")
    return found


def _squeezed(node: syntax.SyntaxNode) -> str:
    """The node's tokens with single spaces, comments left out."""
    words: list[str] = []

    def visit(part: object) -> None:
        if isinstance(part, parsing.Token) and part.rawText:
            glued = not part.trivia and bool(words)
            words.append(part.rawText if glued or not words else " " + part.rawText)

    node.visit(visit)
    return "".join(words).strip()
