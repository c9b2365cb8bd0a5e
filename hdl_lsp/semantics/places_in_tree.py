"""Whether a node of slang's tree lies at some place of the main text.

Must not walk the tree.
"""

# pyslang's stubs never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from pyslang import syntax

from hdl_lsp.semantics.tree_cache import ParsedText
from hdl_lsp.text.source import Span


def overlaps(main: ParsedText, node: syntax.SyntaxNode, window: Span) -> bool:
    """*node* has characters in *window*; true also where it begins or ends in a macro, and may have."""
    where = node.sourceRange
    if where.start.buffer.id != main.buffer_id or where.end.buffer.id != main.buffer_id:
        return True
    return where.start.offset < window.end and window.start < where.end.offset
