"""How many threads read a prompt: as many as pay off right now, found by measuring.

Must not call llama.cpp. On an idle machine all cores read a prompt almost twice as fast; on a busy one more
threads wait for each other and are slower than one. So both are tried, the better one is kept, and the other
is tried again now and then.
"""

from __future__ import annotations

LEAST_TOKENS = 64
"""A shorter piece says nothing about speed."""

TRY_AGAIN_EVERY = 12
"""Pieces between two trials of the slower choice."""

FRESH = 0.5
"""Weight of the newest measurement."""


class PrefillThreads:
    """The choice between *few* and *many* threads. Invariant: `speeds` holds tokens/s of what was tried."""

    def __init__(self, few: int, many: int) -> None:
        """*many* below or equal to *few* leaves no choice."""
        self.choices = (few,) if many <= few else (many, few)
        self._speeds: dict[int, float] = {}
        self._pieces = 0

    def next(self, tokens: int) -> int:
        """Threads for a piece of *tokens* tokens."""
        if tokens < LEAST_TOKENS:
            return self.choices[-1]
        for choice in self.choices:
            if choice not in self._speeds:
                return choice
        ranked = sorted(self.choices, key=lambda choice: -self._speeds[choice])
        is_trial = self._pieces % TRY_AGAIN_EVERY == TRY_AGAIN_EVERY - 1
        return ranked[-1] if is_trial else ranked[0]

    def measured(self, threads: int, tokens: int, seconds: float) -> None:
        """A piece of *tokens* took *seconds* with *threads*."""
        if tokens < LEAST_TOKENS or seconds <= 0:
            return
        self._pieces += 1
        speed = tokens / seconds
        old = self._speeds.get(threads, speed)
        self._speeds[threads] = FRESH * speed + (1 - FRESH) * old
