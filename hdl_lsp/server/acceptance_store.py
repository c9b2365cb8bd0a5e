"""How many suggestions were offered, shown and accepted, by day, site and origin, in one small SQLite file.

Must not hold code, names or paths: numbers only. Nothing here is ever sent; deleting the file forgets everything.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.errors import ProjectError

log = logging.getLogger(__name__)

VERSION = 1
WAIT_S = 2.0  # another server may be writing

OFFERED = "offered"  # sent to the editor as the first suggestion
SHOWN = "shown"  # the editor said so
ACCEPTED = "accepted"
PARTLY = "partly"  # a word or a line of it was taken
EVENTS = (OFFERED, SHOWN, ACCEPTED, PARTLY)

_TABLE = """CREATE TABLE IF NOT EXISTS counts (
  day TEXT, site TEXT, origin TEXT, event TEXT, number INTEGER NOT NULL, characters INTEGER NOT NULL,
  PRIMARY KEY (day, site, origin, event)) WITHOUT ROWID"""
_ADD = """INSERT INTO counts VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET
  number = number + 1, characters = characters + excluded.characters"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one suggestion; *day* is local, "2026-11-23"."""

    day: str
    site: str  # SiteKind's words: "port connection"
    origin: str  # a rule's name, or the model's
    event: str  # one of EVENTS
    characters: int


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened at one kind of site to suggestions of one origin."""

    site: str
    origin: str
    event: str
    number: int
    characters: int


def add(path: Path, events: Iterable[Event]) -> None:
    """Counts *events*; a disk that can't be written costs only the counts."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _opened(path) as connection:
            rows = [(e.day, e.site, e.origin, e.event, e.characters) for e in events]
            connection.executemany(_ADD, rows)
    except (OSError, sqlite3.Error) as err:
        log.warning("suggestions were not counted in %s: %s", path, err)


def counts(path: Path, since: str = "") -> tuple[Count, ...]:
    """All counts from day *since* on, sums over days; () when nothing was counted.

    Raises ProjectError for a file that is no such database.
    """
    if not path.exists():
        return ()
    try:
        with _opened(path) as connection:
            rows = connection.execute(
                "SELECT site, origin, event, SUM(number), SUM(characters) FROM counts"
                " WHERE day >= ? GROUP BY site, origin, event ORDER BY site, origin, event",
                (since,),
            ).fetchall()
    except sqlite3.Error as err:
        raise ProjectError(f"{path} can't be read ({err}); delete it to start again") from err
    return tuple(Count(*row) for row in rows)


@contextmanager
def _opened(path: Path) -> Generator[sqlite3.Connection]:
    """The database in a transaction; one of another version is made anew."""
    with closing(sqlite3.connect(path, timeout=WAIT_S)) as connection, connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            connection.execute("DROP TABLE IF EXISTS counts")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(_TABLE)
        yield connection
