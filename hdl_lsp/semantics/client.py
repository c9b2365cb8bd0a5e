"""The server's end of an analysis process: questions with answers, whatever happens over there.

Must not interpret answers, nor import pyslang.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from hdl_lsp.errors import WorkerError, WorkerGoneError
from hdl_lsp.semantics.checked import Checked
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.design_query import DesignQuestion, NotElaborated, QuestionAnswer
from hdl_lsp.semantics.facts import Diagnostic, FileFacts, Severity
from hdl_lsp.semantics.name_uses import FileNames, NamesFound, NamesRequest
from hdl_lsp.semantics.request import (
    FAILED_CODE,
    CheckRequest,
    DesignRequest,
    DiagnosticsRequest,
    FactsRequest,
    IndexedFile,
    IndexRequest,
    Input,
    SummariesRequest,
)
from hdl_lsp.semantics.summary import FileSummary, SyntaxProblem
from hdl_lsp.semantics.summary_codec import decode
from hdl_lsp.semantics.turns import Turns
from hdl_lsp.semantics.wire import Answer
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workers.rpc import RpcWorker
from hdl_lsp.workers.supervisor import RestartPolicy, WorkerSpec, WorkerState

MEMORY_LIMIT_BYTES = 1 << 30
"""slang never frees a text it was given; above this the process is replaced when it has nothing to do."""

STACK_BYTES = 1 << 29
"""slang elaborates by recursion: on the usual 8 MiB an expression of 50,000 terms is a segmentation
fault. Only what is used of the stack takes memory."""

ANSWER_LIMIT_S = 20.0
"""Longest wait for facts of one file. The slowest real file takes a second; but slang's time grows with
the square of an expression's length (22 s for 50,000 terms), and one call can't be interrupted."""

NAMES_FILES = 4  # files searched at once: about 100 ms
INDEX_PATHS = 64  # files offered at once; the child takes as many as make 20 ms
BATCH_FILES = 8  # summaries asked for at once: about 20 ms, so that an open file waits no longer
DEATHS_PER_VERSION = 2  # as often a text may kill the process before it is set aside
SET_ASIDE_VERSIONS = 4  # so many versions of one file set aside, and the file is, whatever its text

T = TypeVar("T")

_CANDIDATE, _URGENT, _ASKED, _BACKGROUND = 0, 1, 2, 3

RESTART = RestartPolicy(max_restarts=12, window_s=60.0, delays_s=(0.0, 0.0, 0.25, 1.0))


@dataclass(frozen=True, slots=True)
class AnalysisStatus:
    """How an analysis process is doing, for the status display."""

    state: str  # a WorkerState value: "running", "restarting", "failed" ...
    restarts: int  # after deaths; planned replacements don't count
    detail: str  # a sentence when it failed; else ""


class AnalysisClient:
    """One supervised analysis process. The process starts with the first question.

    What is about to be shown goes first, then open files, questions, summaries. A task that is cancelled
    while it waits leaves nothing behind: its request is never sent, or its answer is dropped.
    """

    def __init__(
        self,
        name: str,
        *,
        on_state: Callable[[AnalysisStatus], None] | None = None,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        niceness: int = 0,
        stack_bytes: int = STACK_BYTES,
        answer_limit_s: float = ANSWER_LIMIT_S,
        restart: RestartPolicy = RESTART,
    ) -> None:
        self._on_state = on_state
        self._memory_limit_bytes = memory_limit_bytes
        self._answer_limit_s = answer_limit_s
        self._turns = Turns()
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._set_aside: Counter[str] = Counter()
        self._last_words = ""
        self._memory_bytes = 0
        self._ready_pid: int | None = None
        self._calls: set[asyncio.Task[object]] = set()
        self._is_closed = False
        spec = WorkerSpec(
            "hdl_lsp.semantics.child",
            name,
            args=(str(stack_bytes),),
            niceness=niceness,
            restart=restart,
        )
        self._worker = RpcWorker(spec, self._announce)

    async def start(self) -> None:
        """Starts the process ahead of the first question; raises WorkerError when it can't be."""
        await self._worker.start()

    async def facts(self, request: FactsRequest) -> FileFacts:
        """Facts of one file; with `failure` when slang can't analyse it. Raises WorkerError while down."""
        return await self._about_file(request, request.main)

    async def diagnostics(self, request: DiagnosticsRequest) -> FileFacts:
        """As facts(), with diagnostics only."""
        return await self._about_file(request, request.main)

    async def check(self, request: CheckRequest) -> Checked:
        """What candidates do to one file; never held against the file. Raises WorkerError while down or set aside."""
        main = request.before.main
        key = (f"candidates of {main.path}", main.digest)
        if self._is_set_aside((main.path, main.digest)) or self._is_set_aside(key):
            raise WorkerError(f"slang dies of {main.path}: {self._last_words}")
        try:
            value = await self._ask(request, _CANDIDATE, self._answer_limit_s)
        except TimeoutError as err:
            self._blame(key, f"no answer within {self._answer_limit_s:g} s", DEATHS_PER_VERSION)
            raise WorkerError(self._last_words) from err
        except WorkerGoneError as err:
            self._blame(key, str(err))
            raise
        return _expect(value, Checked)

    async def summaries(self, request: SummariesRequest) -> tuple[FileSummary, ...]:
        """Summaries in the order of the files; asked for in small batches, between other questions."""
        found: list[FileSummary] = []
        for start in range(0, len(request.files), BATCH_FILES):
            batch = request.files[start : start + BATCH_FILES]
            try:
                found += await self._summarise(batch)
            except WorkerGoneError:
                if self._is_closed:
                    raise
                for file in batch:  # one of them is to blame
                    found.append(await self._summarise_alone(file))
        return tuple(found)

    async def index(self, request: IndexRequest) -> tuple[IndexedFile, ...]:
        """One IndexedFile for every path, in order; asked for in small batches, between other questions."""
        found: list[IndexedFile] = []
        while len(found) < len(request.paths):
            batch = request.paths[len(found) : len(found) + INDEX_PATHS]
            try:
                found += await self._index(replace(request, paths=batch))
            except WorkerGoneError:
                if self._is_closed:
                    raise
                for path in batch:  # one of them is to blame
                    found.append(await self._index_alone(path))
        return tuple(found)

    async def design(self, request: DesignRequest) -> DesignFacts:
        """Facts of the whole design; with `failure` when slang can't elaborate it."""
        try:
            value = await self._ask(request, _ASKED)
        except WorkerGoneError as err:
            if self._is_closed:
                raise
            return DesignFacts(failure=f"slang can't elaborate this design: {err}")
        return _expect(value, DesignFacts)

    async def ask_design(
        self, question: DesignQuestion, limit_s: float | None = None
    ) -> QuestionAnswer | NotElaborated:
        """The answer about the design that was elaborated last. Raises WorkerError while down.

        NotElaborated when the process has another version, or was replaced since.
        """
        value = await self._ask(question, _ASKED, limit_s)
        if not isinstance(value, QuestionAnswer | NotElaborated):
            raise WorkerError(f"the analysis process sent {type(value).__name__}")
        return value

    @property
    def is_idle(self) -> bool:
        """Nothing is asked or answered right now."""
        return self._turns.is_idle

    @property
    def memory_bytes(self) -> int:
        """Resident memory of the process after its last answer; 0 before the first."""
        return self._memory_bytes

    def release(self, *, is_wanted_soon: bool = False) -> None:
        """Gives back the memory of everything that is kept; a fresh process comes now, or with the next question."""
        if self._turns.is_idle and self._worker.pid is not None:
            self._memory_bytes = 0
            if is_wanted_soon:
                self._worker.recycle()
            else:
                self._worker.rest()

    async def names(
        self, request: NamesRequest, done: Callable[[int], None] | None = None
    ) -> NamesFound:
        """What names mean in files; asked for a few files at a time, *done* is told how many there are so far.

        Raises WorkerGoneError when slang dies of it.
        """
        files: list[FileNames] = []
        last = NamesFound(())
        for start in range(0, max(1, len(request.files)), NAMES_FILES):
            some = request.files[start : start + NAMES_FILES]
            last = _expect(await self._ask(replace(request, files=some), _ASKED), NamesFound)
            files += last.files
            if done is not None:
                done(len(files))
        return replace(last, files=tuple(files))

    def status(self) -> AnalysisStatus:
        """How the process is doing right now."""
        return AnalysisStatus(self._worker.state.value, self._worker.restarts, self._worker.failure)

    async def reset(self) -> None:
        """The user's way out after too many deaths: starts again, and gives every file a new chance."""
        self._deaths.clear()
        self._set_aside.clear()
        await self._worker.reset()

    async def close(self) -> None:
        """Ends the process; idempotent."""
        self._is_closed = True
        for call in self._calls:
            call.cancel()
        if self._calls:
            await asyncio.wait(set(self._calls))
        await self._worker.stop()

    async def _about_file(
        self, request: FactsRequest | DiagnosticsRequest, main: Input
    ) -> FileFacts:
        """Facts about one file; a text that killed the process twice is not tried again."""
        key = (main.path, main.digest)
        while not self._is_set_aside(key):
            try:
                value = await self._ask(request, _URGENT, self._answer_limit_s)
            except TimeoutError:
                self._blame(key, f"no answer within {self._answer_limit_s:g} s", DEATHS_PER_VERSION)
                continue
            except WorkerGoneError as err:
                if self._is_closed:
                    raise
                self._blame(key, str(err))
                continue
            self._deaths.pop(key, None)
            return _expect(value, FileFacts)
        return _failed_facts(main, self._last_words)

    def _is_set_aside(self, key: tuple[str, str]) -> bool:
        """This version of a file, or all of the file, killed the process too often."""
        return (
            self._deaths.get(key, 0) >= DEATHS_PER_VERSION
            or self._set_aside.get(key[0], 0) >= SET_ASIDE_VERSIONS
        )

    def _blame(self, key: tuple[str, str], words: str, deaths: int = 1) -> None:
        """Counts *deaths* against one version of a file."""
        self._last_words = words
        self._deaths[key] += deaths
        if self._deaths[key] >= DEATHS_PER_VERSION:
            self._set_aside[key[0]] += 1

    async def _summarise(self, files: tuple[Input, ...]) -> list[FileSummary]:
        """Summaries of one batch."""
        made = await self._ask(SummariesRequest(files), _BACKGROUND)
        return [decode(data) for data in _expect_all(made, bytes)]

    async def _summarise_alone(self, file: Input) -> FileSummary:
        """The summary of one file of a batch that killed the process."""
        try:
            (summary,) = await self._summarise((file,))
        except WorkerGoneError as err:
            if self._is_closed:
                raise
            message = f"slang can't parse this file: {err}"
            return FileSummary(problems=(SyntaxProblem(FAILED_CODE, message, span(0, 0)),))
        return summary

    async def _index(self, request: IndexRequest) -> list[IndexedFile]:
        """What the process made of the first paths of one batch, at least of one."""
        made = _expect_all(await self._ask(request, _BACKGROUND), IndexedFile)
        if not made or [file.path for file in made] != list(request.paths[: len(made)]):
            raise WorkerError("the analysis process sent an index of other files")
        return made

    async def _index_alone(self, path: str) -> IndexedFile:
        """One file of a batch that killed the process: without slang if it does so again."""
        failure = ""
        for _ in range(2):
            try:
                (file,) = await self._index(IndexRequest((path,), failure))
            except WorkerGoneError as err:
                if self._is_closed:
                    raise
                failure = f"slang can't parse this file: {err}"
            else:
                return file
        return IndexedFile(path)

    async def _ask(self, request: object, priority: int, limit_s: float | None = None) -> object:
        """The process's answer. Raises TimeoutError after *limit_s* seconds in the process.

        The call is a task of its own: one that has begun can't be interrupted, so it keeps its turn
        to the end even if nobody waits for it any more; one that has not is cancelled with us.
        """
        begun = asyncio.Event()
        call = asyncio.create_task(self._call(request, priority, limit_s, begun))
        self._calls.add(call)
        call.add_done_callback(self._forget)
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._is_closed and task is not None and not task.cancelling():
                raise WorkerGoneError("the analysis process was stopped") from None
            if not begun.is_set():
                call.cancel()
            raise

    async def _call(
        self, request: object, priority: int, limit_s: float | None, begun: asyncio.Event
    ) -> object:
        """One call in its turn; the process is replaced if it took too long or has grown too big."""
        async with self._turns.turn(priority):
            begun.set()
            await self._wait_until_ready()
            try:
                async with asyncio.timeout(limit_s):
                    answer = await self._worker.call(request)
            except TimeoutError:
                self._worker.recycle()
                raise
            if not isinstance(answer, Answer):
                raise WorkerError("the analysis process sent an unknown answer")
            self._memory_bytes = answer.memory_bytes
            is_big = answer.memory_bytes > self._memory_limit_bytes
            is_huge = answer.memory_bytes > 2 * self._memory_limit_bytes
            if is_huge or (is_big and not self._turns.has_waiters):
                self._worker.recycle()
            return answer.value

    async def _wait_until_ready(self) -> None:
        """Starts the process if need be; a new one takes its time to import, which is nobody's answer."""
        await self._worker.start()
        if self._worker.pid != self._ready_pid:
            await self._worker.call(SummariesRequest(()))
            self._ready_pid = self._worker.pid

    def _forget(self, call: asyncio.Task[object]) -> None:
        """Lets go of a finished call; a failure that nobody waited for is no news."""
        self._calls.discard(call)
        if not call.cancelled():
            call.exception()

    def _announce(self, _state: WorkerState) -> None:
        """Tells the owner about a new state."""
        if self._on_state is not None:
            self._on_state(self.status())


def _failed_facts(main: Input, words: str) -> FileFacts:
    """All that can be said about a file that kills slang."""
    failure = f"slang can't analyse this file: {words or 'its process died'}"
    first_line: Span = SourceText.of(main.text or "").line_span(0)
    hint = Diagnostic(
        first_line,
        Severity.WARNING,
        FAILED_CODE,
        f"{failure}; diagnostics and types are off until it changes",
        source="hdl-lsp",
    )
    return FileFacts(main.path, main.digest, diagnostics=(hint,), failure=failure)


def _expect(value: object, kind: type[T]) -> T:
    """*value*, which the process has promised to be a *kind*."""
    if not isinstance(value, kind):
        raise WorkerError(f"the analysis process sent {type(value).__name__}, not {kind.__name__}")
    return value


def _expect_all(value: object, kind: type[T]) -> list[T]:
    """The elements of the tuple *value*, each of which has to be a *kind*."""
    return [_expect(element, kind) for element in cast("tuple[object, ...]", _expect(value, tuple))]
