"""Names in an insertion that nothing declares, where slang says nothing: it takes them for names of a missing package.

For the analysis process only. Looks at one stretch of the text, not at the whole tree.
"""

# pyslang's stubs never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import re
from collections.abc import Iterable

from pyslang import ast, syntax

from hdl_lsp.semantics.places_in_tree import overlaps
from hdl_lsp.semantics.tree_cache import ParsedText
from hdl_lsp.text.source import Span, encode


def doubtful_names(
    main: ParsedText, inserted: Span, context: Iterable[ParsedText]
) -> dict[int, str]:
    """Offset and name of each name used in *inserted* that stands nowhere else: not in the file, nor in *context*."""
    used: dict[int, str] = {}
    declared: set[str] = set()

    def look(node: object) -> ast.VisitAction | None:
        if not isinstance(node, syntax.SyntaxNode) or not overlaps(main, node, inserted):
            return ast.VisitAction.Skip
        if isinstance(node, syntax.IdentifierNameSyntax | syntax.IdentifierSelectNameSyntax):
            start = node.identifier.location.offset
            if inserted.contains(start):
                used.setdefault(start, node.identifier.valueText)
        elif isinstance(node, syntax.DeclaratorSyntax):
            declared.add(node.name.valueText)
        return None

    main.tree.root.visit(look)
    data = main.text.data
    elsewhere = [data[: inserted.start] + b"\n" + data[inserted.end :]]
    elsewhere += [one.text.data for one in context]
    return {
        start: name
        for start, name in used.items()
        if name and name not in declared and not any(_has(text, name) for text in elsewhere)
    }


def _has(text: bytes, name: str) -> bool:
    word = encode(name)
    return (
        word in text
        and re.search(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", text) is not None
    )
