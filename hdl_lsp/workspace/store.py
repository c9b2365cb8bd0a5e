"""The index on disk: one SQLite file for every set of workspace folders, written behind the back of the loop.

Must not be trusted nor needed: what can't be read is not there, what can't be written is kept in memory, and the
file may be deleted at any time. Must not know what the blobs mean.
"""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import TypeVar

from hdl_lsp.workspace import store_tables
from hdl_lsp.workspace.store_lock import StoreLock
from hdl_lsp.workspace.store_tables import Blobs, Puts, StoredFile

log = logging.getLogger(__name__)

BATCH_BYTES = 4_000_000  # of one transaction: what an interrupted indexing loses at most
BATCH_PAUSE_S = 0.5
READ_WAIT_S = 0.05  # longest wait of the loop for a transaction that is being committed
CLOSE_S = 2.0
SUFFIX = ".sqlite"
UNUSED_S = 60 * 86_400  # an index that nobody opened for so long is deleted
MOST_BYTES = 2_000_000_000  # of all indexes together; those not used for longest go first

T = TypeVar("T")


def store_path(folder: Path, roots: Iterable[str]) -> Path:
    """The file below *folder* for these workspace folders, in any order."""
    names = "\0".join(sorted(roots)).encode("utf-8", "surrogateescape")
    return folder / f"{hashlib.blake2b(names, digest_size=12).hexdigest()}{SUFFIX}"


