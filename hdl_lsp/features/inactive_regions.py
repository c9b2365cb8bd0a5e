"""The branches of `ifdef and its like that are not compiled, with the defines of the project.

Must not guess: without facts of exactly this text nothing is said.
"""

from __future__ import annotations

from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot


def inactive_regions(snapshot: Snapshot, file: FileId) -> tuple[Span, ...] | None:
    """Dead code of *file* without the directives and blanks around it, in order; None while that is not known."""
    facts, text = snapshot.fresh_facts(file), snapshot.text(file)
    if facts is None or text is None or facts.failure:
        return None
    regions: list[Span] = []
    for where in facts.inactive:
        code = text.data[where.start : where.end]
        start = where.start + len(code) - len(code.lstrip())
        regions.append(span(start, where.start + len(code.rstrip())))
    return tuple(region for region in regions if region.length)
