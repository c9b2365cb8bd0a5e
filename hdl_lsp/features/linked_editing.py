"""Names that are written twice, at the beginning of a block and at its end: edited together.

Must not link what is not the same word already: then one of the two is wrong, and nobody knows which.
"""

from __future__ import annotations

from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.keyword_blocks import keyword_blocks
from hdl_lsp.workspace.snapshot import Snapshot


def linked_editing(snapshot: Snapshot, file: FileId, offset: int) -> tuple[Span, ...]:
    """The name at *offset* at both ends of its block, in order; () where it stands once or is no such name."""
    text = snapshot.text(file)
    if text is None:
        return ()
    for block in keyword_blocks(snapshot, file):
        first, last = block.name, block.end_name
        if first is None or last is None or not (first.contains(offset) or last.contains(offset)):
            continue
        name = text.slice(first)
        return (first, last) if name == text.slice(last) and name not in KEYWORDS else ()
    return ()
