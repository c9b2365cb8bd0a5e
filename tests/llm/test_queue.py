"""Whose turn it is."""

from __future__ import annotations

from hdl_lsp.llm.engine import Lane
from hdl_lsp.llm.queue import JobQueue, Ticket


def inline(number: int, document: str = "a.sv") -> Ticket:
    """A ghost text ticket."""
    return Ticket(number, Lane.INLINE, document)


def chat(number: int, document: str = "a.sv") -> Ticket:
    """A words ticket."""
    return Ticket(number, Lane.CHAT, document)


def test_newer_request_of_a_document_supersedes_the_waiting_one() -> None:
    """Only the newest of a document is ever run; other documents are untouched."""
    queue = JobQueue()
    assert queue.submit(inline(1)) == ()
    assert queue.submit(inline(2, "b.sv")) == ()
    assert queue.submit(inline(3)) == (1,)
    assert [queue.take(), queue.take(), queue.take()] == [inline(2, "b.sv"), inline(3), None]


def test_newer_request_supersedes_the_running_one() -> None:
    """The running ticket is named as superseded and stays running until it is finished."""
    queue = JobQueue()
    queue.submit(inline(1))
    queue.take()
    assert queue.submit(inline(2)) == (1,)
    assert queue.running == inline(1)
    queue.finish()
    assert queue.take() == inline(2)


def test_requests_without_a_document_all_run() -> None:
    """The empty document supersedes nothing."""
    queue = JobQueue()
    queue.submit(inline(1, ""))
    assert queue.submit(inline(2, "")) == ()


def test_words_never_supersede_and_are_never_superseded() -> None:
    """CHAT tickets queue up in order, also for one document."""
    queue = JobQueue()
    for ticket in (chat(1), chat(2), inline(3)):
        assert queue.submit(ticket) == ()
    assert [queue.take(), queue.take(), queue.take()] == [inline(3), chat(1), chat(2)]


def test_words_yield_to_ghost_text_and_come_back_first() -> None:
    """A running answer makes way, and goes on before other answers."""
    queue = JobQueue()
    queue.submit(chat(1))
    queue.submit(chat(2))
    queue.take()
    assert not queue.must_yield()
    queue.submit(inline(3))
    assert queue.must_yield()
    queue.put_back()
    assert [queue.take(), queue.take(), queue.take()] == [inline(3), chat(1), chat(2)]


def test_ghost_text_never_yields() -> None:
    """A waiting answer does not interrupt ghost text."""
    queue = JobQueue()
    queue.submit(inline(1))
    queue.take()
    queue.submit(chat(2))
    queue.submit(inline(3, "b.sv"))
    assert not queue.must_yield()


def test_removed_ticket_is_not_run() -> None:
    """A cancelled waiting ticket is gone; removing twice says so."""
    queue = JobQueue()
    queue.submit(chat(1))
    assert [queue.remove(1), queue.remove(1)] == [True, False]
    assert queue.take() is None
