"""Hints at the end of long named blocks: which block ends here.

Must not repeat a label that is written there (IEEE 1800-2023 9.3.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.features.inlay_hints.hint import HintKind, InlayHint
from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

FEWEST_LINES = 12
"""A shorter block is seen from its beginning to its end."""

_BLOCKS = (
    DESIGN_UNITS
    | {DeclKind.CLASS, DeclKind.FUNCTION, DeclKind.TASK, DeclKind.COVERGROUP, DeclKind.CLOCKING}
    | {DeclKind.GENERATE_BLOCK, DeclKind.BLOCK, DeclKind.PROPERTY, DeclKind.SEQUENCE}
)
_BARE_END = re.compile(rb"\b(?:end[a-z]*|join[a-z_]*)\s*$")
_LONGEST_END = 40  # bytes; `end` words are shorter


def block_end_hints(snapshot: Snapshot, file: FileId, within: Span) -> Iterator[InlayHint]:
    """`: name` after the `end` of every long named block that ends in *within* without a label."""
    text = snapshot.text(file)
    if text is None or not snapshot.config.hints.block_ends:
        return
    for decl in snapshot.summary(file).decls:
        end = decl.span.end
        if not decl.name or decl.kind not in _BLOCKS or not within.start <= end <= within.end:
            continue
        if _is_long(text, decl.span) and _BARE_END.search(
            text.data[max(decl.span.start, end - _LONGEST_END) : end]
        ):
            first = text.line_text(text.line_of(decl.span.start)).strip()
            yield InlayHint(end, f": {decl.name}", HintKind.TYPE, tooltip=first)


def _is_long(text: SourceText, where: Span) -> bool:
    return text.line_of(where.end) - text.line_of(where.start) >= FEWEST_LINES
