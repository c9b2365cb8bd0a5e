"""How long requests took, per method, for `hdl/serverStatus` and the debug log.

Must not keep more than a bounded number of times.
"""

from __future__ import annotations

from collections import deque

KEPT = 200  # newest times kept per method


class RequestTimes:
    """Counts and newest times of answered requests."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._newest_ms: dict[str, deque[float]] = {}

    def add(self, method: str, ms: float) -> None:
        """One answered request."""
        self._counts[method] = self._counts.get(method, 0) + 1
        self._newest_ms.setdefault(method, deque(maxlen=KEPT)).append(ms)

    def report(self) -> dict[str, dict[str, float]]:
        """Per method: requests in all, median and 95th percentile of the newest, in milliseconds."""
        found: dict[str, dict[str, float]] = {}
        for method, times in self._newest_ms.items():
            ordered = sorted(times)
            found[method] = {
                "count": self._counts[method],
                "p50Ms": round(ordered[len(ordered) // 2], 2),
                "p95Ms": round(ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)], 2),
            }
        return found
