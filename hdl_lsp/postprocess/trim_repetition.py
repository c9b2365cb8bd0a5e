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
_NUMBER = re.compile(r"\d+")


def trim_repetition(candidate: Candidate) -> Candidate | None:
    """The candidate up to the first whole line that was said before; None when nothing is left."""
    site = candidate.site
    line = site.text.line_of(site.offset)
    near = [site.text.line_text(n) for n in range(max(0, line - LINES_ABOVE), line)]
    above = {"".join(each.split()) for each in near}
    ports = {subject(each) for each in near if subject(each).startswith(".")}
    kept: list[str] = []
    seen: set[str] = set()
    what = shape = ""
    series = 1
    for index, words in enumerate(candidate.lines()):
        line_of_code = site.line_prefix + words if index == 0 else words
        whole = "".join(line_of_code.split())
        is_own = len(whole) > _SHORT and not _FRAME.match(line_of_code)
        if is_own and (whole in seen or whole in above):
            break
        before, what = what, subject(line_of_code)
        if (what and what == before) or what in ports:
            break
        last, shape = shape, _NUMBER.sub("0", whole)
        series = series + 1 if shape == last else 1
        if is_own and series > LONGEST_SERIES:
            break
        seen.add(whole)
        kept.append(words)
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None
