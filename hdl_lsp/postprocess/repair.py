"""The longest beginning of a candidate that slang lets pass.

Must not decide what passes: gate.py does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess import gate
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Checker, Verdict
from hdl_lsp.postprocess.tokens import tokens

MOST_CHECKS = 6
"""A candidate is shortened and compiled again at most so often."""

_WHOLE_AFTER = frozenset({";", ",", "begin", "end", "endcase", "else", ":", "(", "[", "{"})
_MAY_END = frozenset({")", "]", "}", "'"})


async def repaired(candidate: Candidate, check: Checker) -> tuple[Candidate, Verdict] | None:
    """The longest form of *candidate* that is whole and passes, with its verdict; None if there is none."""
    for attempt in itertools.islice(_attempts(candidate), MOST_CHECKS):
        whole = balance_blocks(attempt)
        if whole is None:
            continue
        found = await gate.verdicts((whole,), check)
        if found is None:
            return None
        if found[0].passes:
            return whole, found[0]
    return None


def _attempts(candidate: Candidate) -> Iterator[Candidate]:
    """Texts that may pass, best first: the candidate, it ended by a semicolon, it without its last line, ..."""
    lines = candidate.lines()
    for count in range(len(lines), 0, -1):
        text = "\n".join(lines[:count]).rstrip()
        if not text.strip():
            continue
        shorter = candidate if count == len(lines) else candidate.with_text(text)
        yield shorter
        ended = _ended(shorter)
        if ended is not None:
            yield ended


def _ended(candidate: Candidate) -> Candidate | None:
    """The candidate with operators at its end cut off and a semicolon put there; None where none belongs."""
    if candidate.site.extent is not Extent.LINES:
        return None
    words = [token for token in tokens(candidate.text) if token.kind != "comment"]
    if not words or words[-1].text in _WHOLE_AFTER:
        return None
    while words and words[-1].kind == "mark" and words[-1].text not in _MAY_END:
        words.pop()
    return candidate.with_text(candidate.text[: words[-1].end] + ";") if words else None
