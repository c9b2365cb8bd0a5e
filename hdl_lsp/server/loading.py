"""Reading a workspace in the background: scan, read, summarise, in small steps between which the loop turns.

Must not know LSP, and must not parse in this process: both analysis processes share the work, so that the loop
never stalls (invariant 8).
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from hdl_lsp.config import Config
from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.request import Input, SummariesRequest
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import list_command, loader
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.loader import Stamp
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import ProjectModel, find_project
from hdl_lsp.workspace.project_files.documents import PARSED_YAML
from hdl_lsp.workspace.project_files.parsed_yaml import FEWEST

log = logging.getLogger(__name__)

BATCH_BYTES = (
    200_000  # some 20 ms of slang: what is asked by a person never waits longer behind a batch
)


class Progress(Protocol):
    """Who is told how far the work is, and may want it to stop."""

    @property
    def is_cancelled(self) -> bool:
        """Stop soon."""
        ...

    def report(self, done: int, total: int) -> None:
        """So many files of so many are done."""
        ...


class Silent:
    """A Progress that nobody watches."""

    is_cancelled = False

    def report(self, done: int, total: int) -> None:
        """Nothing."""


class Told:
    """A Progress that somebody else listens to as well."""

    def __init__(self, inner: Progress, listener: Callable[[int, int], None]) -> None:
        self._inner = inner
        self._listener = listener

    @property
    def is_cancelled(self) -> bool:
        """As the inner one says."""
        return self._inner.is_cancelled

    def report(self, done: int, total: int) -> None:
        """Passed on to both."""
        self._listener(done, total)
        self._inner.report(done, total)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to load."""

    project: ProjectModel
    stamps: Mapping[str, Stamp]  # by path, sources first, in compile order
    problems: tuple[str, ...]  # sentences for the log


async def find(
    roots: Sequence[str],
    config: Config,
    of_root: Mapping[str, Config],
    environment: Mapping[str, str],
    target: str = "",
    foreign: Mapping[str, object] | None = None,
    cache: Path | None = None,
) -> Found:
    """The project of *roots* and every file that counts, sources first, in compile order.

    *of_root*: settings of single folders, where they have their own; *target*: the build that was chosen.
    *foreign*: settings of other extensions. *cache*: a folder of the user's own for what was parsed; None for none.
    """
    scans: list[loader.Scan] = []
    for root in roots:
        own = of_root.get(root, config).project
        scans.append(await loader.scan_all((root,), own.exclude, own.max_files))
    scan = loader.joined(scans)
    disk = loader.RealDisk()
    cache = cache if len(scan.cores) >= FEWEST else None
    if cache is not None:
        await asyncio.to_thread(PARSED_YAML.load, cache)
    # A thread, because a thousand .core files take a while, and a command as long as it likes.
    project = await asyncio.to_thread(
        find_project,
        roots,
        config,
        disk,
        (*scan.files, *scan.cores),
        environment,
        target=target,
        of_root=of_root,
        foreign=foreign,
        run=list_command.run,
    )
    if cache is not None:
        await asyncio.to_thread(PARSED_YAML.save, cache)
    project = await asyncio.to_thread(_respelled, project, scan)
    stamps = await asyncio.to_thread(_stamps, project, scan)
    problems = (*scan.problems, *project.problems)
    return Found(
        project,
        stamps,
        tuple(
            f"{p.path}:{p.line1}: {p.message}" if p.line1 else f"{p.path}: {p.message}"
            for p in problems
        ),
    )


def _respelled(project: ProjectModel, scan: loader.Scan) -> ProjectModel:
    """On a disk where case does not count, files are called what they are called on the disk."""
    scanned = {path.casefold(): path for path in scan.files}

    def spelled(path: str) -> str:
        other = scanned.get(path.casefold(), path)
        return other if other != path and loader.is_same(path, other) else path

    return replace(
        project,
        sources=tuple(dict.fromkeys(map(spelled, project.sources))),
        libraries=tuple(dict.fromkeys(map(spelled, project.libraries))),
    )


def _stamps(project: ProjectModel, scan: loader.Scan) -> dict[str, Stamp]:
    """Every file that counts, sources first."""
    disk = loader.RealDisk()
    headers = (
        f"{folder}{os.sep}{name}"
        for folder in project.include_dirs
        for name in disk.names(folder)
        if is_hdl(name)
    )
    found: dict[str, Stamp] = {}
    for path in dict.fromkeys((*project.sources, *project.libraries, *headers)):
        stamp = scan.stamps.get(path) or loader.stamp(path)
        if stamp is not None:
            found[path] = stamp
    return found | {path: stamp for path, stamp in scan.stamps.items() if path not in found}


def batches(files: Iterable[tuple[FileId, SourceText]]) -> list[list[tuple[FileId, SourceText]]]:
    """*files* in groups of about BATCH_BYTES; a larger file is a group of its own."""
    groups: list[list[tuple[FileId, SourceText]]] = []
    size = BATCH_BYTES + 1
    for file, text in files:
        if size + text.size_bytes > BATCH_BYTES:
            groups.append([])
            size = 0
        groups[-1].append((file, text))
        size += text.size_bytes
    return groups


Summaries = Mapping[FileId, tuple[str, FileSummary]]
"""Digest and summary by file, as WorkspaceIndex.with_files takes them."""


async def summarise(
    files: Sequence[tuple[FileId, SourceText]],
    table: FileTable,
    clients: Sequence[AnalysisClient],
    progress: Progress,
    take: Callable[[Summaries], None],
) -> None:
    """Summaries of *files*, made by all *clients* together and handed over batch by batch."""
    waiting = deque(batches(files))
    done = 0

    async def work(client: AnalysisClient) -> None:
        nonlocal done
        while waiting and not progress.is_cancelled:
            batch = waiting.popleft()
            inputs = tuple(Input(table.path_of(f), text.digest, text.text) for f, text in batch)
            try:
                made = await client.summaries(SummariesRequest(inputs))
            except HdlLspError as err:
                log.warning("%d files were not read: %s", len(batch), err)
                made = ()
            pairs = zip(batch, made, strict=False)
            take({file: (text.digest, summary) for (file, text), summary in pairs})
            done += len(batch)
            progress.report(done, len(files))

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(work(client))
