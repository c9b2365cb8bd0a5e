"""Removes the end of a candidate that repeats what already stands right of the cursor or below it.

Must not change the text of the file: what is there stays there.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import LINE_END, Candidate
from hdl_lsp.text.source import span

LINES_BELOW = 6
"""So many lines below the cursor are compared."""


def drop_suffix_overlap(candidate: Candidate) -> Candidate | None:
    """The candidate without what follows anyway; None when nothing else is left."""
    site = candidate.site
    text = candidate.text
    rest = site.line_suffix.strip()
    if rest:
        first = LINE_END.split(text)[0].rstrip()
        for length in range(len(rest), 0, -1):
            if first.endswith(rest[:length]):
                first = first[: len(first) - length].rstrip()
                break
        text = first
    below = _lines_below(candidate)
    lines = LINE_END.split(text)
    for index, line in enumerate(lines):
        if below and index > 0 and len(line.strip()) > 1 and line.strip() == below[0]:
            lines = lines[:index]
            break
    if below and len(lines) == 1 and site.is_fresh_line and lines[0].strip() == below[0]:
        return None
    kept = "\n".join(lines).rstrip()
    return candidate.with_text(kept) if kept.strip() else None


def _lines_below(candidate: Candidate) -> list[str]:
    """The next lines that are not empty, stripped."""
    text = candidate.site.text
    line = text.line_of(candidate.site.offset) + 1
    found: list[str] = []
    while line < text.line_count and len(found) < LINES_BELOW:
        words = text.slice(span(*_bounds(candidate, line))).strip()
        if words:
            found.append(words)
        line += 1
    return found


def _bounds(candidate: Candidate, line0: int) -> tuple[int, int]:
    where = candidate.site.text.line_span(line0)
    return where.start, where.end
