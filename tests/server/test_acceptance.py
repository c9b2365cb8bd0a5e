"""What became of suggestions is counted once each, in numbers only, and only when switched on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from hdl_lsp.errors import ProjectError
from hdl_lsp.server.acceptance import MOST_KEPT, Acceptance
from hdl_lsp.server.acceptance_store import Count, Event, add, counts

DAY = "2026-11-23"


def event(name: str, day: str = DAY, characters: int = 10) -> Event:
    """Something that happened to a computed port map."""
    return Event(day, "port connection", "port map", name, characters)


def test_counts_are_summed_over_days(tmp_path: Path) -> None:
    """The same event adds up; a later day can be looked at alone."""
    path = tmp_path / "stats" / "suggestions.sqlite"
    add(path, [event("shown"), event("shown", characters=5), event("accepted", "2026-11-24")])
    assert counts(path) == (
        Count("port connection", "port map", "accepted", 1, 10),
        Count("port connection", "port map", "shown", 2, 15),
    )
    assert [one.event for one in counts(path, "2026-11-24")] == ["accepted"]


def test_nothing_was_counted(tmp_path: Path) -> None:
    """No file is no failure, and looking makes none."""
    assert counts(tmp_path / "none.sqlite") == ()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_version_begins_anew(tmp_path: Path) -> None:
    """Its counts are dropped, not misread."""
    path = tmp_path / "s.sqlite"
    add(path, [event("shown")])
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    add(path, [event("accepted")])
    assert [one.event for one in counts(path)] == ["accepted"]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """Reading says what to do; counting only loses the counts."""
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 50)
    add(path, [event("shown")])
    with pytest.raises(ProjectError, match="delete it to start again"):
        counts(path)


async def test_each_event_of_a_suggestion_counts_once() -> None:
    """Offered, shown, partly and accepted; what is repeated or unknown is not counted."""
    told: list[Event] = []
    acceptance = Acceptance(told.extend)
    first = acceptance.offered("statement", "gemma3-270m", "q <= d;", is_first=True)
    second = acceptance.offered("statement", "gemma3-270m", "q <= 0;", is_first=False)
    for _ in range(2):
        acceptance.shown(first)
        acceptance.partly(first, 2)
        acceptance.accepted(first)
    acceptance.accepted(second)
    acceptance.accepted(999)
    await acceptance.close()
    assert [(one.event, one.characters) for one in told] == [
        ("offered", 7),
        ("shown", 7),
        ("partly", 2),
        ("accepted", 7),
        ("accepted", 7),
    ]
    assert {(one.site, one.origin) for one in told} == {("statement", "gemma3-270m")}


async def test_old_suggestions_are_forgotten() -> None:
    """Memory does not grow with a day's typing."""
    told: list[Event] = []
    acceptance = Acceptance(told.extend)
    first = acceptance.offered("statement", "model", "x", is_first=False)
    for _ in range(MOST_KEPT):
        acceptance.offered("statement", "model", "y", is_first=False)
    acceptance.accepted(first)
    await acceptance.close()
    assert told == []


async def test_nothing_is_counted_unless_switched_on() -> None:
    """Off is the default."""
    acceptance = Acceptance()
    acceptance.accepted(acceptance.offered("statement", "model", "x", is_first=True))
    told: list[Event] = []
    acceptance.switch(told.extend)
    acceptance.accepted(acceptance.offered("statement", "model", "x", is_first=True))
    await acceptance.close()
    assert [one.event for one in told] == ["offered", "accepted"]
