"""Samples of a measurement, and a row of the benchmark table.

Must not measure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `samples` in `unit`; `limit` None: the row is shown and not judged.

    `quantile` is the one that is compared with the limit; 1.0 means the largest sample.
    """

    what: str
    bar: str
    samples: tuple[float, ...]
    unit: str = "ms"
    limit: float | None = None
    quantile: float = 0.95
    note: str = ""

    @property
    def judged(self) -> float:
        """The value that is compared with the limit."""
        return quantile(self.samples, self.quantile)

    @property
    def is_met(self) -> bool | None:
        """The bar is reached; None when there is none, False without samples."""
        if self.limit is None:
            return None
        return bool(self.samples) and self.judged <= self.limit

    @property
    def measured(self) -> str:
        """Median and the judged quantile, as the table shows them."""
        if not self.samples:
            return "no samples"
        if len(self.samples) == 1:
            return f"{shown(self.samples[0])} {self.unit}".strip()
        name = "largest" if self.quantile >= 1 else f"p{self.quantile * 100:g}"
        median = quantile(self.samples, 0.5)
        return f"median {shown(median)}, {name} {shown(self.judged)} {self.unit}".strip()


def quantile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least *share* of all samples do not exceed (nearest rank); nan without samples."""
    if not samples:
        return math.nan
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def shown(value: float) -> str:
    """Three figures at most."""
    if value >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
