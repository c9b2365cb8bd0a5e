"""Where a node of slang's syntax is written in the main file, or that it is not.

Must not decide what a node is good for.
"""

# pyslang's stubs name C++ spans that nobody defines.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from dataclasses import dataclass

from pyslang import syntax

from hdl_lsp.semantics.truth.file_record import Range


@dataclass(frozen=True, slots=True)
class Ranges:
    """The buffer of the main file, and its bytes."""

    buffer_id: int
    data: bytes

    def of(self, node: syntax.SyntaxNode) -> Range | None:
        """First byte and end of *node*; None when any end of it is in a macro or another file."""
        where = node.sourceRange
        start, end = where.start, where.end
        if start.buffer.id != self.buffer_id or end.buffer.id != self.buffer_id:
            return None
        if not 0 <= start.offset < end.offset <= len(self.data):
            return None
        return start.offset, end.offset

    def text(self, node: syntax.SyntaxNode) -> str:
        """*node* as it is written, without what stands before it; "" where `of` has no answer."""
        where = self.of(node)
        return self.data[where[0] : where[1]].decode("utf-8", "replace") if where else ""
