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
from hdl_lsp.semantics.request import DiagnosticsRequest, FactsRequest
from hdl_lsp.workspace.files import FileId

log = logging.getLogger(__name__)


SYMBOLS_DELAY_S = 0.25
"""Diagnostics come first, in a fifth of the time; symbols when the text has rested this much longer, or are asked for.
slang can't be interrupted: started earlier, they would hold up the diagnostics of the next key."""


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
        self._diagnosed: dict[FileId, tuple[FactsRequest, FileFacts]] = {}  # diagnostics alone
        self._diagnosing: dict[FileId, _Run] = {}
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
        self._diagnosed.pop(file, None)
        timer = self._timers.pop(file, None)
        if timer is not None:
            timer.cancel()
        for running in (self._running, self._diagnosing):
            run = running.pop(file, None)
            if run is not None:
                run.task.cancel()

    def forget_answers(self) -> None:
        """Compiles again what is asked for next, even if nothing has changed (a restarted worker)."""
        self._answered.clear()
        self._diagnosed.clear()

    def diagnostics_of(self, file: FileId, digest: str) -> FileFacts | None:
        """Facts, or diagnostics alone, of exactly the text with *digest*; None when there are none."""
        known = self._known.get(file)
        if known is not None and known.digest == digest:
            return known
        quick = self._diagnosed.get(file)
        return quick[1] if quick is not None and quick[1].digest == digest else None

    async def diagnosed(self, file: FileId) -> FileFacts | None:
        """Facts of the present text of *file*, or its diagnostics alone if these come first; None while down."""
        request = self._request_of(file)
        if request is None:
            return None
        if self._answered.get(file) == request:
            return self._known.get(file)
        quick = self._diagnosed.get(file)
        if quick is not None and quick[0] == request:
            return quick[1]
        running = self._running.get(file)
        run = running if running and running.request == request else self._diagnose(file, request)
        await asyncio.wait({run.task})  # cancelling the waiter leaves the compilation alone
        return None if run.task.cancelled() else run.task.result()

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
        tasks = [r.task for r in (*self._running.values(), *self._diagnosing.values())]
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
        quick = self._diagnosed.get(file)
        if self._answered.get(file) == request:
            self._on_facts(file)
        elif quick is not None and quick[0] == request:
            self._run(file, request)
        else:
            self._diagnose(file, request)

    def _diagnose(self, file: FileId, request: FactsRequest) -> _Run:
        """The compilation for the diagnostics alone, started unless it is under way; an older one is dropped."""
        run = self._diagnosing.get(file)
        if run is not None:
            if run.request == request:
                return run
            run.task.cancel()
        task = asyncio.create_task(self._check(file, request), name=f"diagnostics {file}")
        run = self._diagnosing[file] = _Run(request, task)
        return run

    async def _check(self, file: FileId, request: FactsRequest) -> FileFacts | None:
        """Diagnostics now, and everything else when the text rests."""
        asked = DiagnosticsRequest(request.main, request.context, request.options, request.overlays)
        try:
            facts = await self._client().diagnostics(asked)
        except HdlLspError as err:
            log.warning("no diagnostics of %s: %s", request.main.path, err)
            facts = None
        run = self._diagnosing.get(file)
        if run is None or run.request != request:
            return facts
        del self._diagnosing[file]
        if facts is not None:
            self._diagnosed[file] = (request, facts)
            if file not in self._timers:
                self.schedule((file,), SYMBOLS_DELAY_S)
        self._on_facts(file)
        return facts

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
