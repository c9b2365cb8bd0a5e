"""Facts of open files: compiled in the analysis process when asked for or when a text rests, newest only.

Must not know LSP. Everything runs on the event loop; every task is held here and ended by close().
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.request import FactsRequest
from hdl_lsp.workspace.files import FileId

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    """A compilation under way."""

    request: FactsRequest
    task: asyncio.Task[FileFacts | None]


class FactsKeeper:
    """Newest facts per file. Invariant: at most one compilation per file is wanted at a time."""

    def __init__(
        self,
        client: Callable[[], AnalysisClient],
        request_of: Callable[[FileId], FactsRequest | None],
        on_facts: Callable[[FileId], None],
    ) -> None:
        self._client = client
        self._request_of = request_of
        self._on_facts = on_facts
        self._known: dict[FileId, FileFacts] = {}
        self._answered: dict[FileId, FactsRequest] = {}  # what _known is the answer to
        self._running: dict[FileId, _Run] = {}
        self._timers: dict[FileId, asyncio.TimerHandle] = {}

    @property
    def known(self) -> dict[FileId, FileFacts]:
        """A copy of the newest facts of every file that has some."""
        return dict(self._known)

    def depending_on(self, paths: frozenset[str]) -> frozenset[FileId]:
        """Files whose facts came from compiling one of *paths* too."""
        return frozenset(
            file for file, facts in self._known.items() if not paths.isdisjoint(facts.depends_on)
        )

    def schedule(self, files: Iterable[FileId], delay_s: float) -> None:
        """Compiles *files* when *delay_s* seconds have passed without another call for them."""
        loop = asyncio.get_running_loop()
        for file in files:
            timer = self._timers.pop(file, None)
            if timer is not None:
                timer.cancel()
            self._timers[file] = loop.call_later(delay_s, self._due, file)

    def forget(self, file: FileId) -> None:
        """Drops everything about *file*, which was closed."""
        self._known.pop(file, None)
        self._answered.pop(file, None)
        timer = self._timers.pop(file, None)
        if timer is not None:
            timer.cancel()
        run = self._running.pop(file, None)
        if run is not None:
            run.task.cancel()

    def forget_answers(self) -> None:
        """Compiles again what is asked for next, even if nothing has changed (a restarted worker)."""
        self._answered.clear()

    async def facts(self, file: FileId) -> FileFacts | None:
        """Facts of the present text of *file*; None while the analysis process is down."""
        while True:
            request = self._request_of(file)
            if request is None:
                return None
            if self._answered.get(file) == request:
                return self._known.get(file)
            run = self._run(file, request)
            await asyncio.wait({run.task})  # cancelling the waiter leaves the compilation alone
            if not run.task.cancelled():
                return run.task.result()
            if self._running.get(file) is None:
                return None  # closed meanwhile

    async def close(self) -> None:
        """Ends everything under way."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        tasks = [run.task for run in self._running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _due(self, file: FileId) -> None:
        """The text of *file* has rested: compile it unless that was done."""
        self._timers.pop(file, None)
        request = self._request_of(file)
        if request is None:
            return
        if self._answered.get(file) == request:
            self._on_facts(file)
        else:
            self._run(file, request)

    def _run(self, file: FileId, request: FactsRequest) -> _Run:
        """The compilation for *request*, started unless it is under way; an older one is dropped."""
        run = self._running.get(file)
        if run is not None:
            if run.request == request:
                return run
            run.task.cancel()
        task = asyncio.create_task(self._compile(file, request), name=f"facts {file}")
        run = self._running[file] = _Run(request, task)
        return run

    async def _compile(self, file: FileId, request: FactsRequest) -> FileFacts | None:
        """One compilation; its facts are kept unless a newer one was started meanwhile."""
        try:
            facts = await self._client().facts(request)
        except HdlLspError as err:
            log.warning("no facts of %s: %s", request.main.path, err)
            facts = None
        run = self._running.get(file)
        if run is None or run.request != request:
            return facts
        del self._running[file]
        if facts is not None:
            self._known[file] = facts
            self._answered[file] = request
        self._on_facts(file)
        return facts
