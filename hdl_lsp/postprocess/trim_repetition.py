"""Cuts a candidate where it starts to repeat itself or the lines just above the cursor, or to count without end.

Must not forbid patterns: `assign a[1] = b[1];` after `assign a[0] = b[0];` differs and stays. A line that assigns
what the line before it assigned is a weak model running on, and is cut.
"""

from __future__ import annotations

import re

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.subject import subject

LINES_ABOVE = 3

LONGEST_SERIES = 4
"""So many lines in a row that differ in their numbers only; nobody told the model where a longer series ends."""

_SHORT = 4
"""Lines of so few characters (`end`, `);`) may stand more than once."""
_FRAME = re.compile(
    r"\s*(?:end\b|else\b|.*\bbegin\s*(?::\s*\w+\s*)?$|.*\bendcase\b|default\s*:|[)\]}])"
)
"""Lines that hold blocks together may stand more than once."""
_HEADER = re.compile(r"\bbegin\s*(?::\s*\w+\s*)?(?://.*)?$")
_NUMBER = re.compile(r"\d+")


def trim_repetition(candidate: Candidate) -> Candidate | None:
    """The candidate up to the first whole line that was said before; None when nothing is left.

    What a block holds may be held by the next one too, if that begins otherwise. A block of which nothing would be
    left but its beginning is left out.
    """
    site = candidate.site
    kept: list[str] = []
    headers: set[str] = set()
    seen = _above(candidate)
    what = shape = ""
    series = 1
    for index, line in enumerate(candidate.lines()):
        whole = site.line_prefix + line if index == 0 else line
        words = "".join(whole.split())
        is_own = len(words) > _SHORT and not _FRAME.match(whole)
        before, what = what, subject(whole)
        last, shape = shape, _NUMBER.sub("0", words)
        series = series + 1 if shape == last else 1
        is_over = (words in seen or series > LONGEST_SERIES) if is_own else False
        if is_over or (what and what == before):
            while len(kept) > 1 and _HEADER.search(kept[-1]):
                kept.pop()
            break
        if index == 0:
            seen = set[str]()
        if _HEADER.search(whole) and words not in headers:
            headers.add(words)
            seen = set[str]()
        seen.add(words)
        kept.append(line)
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None


def _above(candidate: Candidate) -> set[str]:
    """The lines right above the cursor's, without blanks: how a candidate must not begin."""
    text = candidate.site.text
    line = text.line_of(candidate.site.offset)
    return {"".join(text.line_text(n).split()) for n in range(max(0, line - LINES_ABOVE), line)}
