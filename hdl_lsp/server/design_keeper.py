"""The whole design: elaborated when it is saved or rests, asked about later, let go of when nobody asks.

Must not know LSP. Everything runs on the event loop; every task and timer is held here and ended by close().
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from hdl_lsp.config import DesignConfig
from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.design_query import (
    NO_TOP,
    ChildrenOf,
    DesignQuestion,
    DesignValues,
    InstancePage,
    NotElaborated,
    Question,
    QuestionAnswer,
    SignalAnswer,
)
from hdl_lsp.semantics.design_union import together
from hdl_lsp.semantics.request import DesignRequest
from hdl_lsp.server.design_lists import DesignLists
from hdl_lsp.server.listeners import Listeners
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.snapshot import Snapshot

log = logging.getLogger(__name__)

TRIES = 3
"""Times a question is asked while the process loses what it has elaborated in between."""

QUICK_S = 0.4
LONGEST_REST_S = 5.0
"""A design that takes longer than QUICK_S waits as long as the last time took, but no longer than this."""

SHORTEST_KEEP_S = 1.0  # also with keep_minutes = 0: a question comes right after its elaboration

NOT_READ = "the workspace is still being read"

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """What the process has elaborated for one workspace folder."""

    key: Key  # of what it was made of
    version: int
    facts: DesignFacts
    is_kept: bool = True  # False: told once, then let go of


class DesignKeeper:
    """One elaboration at a time, of the newest texts. Invariant: `facts` are those of the last one that ended."""

    def __init__(
        self,
        client: Callable[[], AnalysisClient],
        world: Callable[[], Snapshot | None],
        config: Callable[[], DesignConfig],
        listeners: Listeners,
        elaborated: Callable[[DesignFacts], None],
    ) -> None:
        """*world* is None while the workspace is being read for the first time; it may cost milliseconds.

        *elaborated* gets the facts before any listener is told.
        """
        self._client = client
        self._world = world
        self._config = config
        self._listeners = listeners
        self._elaborated = elaborated
        self.facts: DesignFacts | None = None
        self.duration_s = 0.0  # of the last elaboration, with the way there and back
        self._held: dict[int, _Held] = {}
        self._running: tuple[int, asyncio.Task[None]] | None = None  # revision and task
        self._lists = DesignLists()
        self._versions = count(1)
        self._idle_timer: asyncio.TimerHandle | None = None
        self._release_timer: asyncio.TimerHandle | None = None
        self._used_at = 0.0

    @property
    def is_kept(self) -> bool:
        """A design is in memory, ready to be asked about."""
        return any(held.is_kept for held in self._held.values())

    @property
    def is_busy(self) -> bool:
        """Elaborating right now."""
        return self._running is not None and not self._running[1].done()

    def changed(self) -> None:
        """A text has changed: elaborate when it has rested, if so configured."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        config = self._config()
        if config.elaborate != "idle":
            return
        rest_s = config.delay_ms / 1000
        if self.duration_s > QUICK_S:
            rest_s = max(rest_s, min(self.duration_s, LONGEST_REST_S))
        self._idle_timer = asyncio.get_running_loop().call_later(rest_s, self._on_rest)

    def elaborate(self) -> asyncio.Task[None] | None:
        """The task that elaborates what has changed; listeners are told. None while the folders are read."""
        world = self._world()
        if world is None:
            return None
        if self._running is not None:
            running, task = self._running
            if not task.done() and running == world.revision:
                return task
            task.cancel()
        task = asyncio.create_task(self._elaborate(world), name="design")
        self._running = (world.revision, task)
        return task

    async def query(self, question: Question) -> QuestionAnswer | NotElaborated:
        """The answer about the present texts, elaborated first if need be; else why there is none."""
        for _ in range(TRIES):
            if not await self._finish():
                return NotElaborated(NOT_READ)
            answer = await self._ask(question)
            if answer is not None:
                return answer
        return NotElaborated("the design was lost while it was asked about; try again")

    async def peek(self, question: Question, wait_s: float) -> QuestionAnswer | None:
        """The answer about what was elaborated last, if the process is free and answers at once; else None."""
        if not self.is_kept or self.is_busy or not self._client().is_idle:
            return None
        try:
            async with asyncio.timeout(wait_s):
                answer = await self._ask(question)
        except TimeoutError:
            return None
        return None if isinstance(answer, NotElaborated) else answer

    def forget(self) -> None:
        """The process is another one: nothing is held any more."""
        self._held = {slot: replace(held, is_kept=False) for slot, held in self._held.items()}

    async def close(self) -> None:
        """Ends everything under way."""
        for timer in (self._idle_timer, self._release_timer):
            if timer is not None:
                timer.cancel()
        if self._running is not None:
            self._running[1].cancel()
            await asyncio.wait({self._running[1]})

    # --- elaborating ----------------------------------------------------------------------------------------

    def _on_rest(self) -> None:
        """The text has rested. Without a top or a project there is nothing to report about the whole."""
        self._idle_timer = None
        world = self._world()
        if world is not None and (world.project.is_configured or self._has_top()):
            self.elaborate()

    def _has_top(self) -> bool:
        return self.facts is not None and bool(self.facts.tops)

    async def _elaborate(self, world: Snapshot) -> None:
        """Elaborates every folder whose texts are not those that are held."""
        started = time.monotonic()
        is_news = False
        wanted = [closure.request_of(world, one) for one in await self._lists.of(world)]
        for slot, request in enumerate(wanted):
            held, key = self._held.get(slot), _key(world, request)
            if held is not None and held.key == key and held.is_kept and not held.facts.failure:
                continue
            if not request.options.tops and not request.options.is_configured:
                # Nothing about it would be shown: nobody has said what the whole is.
                self._held[slot] = _Held(key, 0, DesignFacts(is_lint_only=True), is_kept=False)
                continue
            version = next(self._versions)
            try:
                asked = replace(request, slot=slot, version=version)
                facts = await self._client().design(asked)
            except HdlLspError as err:
                log.warning("the design was not elaborated: %s", err)
                self._listeners.status()
                return
            is_news = is_news or held is None or held.facts != facts
            self._held[slot] = _Held(key, version, facts)
            self.duration_s = time.monotonic() - started
        for slot in [slot for slot in self._held if slot >= len(wanted)]:
            del self._held[slot]
        self.facts = together([self._held[slot].facts for slot in sorted(self._held)])
        self._elaborated(self.facts)
        self._used()
        if is_news:
            self._listeners.design()
        self._listeners.status()

    async def _finish(self) -> bool:
        """Waits until the present texts are elaborated; false while the workspace is read."""
        if self.elaborate() is None:
            return False
        while self._running is not None and not self._running[1].done():
            await asyncio.wait({self._running[1]})  # cancelling the waiter leaves it alone
        return True

    # --- asking ---------------------------------------------------------------------------------------------

    async def _ask(self, question: Question) -> QuestionAnswer | NotElaborated | None:
        """The answer of the first folder that knows one; None when the process has lost a design."""
        self._used()
        told: list[QuestionAnswer] = []
        reasons: list[str] = []
        for slot, held in sorted(self._held.items()):
            if held.facts.failure and not held.facts.tops:
                reasons.append(held.facts.failure)
                continue
            if not held.version:
                reasons.append(NO_TOP)
                continue
            asked = DesignQuestion(question, held.version, slot)
            try:
                answer = await self._client().ask_design(asked)
            except HdlLspError as err:
                log.warning("no answer about the design: %s", err)
                self._held[slot] = replace(held, is_kept=False)
                return None
            if not isinstance(answer, NotElaborated):
                told.append(answer)
            elif answer.reason:
                reasons.append(answer.reason)
            else:
                self._held[slot] = replace(held, is_kept=False)
                return None
        if not told:
            return NotElaborated(self._wrong_tops() or "; ".join(dict.fromkeys(reasons)))
        if isinstance(question, ChildrenOf) and not question.path:
            return _tops(told)
        return next((answer for answer in told if _is_known(answer)), told[0])

    def _wrong_tops(self) -> str:
        """The sentence for configured tops of which no file declares one; "" when that is not the reason."""
        world = self._world()
        tops = world.project.tops if world is not None else ()
        if world is None or not tops or any(world.index.units(top) for top in tops):
            return ""
        return f"no file of the project declares the top {', '.join(tops)}"

    # --- letting go -----------------------------------------------------------------------------------------

    def _used(self) -> None:
        """Somebody wants the design: it stays for a while."""
        loop = asyncio.get_running_loop()
        self._used_at = loop.time()
        if self._release_timer is None:
            self._release_timer = loop.call_later(self._keep_s(), self._release_if_idle)

    def _release_if_idle(self) -> None:
        self._release_timer = None
        loop = asyncio.get_running_loop()
        left_s = self._used_at + self._keep_s() - loop.time()
        if left_s > 0 or self.is_busy or not self._client().is_idle:
            self._release_timer = loop.call_later(
                max(left_s, SHORTEST_KEEP_S), self._release_if_idle
            )
            return
        if self.is_kept:
            log.info("the design was let go of: nobody asked for a while")
            self._client().release()
            self.forget()
            self._listeners.status()

    def _keep_s(self) -> float:
        return max(SHORTEST_KEEP_S, 60.0 * self._config().keep_minutes)


def _key(world: Snapshot, request: DesignRequest) -> Key:
    """What tells two designs apart: options, files with their texts, and the open headers."""
    own = {file.path for file in request.files}
    texts: list[object] = []
    for file in request.files:
        known = world.table.find(file.path)
        digest = file.digest or (world.index.digest_of(known) if known is not None else None)
        texts.append((file.path, digest))
    headers = tuple(sorted((p, t) for p, t in request.overlays.items() if p not in own))
    closed = tuple(
        (path, world.index.digest_of(file))
        for path in request.options.macro_files
        if (file := world.table.find(path)) is not None
    )
    return (request.options, tuple(texts), headers, closed)


def _tops(told: list[QuestionAnswer]) -> InstancePage:
    """The tops of all folders on one page."""
    pages = [page for page in told if isinstance(page, InstancePage)]
    return InstancePage(
        tuple(one for page in pages for one in page.instances),
        pages[0].start,
        sum(page.total for page in pages),
    )


def _is_known(answer: QuestionAnswer) -> bool:
    match answer:
        case InstancePage():
            return answer.is_known
        case SignalAnswer():
            return bool(answer.path)
        case DesignValues():
            return bool(answer.values)
