"""When a stream of text is over: stop strings, the end of the line, a model that repeats itself.

Must not know tokens or engines; pure.
"""

from __future__ import annotations

from collections.abc import Sequence

LOOP_WINDOW_CHARS = 600  # how far back repetition is looked for
LOOP_MIN_CHARS = 48  # a loop shorter than this may be a banner or a table
LOOP_MIN_REPEATS = 4
LOOP_MAX_PERIOD = LOOP_WINDOW_CHARS // LOOP_MIN_REPEATS


class StopScanner:
    """Releases text that is certainly before any stop; holds back what may be the start of one."""

    def __init__(self, stop: Sequence[str], *, single_line: bool) -> None:
        self._stops = tuple(text for text in (*stop, *(("\n",) if single_line else ())) if text)
        self._held = ""
        self._released = ""
        self.is_stopped = False

    @property
    def text(self) -> str:
        """Everything released so far."""
        return self._released

    def push(self, piece: str) -> str:
        """The text that *piece* makes certain; "" when stopped."""
        if self.is_stopped:
            return ""
        pending = self._held + piece
        ends = [at for stop in self._stops if (at := pending.find(stop)) >= 0]
        if ends:
            self.is_stopped = True
            self._held = ""
            return self._release(pending[: min(ends)])
        keep = max((_open_length(pending, stop) for stop in self._stops), default=0)
        self._held = pending[len(pending) - keep :]
        released = self._release(pending[: len(pending) - keep])
        if loop_period(self._released) is not None:
            self.is_stopped = True
            self._held = ""
        return released

    def finish(self) -> str:
        """What was held back, when the stream ends without a stop."""
        held, self._held = self._held, ""
        return "" if self.is_stopped else self._release(held)

    def _release(self, text: str) -> str:
        """Records and returns *text*."""
        self._released += text
        return text


def is_whole(text: str, line: str = "") -> bool:
    """*text*, which follows *line*, has a whole line or ends with a statement: more is welcome but not needed."""
    if "\n" in text.lstrip():
        return True
    if not text.rstrip().endswith(";"):
        return False
    written = line + text
    return all(written.count(begin) <= written.count(end) for begin, end in ("()", "[]", "{}"))


def _open_length(text: str, stop: str) -> int:
    """Length of the longest end of *text* that is a proper start of *stop*."""
    for length in range(min(len(stop) - 1, len(text)), 0, -1):
        if text.endswith(stop[:length]):
            return length
    return 0


def loop_period(text: str) -> int | None:
    """Characters after which the end of *text* repeats itself, or None.

    A loop is the same piece at least LOOP_MIN_REPEATS times and LOOP_MIN_CHARS long in all, and says something:
    runs of blanks or of one character (banners) are not loops.
    """
    tail = text[-LOOP_WINDOW_CHARS:]
    for period in range(2, min(LOOP_MAX_PERIOD, len(tail) // LOOP_MIN_REPEATS) + 1):
        length = max(period * LOOP_MIN_REPEATS, -(-LOOP_MIN_CHARS // period) * period)
        if length > len(tail):
            continue
        piece = tail[-period:]
        if tail[-length:] == piece * (length // period) and len(set(piece.strip())) > 1:
            return period
    return None
