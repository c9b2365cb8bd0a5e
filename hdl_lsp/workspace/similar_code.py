"""Where in the repository words stand that some lines have: a full-text index of chunks of lines, on disk.

Must not be trusted nor needed: what can't be read finds nothing, the file may be deleted at any time, and texts
may have changed since they were indexed. Must not read files, nor judge how alike two texts are (context/ does).
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.text.source import LINE_END, SourceText
from hdl_lsp.workspace import store_tables
from hdl_lsp.workspace.store import is_ours
from hdl_lsp.workspace.store_lock import StoreLock

log = logging.getLogger(__name__)

VERSION = "2"  # raise it when the tables or the words change
CHUNK_LINES = 8
MOST_SOURCE_BYTES = 64_000_000
"""A repository with more HDL than this is not searched: OpenTitan has 39 MB."""

RARE_WORDS = 10  # asked for at once: the rarest of the given ones
COMMON_SHARE = 50  # a word in more than 1/50 of the chunks says nothing
FEW_CHUNKS = 200  # but in few chunks every word counts
MOST_DEAD_SHARE = 3  # chunks of texts that are gone can't be taken out; at 1/3 all is made anew

_TABLES = """
CREATE TABLE meta (version TEXT NOT NULL, last INTEGER NOT NULL, is_counted INTEGER NOT NULL);
CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB UNIQUE NOT NULL, digest TEXT NOT NULL);
CREATE TABLE chunk (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL);
CREATE INDEX chunk_file ON chunk (file);
CREATE TABLE word (term TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5(words, content='');
CREATE VIRTUAL TABLE terms USING fts5vocab('text', 'row');
"""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")


def similar_path(index: Path) -> Path:
    """The file beside that of the index of names."""
    return index.with_suffix(".similar.sqlite")


def words(text: str) -> list[str]:
    """The parts of the identifiers in *text*, in lower case: `axiReq_t` is axi, req, t."""
    return _WORD.findall(_HUMP.sub(" ", text).lower())


@dataclass(frozen=True, slots=True)
class Chunk:
    """CHUNK_LINES lines of a file as it was indexed; *line0* is the first."""

    path: str
    line0: int


class SimilarCode:
    """The full-text index of one set of workspace folders. One thread may update() it while another one asks."""

    def __init__(self, path: Path | None) -> None:
        """*path* None: nothing is ever found."""
        self.path = path
        self.problem = ""
        self.generation = 0  # grows with every update: what was found may be another thing now
        self._reader: sqlite3.Connection | None = None
        self._lock: StoreLock | None = None
        if path is not None:
            try:
                self._open(path)
            except (OSError, ValueError, sqlite3.Error) as err:
                self._give_up(f"{path}: {err}")

    @property
    def is_writer(self) -> bool:
        """Nobody else writes it: update() does something."""
        return self._lock is not None

    def _open(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_ours(path.parent):
            self._give_up(f"others can write in {path.parent}")
            return
        self._lock = StoreLock.taken(path.with_suffix(".lock"))
        if not _is_whole(path):
            if self._lock is None:
                return
            _create(path)
        if self._lock is not None:
            os.utime(path)  # when it was last used: store.prune() asks
        self._reader = store_tables.connected(path, 0, "ro")

    def _give_up(self, problem: str) -> None:
        """From now on nothing is found, and the next server makes it anew."""
        self.problem = problem
        log.warning("similar code is not searched: %s", problem)
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def close(self) -> None:
        """Lets others write; idempotent. No update() may be running."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    # -- asking

    def search(self, wanted: Iterable[str], most: int) -> tuple[Chunk, ...] | None:
        """The *most* chunks that have most of the *wanted* words, rare words counting more; None: not now."""
        if self._reader is None:
            return ()
        try:
            rare = _rare(self._reader, tuple(dict.fromkeys(wanted)))
            if not rare:
                return ()
            rows = self._reader.execute(
                "SELECT file.path, chunk.line FROM text JOIN chunk ON chunk.id = text.rowid "
                "JOIN file ON file.id = chunk.file WHERE text MATCH ? "
                "ORDER BY bm25(text), chunk.id LIMIT ?",
                (" OR ".join(f'"{word}"' for word in rare), most),
            ).fetchall()
            return tuple(Chunk(os.fsdecode(path), line) for path, line in rows)
        except sqlite3.DatabaseError as err:
            if store_tables.is_busy(err):
                return None
            self._reject(str(err))
        except (TypeError, ValueError) as err:  # a text that is no UTF-8, NULL for a path
            self._reject(str(err))
        return ()

    def _reject(self, why: str) -> None:
        if self.is_writer and self.path is not None:
            with suppress(OSError):
                self.path.unlink()
        self._give_up(f"{self.path} is damaged ({why}); it is built again at the next start")

    # -- writing

    def update(
        self,
        files: Mapping[str, str],
        read: Callable[[str], SourceText | None],
        breathe: Callable[[], bool],
    ) -> None:
        """Makes it an index of *files* (digests by path), read by *read*. Takes seconds: for a thread.

        *breathe* is called between any two files; true ends the update, and the next one goes on from there.
        """
        if self.path is None or not self.is_writer or self._reader is None:
            return
        try:
            with closing(store_tables.writing(self.path)) as connection:
                _update(connection, files, read, breathe)
        except sqlite3.Error as err:
            log.warning("similar code is not searched: %s: %s", self.path, err)
        self.generation += 1


def _is_whole(path: Path) -> bool:
    """An index of this version is there."""
    if not path.exists():
        return False
    try:
        with closing(store_tables.connected(path, 0, "ro")) as connection:
            row = connection.execute("SELECT version FROM meta").fetchone()
            connection.execute(
                "SELECT rowid FROM text WHERE text MATCH 'module' LIMIT 1"
            ).fetchone()
    except sqlite3.DatabaseError as err:
        if store_tables.is_busy(err):
            raise
        return False
    except ValueError:  # a version that is no UTF-8
        return False
    return row is not None and row[0] == VERSION


def _create(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.touch(0o600)  # it holds words of the user's code
    with closing(store_tables.connected(path, store_tables.WRITE_WAIT_S, "rwc")) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO meta VALUES (?, 0, 0)", (VERSION,))


def _rare(connection: sqlite3.Connection, wanted: tuple[str, ...]) -> list[str]:
    """Those of *wanted* that say most about where they stand, the rarest first."""
    (chunks,) = connection.execute("SELECT count(*) FROM chunk").fetchone()
    most = max(chunks // COMMON_SHARE, FEW_CHUNKS)
    marks = ", ".join("?" * len(wanted))
    rows = connection.execute(
        f"SELECT term FROM word WHERE term IN ({marks}) AND chunks <= ? ORDER BY chunks, term LIMIT ?",  # noqa: S608
        (*wanted, most, RARE_WORDS),
    )
    return [term for (term,) in rows]


def _update(
    connection: sqlite3.Connection,
    files: Mapping[str, str],
    read: Callable[[str], SourceText | None],
    breathe: Callable[[], bool],
) -> None:
    known = {
        os.fsdecode(path): (number, digest)
        for number, path, digest in connection.execute("SELECT id, path, digest FROM file")
    }
    gone = [number for path, (number, digest) in known.items() if files.get(path) != digest]
    fresh = [path for path, digest in files.items() if known.get(path, (0, ""))[1] != digest]
    (is_counted,) = connection.execute("SELECT is_counted FROM meta").fetchone()
    if is_counted and not gone and not fresh:
        return
    _forget(connection, gone)
    if _has_many_dead(connection):
        _empty(connection)
        fresh = list(files)
    for path in fresh:
        text = read(path)
        if text is not None:
            _put(connection, path, files[path], text)
        if breathe():
            return
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.execute("DELETE FROM word")
        connection.execute("INSERT INTO word SELECT term, doc FROM terms")
        connection.execute("UPDATE meta SET is_counted = 1")


def _forget(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Their chunks are found no more; the words stay in the full-text table, which can't forget texts it has not."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.execute("UPDATE meta SET is_counted = 0")
        for table, column in (("chunk", "file"), ("file", "id")):
            rows = ((number,) for number in numbers)
            connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", rows)  # noqa: S608


def _has_many_dead(connection: sqlite3.Connection) -> bool:
    (alive,) = connection.execute("SELECT count(*) FROM chunk").fetchone()
    (last,) = connection.execute("SELECT last FROM meta").fetchone()
    return last - alive > max(last // MOST_DEAD_SHARE, FEW_CHUNKS)


def _empty(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.execute("INSERT INTO text(text) VALUES ('delete-all')")
        for table in ("chunk", "file", "word"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.execute("UPDATE meta SET last = 0")


def _put(connection: sqlite3.Connection, path: str, digest: str, text: SourceText) -> None:
    """The chunks of one file, all or none."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        row = connection.execute(
            "INSERT INTO file (path, digest) VALUES (?, ?) RETURNING id",
            (os.fsencode(path), digest),
        ).fetchone()
        (last,) = connection.execute("SELECT last FROM meta").fetchone()
        chunks = list(enumerate(_chunks(text), last + 1))  # a number is never used twice
        connection.execute("UPDATE meta SET last = ?", (last + len(chunks),))
        connection.executemany(
            "INSERT INTO chunk VALUES (?, ?, ?)", ((n, row[0], line0) for n, (line0, _) in chunks)
        )
        connection.executemany(
            "INSERT INTO text(rowid, words) VALUES (?, ?)", ((n, some) for n, (_, some) in chunks)
        )


def _chunks(text: SourceText) -> Iterator[tuple[int, str]]:
    """First line and words of every chunk of *text* that has any."""
    lines = LINE_END.split(text.data)
    for line0 in range(0, len(lines), CHUNK_LINES):
        chunk = b"\n".join(lines[line0 : line0 + CHUNK_LINES]).decode("utf-8", "replace")
        some = " ".join(dict.fromkeys(words(chunk)))
        if some:
            yield line0, some
