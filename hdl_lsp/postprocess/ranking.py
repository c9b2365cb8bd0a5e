"""The order of several suggestions for one place.

Must not drop any but duplicates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that passed. `logprob`: mean natural log probability of its tokens; None where nobody knows."""

    candidate: Candidate
    verdict: Verdict
    logprob: float | None = None


def ranked(found: Iterable[Judged]) -> tuple[Judged, ...]:
    """*found* without what says the same with other white space, those that slang warns of last."""
    distinct: dict[str, Judged] = {}
    for one in found:
        distinct.setdefault("".join(one.candidate.text.split()), one)
    return tuple(sorted(distinct.values(), key=lambda one: bool(one.verdict.warnings)))