class Store:
    """The files and blobs of one workspace. Blobs that are not on disk (yet) are kept in memory.

    One thread at a time may use it; what is written, a thread of its own writes. `state` says in a few words
    where the index is, `problem` is a sentence when something is wrong with that.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        """*path* None: in memory only. *version* of the blobs: those of another one are dropped."""
        self.path = path
        self.state = "in memory"
        self.problem = ""
        self.is_writer = False
        self._version = f"{store_tables.SCHEMA} {sys.byteorder} {version}"
        self._reader: sqlite3.Connection | None = None
        self._writer: threading.Thread | None = None
        self._lock: StoreLock | None = None
        self._closing = threading.Lock()
        self._inode = (0, 0)
        self._queue: queue.SimpleQueue[Puts | None] = queue.SimpleQueue()
        self._unwritten: dict[str, Blobs] = {}
        if path is not None:
            self._open(path)

    # -- opening and closing

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_ours(path.parent):
                self._give_up(f"others can write in {path.parent}")
                return
            self._lock = StoreLock.taken(path.with_suffix(".lock"))
        except OSError as err:
            self._give_up(f"can't write in {path.parent}: {err.strerror}")
            return
        is_writer = self._lock is not None
        try:
            mode = "rw" if is_writer else "ro"
            if not store_tables.is_whole(path, self._version, READ_WAIT_S, mode):
                if not is_writer:
                    self._give_up("another server is writing it")
                    return
                store_tables.create(path, self._version)
            status = path.stat()
            self._inode = (status.st_dev, status.st_ino)
            self._reader = store_tables.connected(path, READ_WAIT_S, "ro")
            if is_writer:
                os.utime(path)  # when it was last used: prune() asks
        except (OSError, ValueError, sqlite3.Error) as err:
            self._give_up(f"{path}: {err}")
            return
        self.is_writer = is_writer
        self.state = "on disk" if is_writer else "on disk, written by another server"
        if is_writer:
            self._writer = threading.Thread(
                target=self._write, args=(path,), name="index store", daemon=True
            )
            self._writer.start()

    def _give_up(self, problem: str) -> None:
        """From now on everything new is kept in memory only."""
        if not self.problem:
            self.problem = f"the index is kept in memory only: {problem}"
            log.warning("%s", self.problem)
        self.state = "in memory"
        self.is_writer = False

    def close(self) -> None:
        """Writes what is waiting, and lets others write; idempotent, from any thread. Blocks for CLOSE_S at most."""
        with self._closing:  # a reload that was given up may still be closing it in its thread
            if self._writer is not None:
                self._queue.put(None)
                self._writer.join(CLOSE_S)
                self._writer = None
            if self._reader is not None:
                self._reader.close()
                self._reader = None
            if self._lock is not None:
                self._lock.release()
                self._lock = None
            self.is_writer = False

    def size_bytes(self) -> int:
        """Of the file on disk; 0 when there is none."""
        try:
            return 0 if self.path is None else self.path.stat().st_size
        except OSError:
            return 0

    # -- reading

    def files(self) -> dict[str, StoredFile]:
        """Every file by path."""
        return self._read(store_tables.files) or {}

    def postings(self) -> dict[str, bytes]:
        """The blobs of put_postings()."""
        return self._read(store_tables.postings) or {}

    def blobs(self, key: str) -> Blobs | None:
        """What is kept under *key*."""
        return self._unwritten.get(key) or self._read(lambda c: store_tables.blobs(c, key))

    def names(self, key: str) -> bytes | None:
        """The names kept under *key*."""
        waiting = self._unwritten.get(key)
        if waiting is not None:
            return waiting.names
        return self._read(lambda c: store_tables.one_blob(c, key, "names"))

    def summary(self, key: str) -> bytes | None:
        """The summary kept under *key*."""
        waiting = self._unwritten.get(key)
        if waiting is not None:
            return waiting.summary
        return self._read(lambda c: store_tables.one_blob(c, key, "summary"))

    def _read(self, ask: Callable[[sqlite3.Connection], T]) -> T | None:
        """What *ask* finds; None when it can't be read (now)."""
        if self._reader is None:
            return None
        try:
            return ask(self._reader)
        except sqlite3.DatabaseError as err:
            if not store_tables.is_busy(err):
                self.reject(str(err))
            return None
        except (TypeError, ValueError) as err:  # a text that is no UTF-8, NULL for a path
            self.reject(str(err))
            return None

    def reject(self, why: str) -> None:
        """It is damaged: nothing more is read from it, and the next server makes it anew."""
        self._give_up(f"{self.path} is damaged ({why}); it is built again at the next start")
        if self._lock is not None and self.path is not None and self._is_same_file():
            with suppress(OSError):
                self.path.unlink()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # -- writing

    def put(self, files: Sequence[StoredFile], blobs: Mapping[str, Blobs]) -> None:
        """Keeps *files*, and *blobs* by key."""
        self._unwritten.update(blobs)
        if self.is_writer:
            self._queue.put(Puts(files=files, blobs=blobs))

    def forget(self, paths: Sequence[str]) -> None:
        """Drops files; their summaries stay a while."""
        if self.is_writer and paths:
            self._queue.put(Puts(gone=paths))

    def put_postings(self, blobs: Mapping[str, bytes]) -> None:
        """Keeps *blobs* instead of those before them."""
        if self.is_writer:
            self._queue.put(Puts(postings=blobs))

    def _write(self, path: Path) -> None:
        """The writer's thread, from beginning to end."""
        try:
            with closing(store_tables.writing(path)) as connection:
                while batch := self._next_batch():
                    if not self._is_same_file():
                        self._give_up(f"{path} was deleted")
                        return
                    store_tables.write(connection, batch)
                    for puts in batch:
                        for key in puts.blobs or ():
                            self._unwritten.pop(key, None)
            prune(path)
        except (OSError, sqlite3.Error) as err:
            self._give_up(f"{path}: {err}" if self._is_same_file() else f"{path} was deleted")

    def _next_batch(self) -> list[Puts]:
        """What comes within BATCH_PAUSE_S, up to BATCH_BYTES; [] when the store is closed."""
        batch: list[Puts] = []
        size = 0
        while size < BATCH_BYTES:
            try:
                puts = self._queue.get(timeout=BATCH_PAUSE_S if batch else None)
            except queue.Empty:
                break
            if puts is None:
                self._queue.put(None)  # for the next call
                break
            batch.append(puts)
            size += puts.size_bytes
        return batch

    def _is_same_file(self) -> bool:
        """The path still leads to the file that was opened: SQLite must not write beside another one."""
        try:
            status = os.stat(self.path or "")
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._inode


def is_ours(folder: Path) -> bool:
    """Only this user can have put something there: what is read from it is taken for our own."""
    if sys.platform == "win32":
        return True  # below the user's profile
    status = folder.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & (S_IWGRP | S_IWOTH)


def prune(used: Path) -> None:
    """Deletes the indexes beside *used* that were not used for long, or are too much together."""
    found: list[tuple[float, int, Path]] = []
    for path in used.parent.glob(f"*{SUFFIX}"):
        with suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    newest = max((mtime for mtime, _, _ in found), default=0)
    total = 0
    for mtime, size, path in sorted(found, reverse=True):
        total += size
        if path == used or (newest - mtime < UNUSED_S and total <= MOST_BYTES):
            continue
        lock = StoreLock.taken(path.with_suffix(".lock"))
        if lock is not None:  # nobody writes it
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)
            lock.release()
