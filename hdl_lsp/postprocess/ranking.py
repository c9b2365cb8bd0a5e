"""The order of several suggestions for one place: what slang warns of last, then the likelier, the more alike.

Must not drop any but duplicates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Verdict
from hdl_lsp.postprocess.tokens import tokens
from hdl_lsp.text.source import span

LIKENESS_WEIGHT = 1.0
"""A suggestion made only of pairs of words that stand nearby counts as one e times as likely, token by token."""

NEAR_BYTES = 6_000
"""So much text on either side of the cursor is the file's own way of writing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that passed. `logprob`: mean natural log probability of its tokens; None where nobody knows."""

    candidate: Candidate
    verdict: Verdict
    logprob: float | None = None


def ranked(found: Iterable[Judged]) -> tuple[Judged, ...]:
    """*found* without what says the same with other white space, best first."""
    distinct: dict[str, Judged] = {}
    for one in found:
        distinct.setdefault(words_of(one.candidate.text), one)
    if len(distinct) < 2:
        return tuple(distinct.values())
    near = _pairs_around(next(iter(distinct.values())).candidate)
    return tuple(sorted(distinct.values(), key=lambda one: _key(one, near)))


def words_of(text: str) -> str:
    """*text* without white space: what makes two suggestions the same one."""
    return "".join(text.split())


def _key(one: Judged, near: frozenset[tuple[str, str]]) -> tuple[bool, float]:
    pairs = _pairs(one.candidate.text)
    likeness = len(pairs & near) / len(pairs) if pairs else 0.0
    return bool(one.verdict.warnings), -((one.logprob or 0.0) + LIKENESS_WEIGHT * likeness)


def _pairs_around(candidate: Candidate) -> frozenset[tuple[str, str]]:
    site = candidate.site
    low = max(0, site.offset - NEAR_BYTES)
    high = min(site.text.size_bytes, site.offset + NEAR_BYTES)
    before = site.text.slice(span(low, site.offset))
    return _pairs(before) | _pairs(site.text.slice(span(site.offset, high)))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """Neighbouring tokens of *text*, comments left out."""
    return frozenset(pairwise(token.text for token in tokens(text) if token.kind != "comment"))
