"""The index of a session: opened from disk, compared with the files there are, completed, and written back.

Must not parse more than a few small files in this process: both analysis processes share the work, and what
they made is put into the index between two turns of the loop (invariant 8).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.index_names import decode_names, encode_names, index_names
from hdl_lsp.semantics.request import IndexedFile, IndexRequest
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.semantics.summary_codec import encode
from hdl_lsp.server.loading import Progress
from hdl_lsp.server.similar_keeper import START_AFTER_S, SimilarKeeper
from hdl_lsp.workspace import index_disk, loader
from hdl_lsp.workspace.disk_texts import is_racy
from hdl_lsp.workspace.files import FileTable
from hdl_lsp.workspace.index import Indexed, WorkspaceIndex
from hdl_lsp.workspace.loader import Stamp
from hdl_lsp.workspace.store import Store, store_path
from hdl_lsp.workspace.store_tables import Blobs, StoredFile
from hdl_lsp.workspace.summaries import Summaries
from hdl_lsp.workspace.vfs import Listed, OnDisk, Vfs

log = logging.getLogger(__name__)

BATCH_BYTES = 150_000  # some 20 ms of slang: what a person asks never waits longer behind a batch
BATCH_FILES = 64
FEW_BYTES = 300_000  # so much is parsed here, before a process that does it would have started
STEP_S = 0.01  # work on the loop between two of its turns
ASKING_PER_CLIENT = 2  # one batch is being made while the other is put into the index


class World(Protocol):
    """The session, as far as an index needs it."""

    table: FileTable
    vfs: Vfs
    index: WorkspaceIndex

    def touched(self) -> None:
        """The world is another one."""
        ...


class Breath:
    """Gives way to the loop when STEP_S seconds have passed since it last did."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    async def taken(self) -> None:
        """Call it between any two small steps."""
        if time.monotonic() - self._since > STEP_S:
            await asyncio.sleep(0)
            self._since = time.monotonic()


