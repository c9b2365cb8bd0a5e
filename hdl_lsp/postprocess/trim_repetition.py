"""Cuts a candidate where it starts to repeat itself or the lines just above the cursor.

Must not forbid patterns: `assign a[1] = b[1];` after `assign a[0] = b[0];` differs and stays.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.text.source import span

LINES_ABOVE = 3
_SHORT = 4
"""Lines of so few characters (`end`, `);`) may stand more than once."""


def trim_repetition(candidate: Candidate) -> Candidate | None:
    """The candidate up to the first whole line that was said before; None when nothing is left."""
    site = candidate.site
    line = site.text.line_of(site.offset)
    above = {
        site.text.slice(span(site.text.line_span(n).start, site.text.line_span(n).end)).strip()
        for n in range(max(0, line - LINES_ABOVE), line)
    }
    kept: list[str] = []
    seen: set[str] = set()
    for index, words in enumerate(candidate.lines()):
        whole = (site.line_prefix + words if index == 0 else words).strip()
        if len(whole) > _SHORT and (whole in seen or whole in above):
            break
        seen.add(whole)
        kept.append(words)
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None
