"""Whose turn it is: one generation at a time, newest wins per document, ghost text before words.

Must not run anything and knows no clock or thread; whoever runs jobs asks here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from hdl_lsp.llm.engine import Lane


@dataclass(frozen=True, slots=True)
class Ticket:
    """A generation that waits or runs."""

    id: int
    lane: Lane
    document: str  # "": never superseded


class JobQueue:
    """Waiting and running tickets. Invariant: at most one waits or runs per document in the INLINE lane."""

    def __init__(self) -> None:
        self._waiting: dict[Lane, deque[Ticket]] = {lane: deque() for lane in Lane}
        self._running: Ticket | None = None

    @property
    def running(self) -> Ticket | None:
        """The ticket that was taken last and not put back or finished."""
        return self._running

    def submit(self, ticket: Ticket) -> tuple[int, ...]:
        """Queues *ticket*; ids of those it supersedes: gone from the queue, or running and to be cancelled."""
        superseded: list[int] = []
        if ticket.lane is Lane.INLINE and ticket.document:
            waiting = self._waiting[Lane.INLINE]
            superseded = [old.id for old in waiting if old.document == ticket.document]
            for old_id in superseded:
                self.remove(old_id)
            if self._running is not None and _same_document(self._running, ticket):
                superseded.append(self._running.id)
        self._waiting[ticket.lane].append(ticket)
        return tuple(superseded)

    def remove(self, ticket_id: int) -> bool:
        """Takes a waiting ticket out; False when it is not waiting."""
        for waiting in self._waiting.values():
            for ticket in waiting:
                if ticket.id == ticket_id:
                    waiting.remove(ticket)
                    return True
        return False

    def take(self) -> Ticket | None:
        """The next ticket to run, now running; None when nobody waits."""
        for lane in (Lane.INLINE, Lane.CHAT):
            if self._waiting[lane]:
                self._running = self._waiting[lane].popleft()
                return self._running
        return None

    def put_back(self) -> None:
        """The running ticket yields: it is the next of its lane."""
        if self._running is not None:
            self._waiting[self._running.lane].appendleft(self._running)
            self._running = None

    def finish(self) -> None:
        """The running ticket is done."""
        self._running = None

    def must_yield(self) -> bool:
        """Whether the running ticket has to make way: words for ghost text, never the reverse."""
        running = self._running
        return (
            running is not None and running.lane is Lane.CHAT and bool(self._waiting[Lane.INLINE])
        )


def _same_document(old: Ticket, new: Ticket) -> bool:
    """Whether *new* makes *old* pointless."""
    return old.lane is Lane.INLINE and old.document == new.document
