"""The tables of an index on disk, and what is done to them.

Must not know threads nor who may write (store.py does). Everything here raises sqlite3.Error.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

log = logging.getLogger(__name__)

SCHEMA = 1  # raise it when the tables below change
PAGE_BYTES = 8192
SPARE_SUMMARIES = 2_000  # of texts that no file has any more: another branch's, most likely
WRITE_WAIT_S = 5.0

_TABLES = """
CREATE TABLE meta (version TEXT NOT NULL);
CREATE TABLE file (
  path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
  digest TEXT NOT NULL, key TEXT NOT NULL, read_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE summary (key TEXT PRIMARY KEY, summary BLOB NOT NULL, names BLOB NOT NULL);
CREATE TABLE postings (name TEXT PRIMARY KEY, data BLOB NOT NULL);
"""
_SPARE = "FROM summary WHERE key NOT IN (SELECT key FROM file)"


class StoredFile(NamedTuple):
    """What was known of one file when it was read. A tuple, because a start makes thousands of them."""

    path: str
    size_bytes: int
    mtime_ns: int
    digest: str  # of its text
    read_ns: int  # the clock, just before it was read

    @property
    def key(self) -> str:
        """Under which its summary is kept."""
        return key_of(self.path, self.digest)


def key_of(path: str, digest: str) -> str:
    """The text makes a summary, and the ending of the name: headers may be fragments."""
    return f"{digest}{os.path.splitext(path)[1]}"


@dataclass(frozen=True, slots=True)
class Blobs:
    """What is kept of one text."""

    summary: bytes
    names: bytes


@dataclass(frozen=True, slots=True)
class Puts:
    """Something to be written."""

    files: Sequence[StoredFile] = ()
    blobs: Mapping[str, Blobs] | None = None  # by key
    gone: Sequence[str] = ()  # paths
    postings: Mapping[str, bytes] | None = None  # instead of those that are there

    @property
    def size_bytes(self) -> int:
        """Roughly."""
        blobs = (self.blobs or {}).values()
        return sum(len(b.summary) + len(b.names) for b in blobs) + 100 * len(self.files)


def connected(path: Path, wait_s: float, mode: str) -> sqlite3.Connection:
    """*mode*: ro, rw or rwc (SQLite's URI parameter). Any thread may use it, one at a time."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        address, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False
    )


def is_busy(err: sqlite3.Error) -> bool:
    """Another process is at it; the file itself is well."""
    code = getattr(err, "sqlite_errorcode", 0)  # what Python itself raises has none
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_whole(path: Path, version: str, wait_s: float, mode: str) -> bool:
    """A store of this version is there. With mode "rw" a transaction that a crash left half done is undone first."""
    if not path.exists():
        return False
    try:
        with closing(connected(path, wait_s, mode)) as connection:
            row = connection.execute("SELECT version FROM meta").fetchone()
            connection.execute("SELECT count(*) FROM file").fetchone()
    except sqlite3.DatabaseError as err:
        if is_busy(err):
            raise
        log.info("the index is built again: %s: %s", path, err)
        return False
    except ValueError as err:  # a version that is no UTF-8
        log.info("the index is built again: %s: %s", path, err)
        return False
    if row is None or row[0] != version:
        log.info("the index is built again: it was made by another version")
        return False
    return True


def create(path: Path, version: str) -> None:
    """An empty store, in place of whatever is there."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.touch(0o600)  # it holds names of the user's code
    with closing(connected(path, WRITE_WAIT_S, "rwc")) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO meta VALUES (?)", (version,))


def writing(path: Path) -> sqlite3.Connection:
    """A connection for write(): quick rather than sure, because a torn file is built again."""
    connection = connected(path, WRITE_WAIT_S, "rw")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-8000")
    return connection


def write(connection: sqlite3.Connection, batch: Iterable[Puts]) -> None:
    """All of *batch*, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for puts in batch:
            connection.executemany(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (os.fsencode(f.path), f.size_bytes, f.mtime_ns, f.digest, f.key, f.read_ns)
                    for f in puts.files
                ),
            )
            connection.executemany(
                "INSERT OR REPLACE INTO summary VALUES (?, ?, ?)",
                ((key, b.summary, b.names) for key, b in (puts.blobs or {}).items()),
            )
            gone = ((os.fsencode(path),) for path in puts.gone)
            connection.executemany("DELETE FROM file WHERE path = ?", gone)
            if puts.postings is not None:
                connection.execute("DELETE FROM postings")
                rows = puts.postings.items()
                connection.executemany("INSERT INTO postings VALUES (?, ?)", rows)
                _tidy(connection)


def _tidy(connection: sqlite3.Connection) -> None:
    """Drops summaries of texts that no file has, when there are many, and gives back their room."""
    (count,) = connection.execute(f"SELECT count(*) {_SPARE}").fetchone()
    if count > SPARE_SUMMARIES:
        connection.execute(f"DELETE {_SPARE}")
        connection.execute("PRAGMA incremental_vacuum").fetchall()


def files(connection: sqlite3.Connection) -> dict[str, StoredFile]:
    """Every file by path."""
    rows = connection.execute("SELECT path, size, mtime_ns, digest, read_ns FROM file").fetchall()
    paths = [os.fsdecode(row[0]) for row in rows]
    return {path: StoredFile(path, *row[1:]) for path, row in zip(paths, rows, strict=True)}


def postings(connection: sqlite3.Connection) -> dict[str, bytes]:
    """The blobs of the last Puts.postings."""
    return dict(connection.execute("SELECT name, data FROM postings").fetchall())


def blobs(connection: sqlite3.Connection, key: str) -> Blobs | None:
    """What is kept under *key*."""
    row = connection.execute("SELECT summary, names FROM summary WHERE key = ?", (key,)).fetchone()
    return None if row is None else Blobs(*row)


def one_blob(connection: sqlite3.Connection, key: str, column: str) -> bytes | None:
    """The blob in *column* under *key*."""
    row = connection.execute(f"SELECT {column} FROM summary WHERE key = ?", (key,)).fetchone()  # noqa: S608
    return None if row is None else row[0]
