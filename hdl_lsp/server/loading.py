"""Reading a workspace in the background: who is told how far it is, and summaries made by other processes.

Must not know LSP, and must not parse in this process: both analysis processes share the work, so that the loop
never stalls (invariant 8).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.request import Input, SummariesRequest
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId, FileTable

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
