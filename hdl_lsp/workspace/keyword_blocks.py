"""Blocks of a file, read once per text.

Must not read a text that is too big to be read between two keys.
"""

from __future__ import annotations

from hdl_lsp.syntax.blocks import Block, blocks
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

BIG_BYTES = 1_000_000
"""Reading the keywords of more takes over 50 ms."""


def keyword_blocks(snapshot: Snapshot, file: FileId) -> tuple[Block, ...]:
    """The blocks of *file*, inner ones first; none of a text of more than BIG_BYTES."""
    text = snapshot.text(file)
    if text is None or text.size_bytes > BIG_BYTES:
        return ()
    return snapshot.memo.remember(("blocks", text.digest), lambda: blocks(text))
