"""Drops a candidate that says nothing: blanks, or only signs on a line of their own.

Must not drop what ends a line that the user began: `);` is worth a key there.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens

_ENDING = frozenset(";)]}")


def drop_empty(candidate: Candidate) -> Candidate | None:
    """The candidate, unless it is empty."""
    found = list(tokens(candidate.text))
    if not found:
        return None
    if any(token.kind != "mark" for token in found):
        return candidate
    is_end = not candidate.site.is_fresh_line and any(token.text in _ENDING for token in found)
    is_series_end = candidate.site.is_fresh_line and candidate.text.lstrip()[:1] in ")}"
    return candidate if is_end or is_series_end else None
