"""Cuts a candidate where it starts to repeat itself or the lines just above the cursor.

Must not forbid patterns: `assign a[1] = b[1];` after `assign a[0] = b[0];` differs and stays. A line that assigns
what the line before it assigned is a weak model running on, and is cut.
"""

from __future__ import annotations

import re

from hdl_lsp.postprocess.candidate import Candidate

LINES_ABOVE = 3
_SHORT = 4
"""Lines of so few characters (`end`, `);`) may stand more than once."""
_TARGET = re.compile(r"\s*(?P<target>[^=<>!]*?)\s*<?=(?![=>])")
"""What stands left of an assignment, with `assign` or a case label before it."""


def trim_repetition(candidate: Candidate) -> Candidate | None:
    """The candidate up to the first whole line that was said before; None when nothing is left."""
    site = candidate.site
    line = site.text.line_of(site.offset)
    above = {site.text.line_text(n).strip() for n in range(max(0, line - LINES_ABOVE), line)}
    kept: list[str] = []
    seen: set[str] = set()
    target = ""
    for index, words in enumerate(candidate.lines()):
        whole = (site.line_prefix + words if index == 0 else words).strip()
        if len(whole) > _SHORT and (whole in seen or whole in above):
            break
        before, target = target, _target(whole)
        if target and target == before:
            break
        seen.add(whole)
        kept.append(words)
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None


def _target(line: str) -> str:
    """What *line* assigns, "" for a line that assigns nothing."""
    match = _TARGET.match(line)
    target = " ".join(match["target"].split()) if match else ""
    return "" if target.count("(") > target.count(")") else target  # a condition, not a target
