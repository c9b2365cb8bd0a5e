"""Regions of a file that an editor can fold away.

Must not know the grammar: syntax.folds finds the spans, this makes lines of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.syntax.folds import FoldKind, folds
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_KINDS = {FoldKind.CODE: "", FoldKind.COMMENT: "comment", FoldKind.REGION: "region"}
"""Names of LSP 3.18's FoldingRangeKind; code has none."""


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines *start_line0* (stays visible) to *end_line0*, 0-based; kind is "comment", "region", or "" for code."""

    start_line0: int
    end_line0: int
    kind: str


def folding(snapshot: Snapshot, file: FileId) -> tuple[Fold, ...]:
    """What can be folded in *file*, in order; regions of one line are left out, of equal ones the first stays."""
    text = snapshot.text(file)
    if text is None:
        return ()
    found: dict[tuple[int, int], Fold] = {}
    for fold in folds(snapshot.syntax(file)):
        start, end = text.line_of(fold.span.start), text.line_of(fold.span.end)
        if start < end:
            found.setdefault((start, end), Fold(start, end, _KINDS[fold.kind]))
    return tuple(found[lines] for lines in sorted(found))
