"""Pieces of syntax and scopes that the walk takes apart: dotted names, what an end label repeats, members.

Must not note anything.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from pyslang import ast, parsing, syntax


def found_in(scope: object, name: str) -> ast.Symbol | None:
    """The member of *scope* called *name*; None for what is no scope."""
    find = getattr(scope, "find", None)  # scopes share no class in the bindings
    found = find(name) if find is not None else None
    return found if isinstance(found, ast.Symbol) else None


def name_parts(node: syntax.SyntaxNode) -> list[parsing.Token]:
    """The name tokens of `a::b.c[1].d`, outermost first; [] for shapes with anything else inside."""
    if isinstance(node, syntax.ScopedNameSyntax):
        left, right = name_parts(node.left), name_parts(node.right)
        return left + right if left and right else []
    if isinstance(
        node,
        syntax.IdentifierNameSyntax | syntax.IdentifierSelectNameSyntax | syntax.ClassNameSyntax,
    ):
        return [node.identifier]
    return []


def opening_name(parent: syntax.SyntaxNode | None) -> parsing.Token | None:
    """The name that an end label of *parent* repeats."""
    match parent:
        case syntax.ModuleDeclarationSyntax():
            return parent.header.name
        case syntax.FunctionDeclarationSyntax():
            return parent.prototype.name.getLastToken()
        case syntax.BlockStatementSyntax():
            if parent.blockName is not None:
                return parent.blockName.name
            return parent.label.name if parent.label is not None else None
        case syntax.GenerateBlockSyntax():
            if parent.beginName is not None:
                return parent.beginName.name
            return parent.label.name if parent.label is not None else None
        case _:
            name = getattr(parent, "name", None)
            return name if isinstance(name, parsing.Token) else None
