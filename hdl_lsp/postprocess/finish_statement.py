"""Cuts a candidate that the model did not finish back to its last whole line.

Must not invent text: a candidate without a single whole line on more lines is dropped, a single line is kept
only up to its last whole token.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens


def finish_statement(candidate: Candidate) -> Candidate | None:
    """The candidate without the line, or the token, that was cut off."""
    if candidate.is_complete or candidate.text.rstrip().endswith(";"):
        return candidate  # nothing of a semicolon can be missing
    lines = candidate.lines()
    if len(lines) > 1:
        text = "\n".join(lines[:-1]).rstrip()
    else:
        words = list(tokens(candidate.text))
        text = candidate.text[: words[-1].start].rstrip() if len(words) > 1 else ""
    return candidate.with_text(text) if text.strip() else None
