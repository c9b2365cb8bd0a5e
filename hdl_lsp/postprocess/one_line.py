"""Keeps a candidate to the cursor's line where only the rest of that line may be written.

Must not cut a candidate at the end of a line: there more lines are welcome.
"""

from __future__ import annotations

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess.candidate import Candidate


def one_line(candidate: Candidate) -> Candidate | None:
    """The first line of the candidate at a REST_OF_LINE site, else the candidate without leading empty lines."""
    if candidate.site.extent is Extent.REST_OF_LINE:
        first = candidate.lines()[0]
        return candidate.with_text(first) if first.strip() else None
    if candidate.site.is_fresh_line:
        text = candidate.text.lstrip("\r\n")
        return candidate.with_text(text) if text.strip() else None
    return candidate if candidate.text.strip() else None