class Indexing:
    """What is known of the files on disk, and where it is kept. The index itself is the world's."""

    def __init__(self, world: World, summaries: Summaries, folder: Path | None) -> None:
        """*folder*: where indexes are kept; None for in memory only."""
        self._world = world
        self._summaries = summaries
        self.folder = folder
        self.similar = SimilarKeeper()
        self._roots: tuple[str, ...] = ()
        self._known: dict[str, StoredFile] = {}  # by path
        self._opening: asyncio.Task[None] | None = None
        self._saving: asyncio.Task[None] | None = None
        self._is_saved = False  # the tables in the store are those of the index

    @property
    def store(self) -> Store:
        """Where summaries are kept."""
        return self._summaries.store

    # -- the store

    async def open(self, roots: tuple[str, ...]) -> None:
        """Takes what the store has for these workspace folders; does nothing if that was done."""
        if self._opening is None or roots != self._roots:
            if self._opening is not None:
                await asyncio.wait({self._opening})
            self._roots = roots
            self._opening = asyncio.create_task(self._open(roots), name="open index")
        await asyncio.shield(self._opening)

    async def _open(self, roots: tuple[str, ...]) -> None:
        world = self._world
        await asyncio.to_thread(self.store.close)
        path = store_path(self.folder, roots) if self.folder is not None and roots else None
        await self.similar.open(path)
        store, known, loaded = await asyncio.to_thread(_read_store, path)
        self._summaries.store = store
        self._known = known
        self._is_saved = loaded is not None
        if loaded is None:
            return
        names = loaded.names(world.table)
        slots = {
            names.owners[slot]: (digest, slot)
            for slot, (path, digest, _) in enumerate(loaded.rows)
            if self.digest(path) == digest
        }
        index = world.index.with_tables(names)
        world.index = index.with_slots({f: s for f, s in slots.items() if f not in index.edited})
        world.touched()

    def save(self) -> None:
        """Writes the tables of the index in the background, unless they are on disk as they are."""
        if self._is_saved or not self.store.is_writer:
            return
        self._is_saved = True
        world = self._world
        slots = ((world.table.path_of(f), slot) for f, slot in world.index.slots().items())
        kept = {path: slot for path, slot in slots if self.digest(path) == slot[0]}
        saved = index_disk.saved(world.index.names, kept)
        before, store = self._saving, self.store

        async def write() -> None:
            if before is not None:
                await asyncio.wait({before})
            store.put_postings(await asyncio.to_thread(saved.blobs))

        self._saving = asyncio.create_task(write(), name="save index")

    def search_similar(self, after_s: float = START_AFTER_S) -> None:
        """Has the words of all files indexed in the background, for code that is like some other code."""
        self.similar.update(self._known, after_s)

    async def close(self) -> None:
        """Writes what is waiting."""
        await self.similar.close()
        tasks = {task for task in (self._opening, self._saving) if task is not None}
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.to_thread(self.store.close)

    # -- files

    def digest(self, path: str) -> str:
        """Digest of the text that was read last; "" when it was not read."""
        known = self._known.get(path)
        return "" if known is None else known.digest

    async def update(
        self, stamps: Mapping[str, Stamp], clients: Sequence[AnalysisClient], progress: Progress
    ) -> None:
        """Makes the index one of the files with these *stamps*; the files that it lacks are read by *clients*."""
        world = self._world
        same, unsure, fresh = self._compared(stamps)
        ids = {path: world.table.id_of(path) for path in stamps}
        left = world.vfs.known.difference(ids.values(), world.vfs.open_files)
        world.vfs.apply(
            [
                *(Listed(ids[path], self.digest(path)) for path in same),
                *(Listed(ids[path]) for path in (*unsure, *fresh)),
                *(OnDisk(file, None) for file in left),
            ]
        )
        gone = [f for f in world.index.files() if f not in world.vfs.files]
        if gone:
            world.index = world.index.without(*gone)
        self._forget(path for path in tuple(self._known) if path not in stamps)
        world.touched()
        again = await self._read_again(unsure, stamps)
        lost = await self._restore([*same, *again])
        known = set(again)
        stale = [*fresh, *(path for path in unsure if path not in known), *lost]
        if sum(stamps[path][0] for path in stale) <= FEW_BYTES:
            clients = ()
        await self._read(stale, stamps, clients, progress)

    def _compared(self, stamps: Mapping[str, Stamp]) -> tuple[list[str], list[str], list[str]]:
        """Files that are as they were read, those that have to be looked at, and those never read."""
        same: list[str] = []
        unsure: list[str] = []
        fresh: list[str] = []
        for path, stamp in stamps.items():
            known = self._known.get(path)
            if known is None:
                fresh.append(path)
            elif (known.size_bytes, known.mtime_ns) != stamp or is_racy(
                known.mtime_ns, known.read_ns
            ):
                unsure.append(path)
            else:
                same.append(path)
        return same, unsure, fresh

    def _forget(self, paths: Iterable[str]) -> None:
        """These files are gone, or left the project."""
        gone = [path for path in paths if self._known.pop(path, None) is not None]
        if gone:
            self.store.forget(gone)
            self._is_saved = False

    async def _read_again(self, paths: Sequence[str], stamps: Mapping[str, Stamp]) -> list[str]:
        """Those of *paths* whose text is known, whatever their stamps say."""
        if not paths:
            return []
        found = await asyncio.to_thread(lambda: [_hashed(path, stamps[path]) for path in paths])
        kept: list[StoredFile] = []
        breath = Breath()
        for file in found:
            if file is not None and (
                self.digest(file.path) == file.digest or self.store.names(file.key) is not None
            ):
                kept.append(file)
            await breath.taken()
        self._known |= {file.path: file for file in kept}
        self.store.put(kept, {})
        ids = self._world.table
        self._world.vfs.apply([Listed(ids.id_of(file.path), file.digest) for file in kept])
        return [file.path for file in kept]

    async def _restore(self, paths: Sequence[str]) -> list[str]:
        """Puts known files that are missing into the index; gives those that the store has lost."""
        world = self._world
        lost: list[str] = []
        found: list[Indexed] = []
        breath = Breath()
        for path in paths:
            file = world.table.id_of(path)
            digest = self.digest(path)
            if file in world.vfs.open_files or world.index.digest_of(file) == digest:
                continue
            names = self._summaries.names(path, digest)
            if names is None:
                lost.append(path)
            else:
                found.append(Indexed(file, digest, names))
            if len(found) >= BATCH_FILES:
                self._put(found)
                found = []
            await breath.taken()
        self._put(found)
        return lost

    async def _read(
        self,
        paths: Sequence[str],
        stamps: Mapping[str, Stamp],
        clients: Sequence[AnalysisClient],
        progress: Progress,
    ) -> None:
        """Has *paths* read and summarised by all *clients* together; without any, here."""
        world = self._world
        waiting = deque(_batches(paths, stamps))
        done = 0

        async def work(client: AnalysisClient | None) -> None:
            nonlocal done
            while waiting and not progress.is_cancelled:
                batch = waiting.popleft()
                read_ns = time.time_ns()
                try:
                    if client is not None:
                        made = await client.index(IndexRequest(tuple(batch)))
                    else:
                        made = await _indexed_here(batch, stamps)
                except HdlLspError as err:
                    log.warning("%d files were not read: %s", len(batch), err)
                    made = ()
                self._take(made, read_ns)
                done += len(batch)
                progress.report(done, len(paths))

        async with asyncio.TaskGroup() as group:
            for client in clients or (None,):
                for _ in range(ASKING_PER_CLIENT):
                    group.create_task(work(client))
        left = {world.table.id_of(path) for batch in waiting for path in batch}
        if left:  # stopped: what is known of these is of older texts
            world.index = world.index.without(*(left - world.vfs.open_files))
            world.touched()

    def _take(self, files: Sequence[IndexedFile], read_ns: int) -> None:
        """Files read after *read_ns* come into the index, and what they hold into the store."""
        world = self._world
        rows: list[StoredFile] = []
        blobs: dict[str, Blobs] = {}
        found: list[Indexed] = []
        changes: list[Listed | OnDisk] = []
        for made in files:
            file = world.table.id_of(made.path)
            if not made.digest:
                changes.append(OnDisk(file, None))
                continue
            row = StoredFile(made.path, made.size_bytes, made.mtime_ns, made.digest, read_ns)
            rows.append(row)
            blobs[row.key] = Blobs(made.summary, made.names)
            changes.append(Listed(file, made.digest))
            if file not in world.vfs.open_files:
                found.append(Indexed(file, made.digest, decode_names(made.names)))
        self._known |= {row.path: row for row in rows}
        self.store.put(rows, blobs)
        world.vfs.apply(changes)
        self._put(found)

    def _put(self, found: Sequence[Indexed]) -> None:
        if found:
            self._world.index = self._world.index.with_indexed(found)
            self._is_saved = False
        self._world.touched()


