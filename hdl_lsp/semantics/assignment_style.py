"""Blocking assignments in an always_ff and non-blocking ones in an always_comb: slang says nothing of them.

For the analysis process only. Looks at one stretch of the text, not at the whole tree.
"""

# pyslang's stubs never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Callable

from pyslang import ast, syntax

from hdl_lsp.semantics.places_in_tree import overlaps
from hdl_lsp.semantics.tree_cache import ParsedText
from hdl_lsp.text.source import Span

_MESSAGES = {
    (
        syntax.SyntaxKind.AlwaysFFBlock,
        syntax.SyntaxKind.AssignmentExpression,
    ): "blocking assignment in an always_ff",
    (
        syntax.SyntaxKind.AlwaysCombBlock,
        syntax.SyntaxKind.NonblockingAssignmentExpression,
    ): "non-blocking assignment in an always_comb",
}


def odd_assignments(main: ParsedText, window: Span) -> dict[int, str]:
    """Offset and description of each odd assignment that overlaps *window*."""
    found: dict[int, str] = {}

    def inside(block: syntax.SyntaxKind) -> Callable[[object], ast.VisitAction | None]:
        def look(node: object) -> ast.VisitAction | None:
            if not isinstance(node, syntax.SyntaxNode) or not overlaps(main, node, window):
                return ast.VisitAction.Skip
            if isinstance(node, syntax.ExpressionStatementSyntax):
                message = _MESSAGES.get((block, node.expr.kind))
                if message is not None:
                    found[node.sourceRange.start.offset] = message
            return None

        return look

    def outside(node: object) -> ast.VisitAction | None:
        if not isinstance(node, syntax.SyntaxNode) or not overlaps(main, node, window):
            return ast.VisitAction.Skip
        if isinstance(node, syntax.ProceduralBlockSyntax):
            node.statement.visit(inside(node.kind))
            return ast.VisitAction.Skip
        return None

    main.tree.root.visit(outside)
    return found
