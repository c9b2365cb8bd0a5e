"""How fast somebody types, and so how long to wait for the next key before a model is set to work.

Must not read a clock or wait itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

GAPS_KEPT = 20
PAUSE_S = 2.0
"""A longer gap is thinking, not typing."""

LEAST_GAPS = 4
FASTEST_S = 0.05
LONGEST_S = 0.25
"""Nobody waits longer for ghost text than this, on top of what the model takes."""

SHARE = 0.8
"""Of the usual gap: with it about one key in five still sets the model to work for nothing."""


@dataclass
class TypingRhythm:
    """The last gaps between keys, in seconds."""

    _last_s: float | None = None
    _gaps: deque[float] = field(default_factory=lambda: deque[float](maxlen=GAPS_KEPT))

    def key(self, now_s: float) -> None:
        """A document was changed at *now_s*, on a clock that never goes back."""
        if self._last_s is not None and now_s - self._last_s < PAUSE_S:
            self._gaps.append(now_s - self._last_s)
        self._last_s = now_s

    def wait_s(self, now_s: float) -> float:
        """Seconds from *now_s* in which another key is likely; 0 when nobody is typing, or not enough is known."""
        if self._last_s is None or len(self._gaps) < LEAST_GAPS:
            return 0.0
        usual = sorted(self._gaps)[len(self._gaps) // 2]
        wait = min(max(SHARE * usual, FASTEST_S), LONGEST_S)
        return max(0.0, wait - (now_s - self._last_s))