def _read_store(
    path: Path | None,
) -> tuple[Store, dict[str, StoredFile], index_disk.Loaded | None]:
    """Everything that a start needs, read in a thread."""
    store = Store(path, index_disk.store_version())
    known = store.files()
    blobs = store.postings() if known else {}
    return store, known, index_disk.unpacked(blobs) if blobs else None


def _hashed(path: str, stamp: Stamp) -> StoredFile | None:
    read_ns = time.time_ns()
    text = loader.read(path)
    return None if text is None else StoredFile(path, *stamp, text.digest, read_ns)


def _batches(paths: Iterable[str], stamps: Mapping[str, Stamp]) -> list[list[str]]:
    """*paths* in groups of about BATCH_BYTES; a larger file is a group of its own."""
    groups: list[list[str]] = []
    size = BATCH_BYTES + 1
    for path in paths:
        if size + stamps[path][0] > BATCH_BYTES or len(groups[-1]) == BATCH_FILES:
            groups.append([])
            size = 0
        groups[-1].append(path)
        size += stamps[path][0]
    return groups


async def _indexed_here(
    paths: Iterable[str], stamps: Mapping[str, Stamp]
) -> tuple[IndexedFile, ...]:
    """What an analysis process would answer, for small files."""
    found: list[IndexedFile] = []
    for path in paths:
        text = loader.read(path)
        if text is None:
            found.append(IndexedFile(path))
            continue
        summary = summarise(text, path)
        names = encode_names(index_names(path, summary))
        found.append(IndexedFile(path, *stamps[path], text.digest, encode(summary), names))
        await asyncio.sleep(0)
    return tuple(found)
