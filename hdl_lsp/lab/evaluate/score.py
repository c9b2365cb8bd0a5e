"""What an evaluation found: counts by class, the mismatches themselves, and the bars.

Must not ask or judge anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KEPT_MISMATCHES = 100_000
"""Enough for every mismatch of a design that is worth reading."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One answer that is not what slang says."""

    question: str  # "definition", "hover", "references"
    category: str  # what kind of name was asked for
    verdict: str  # "wrong", "none", "raised", ...
    place: str  # FILE:LINE:COL
    name: str
    wanted: str
    got: str


@dataclass(slots=True)
class Tally:
    """Answers to one question, by category: how many were right, and how many of what else."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])

    def add(self, category: str, verdict: str, count: int = 1) -> None:
        """Counts an answer."""
        self.verdicts.setdefault(category, Counter())[verdict] += count

    @property
    def asked(self) -> int:
        """All answers."""
        return sum(sum(counts.values()) for counts in self.verdicts.values())

    def count(self, verdict: str) -> int:
        """Answers of one verdict."""
        return sum(counts[verdict] for counts in self.verdicts.values())

    @property
    def share(self) -> float:
        """Share of right answers; 1 when nothing was asked."""
        return self.count("right") / self.asked if self.asked else 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table. `is_met` None: the line is shown and not judged."""

    what: str
    bar: str
    measured: str
    is_met: bool | None = None
    note: str = ""


def percent(part: int, whole: int) -> str:
    """`99.53 % (1,200 of 1,206)`; never rounded up to 100."""
    if not whole:
        return "nothing asked"
    value = 100 * part / whole
    shown = f"{value:.2f}"
    if part < whole and shown == "100.00":
        shown = "99.99"
    return f"{shown} % ({part:,} of {whole:,})"
