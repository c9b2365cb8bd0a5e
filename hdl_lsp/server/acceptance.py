"""What becomes of suggestions while a server runs: which were offered, shown, taken whole or in part.

Must not keep a suggestion's text, nor write anything unless the user switched `stats.enabled` on.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.llm.models_folder import cache_directory
from hdl_lsp.server import acceptance_store
from hdl_lsp.server.acceptance_store import ACCEPTED, OFFERED, PARTLY, SHOWN, Event

MOST_KEPT = 256
"""Suggestions of which something may still be heard."""


def stats_file() -> Path:
    """Where counts are kept; need not exist."""
    return cache_directory().parent / "stats" / "suggestions.sqlite"


@dataclass
class _Known:
    site: str
    origin: str
    length: int
    told: set[str]


class Acceptance:
    """Counts what happens to each suggestion, every kind of event once.

    *write* gets the events of one moment, in a thread; None: nothing is counted.
    """

    def __init__(self, write: Callable[[Sequence[Event]], None] | None = None) -> None:
        self._write = write
        self._numbers = itertools.count(1)
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._writing: set[asyncio.Future[None]] = set()

    @property
    def is_on(self) -> bool:
        """Something is counted."""
        return self._write is not None

    def switch(self, write: Callable[[Sequence[Event]], None] | None) -> None:
        """From now on counts go to *write*; None: nowhere."""
        self._write = write

    def offered(self, site: str, origin: str, text: str, *, is_first: bool) -> int:
        """The number of a suggestion that is being sent; only the first of a list counts as offered."""
        number = next(self._numbers)
        known = self._known[number] = _Known(site, origin, len(text), set())
        if len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        if is_first:
            self._tell(known, OFFERED, known.length)
        return number

    def shown(self, number: int) -> None:
        """The editor has drawn it."""
        known = self._known.get(number)
        if known is not None:
            self._tell(known, SHOWN, known.length)

    def accepted(self, number: int) -> None:
        """All of it was taken."""
        known = self._known.get(number)
        if known is not None:
            self._tell(known, ACCEPTED, known.length)

    def partly(self, number: int, characters: int) -> None:
        """Its first *characters* were taken."""
        known = self._known.get(number)
        if known is not None:
            self._tell(known, PARTLY, characters)

    async def close(self) -> None:
        """Waits until what was counted is written."""
        if self._writing:
            await asyncio.wait(set(self._writing))

    def _tell(self, known: _Known, event: str, characters: int) -> None:
        if self._write is None or event in known.told:
            return
        known.told.add(event)
        counted = Event(time.strftime("%Y-%m-%d"), known.site, known.origin, event, characters)
        loop = asyncio.get_running_loop()
        written = loop.run_in_executor(None, self._write, (counted,))
        self._writing.add(written)
        written.add_done_callback(self._writing.discard)


def write_to_disk(events: Sequence[Event]) -> None:
    """Adds *events* to the file of counts."""
    acceptance_store.add(stats_file(), events)
