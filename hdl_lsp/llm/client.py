"""WorkerEngine: the server's end of the model worker. Starts it, asks it, survives it.

Must not import llama.cpp and must never block the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hdl_lsp.errors import (
    EngineError,
    HdlLspError,
    ModelError,
    ModelLoadError,
    WorkerError,
    WorkerGoneError,
)
from hdl_lsp.llm import messages, wire
from hdl_lsp.llm.engine import (
    ChatPrompt,
    EngineState,
    EngineStatus,
    FimPrompt,
    FinishReason,
    GenerateRequest,
    Generation,
)
from hdl_lsp.llm.wire import Cancel, Chunk, Counted, CountTokens, Done, Failed, Ready, Started
from hdl_lsp.workers.pipe import Framing
from hdl_lsp.workers.supervisor import Supervisor, WorkerExit, WorkerSpec, WorkerState

log = logging.getLogger(__name__)

NICENESS = 5  # a model must not make the editor slow
CANCEL_GRACE_S = 10.0  # a worker that ignores a cancellation this long is replaced
DEATHS_TO_QUARANTINE = 2  # a prompt (or a model) that killed the worker this often is refused
COUNTS_KEPT = 512  # token counts remembered

_ENVIRONMENT: Mapping[str, str] = {
    "OMP_WAIT_POLICY": "passive",  # spinning threads collapse on a busy machine: 4 instead of 49 tokens/s
    "GGML_NO_BACKTRACE": "1",  # a failed assertion would start a debugger on us and wait for it
}


@dataclass(slots=True)
class _Job:
    """A generation or count the worker has not answered yet."""

    answer: asyncio.Future[Done | Counted]
    on_text: Callable[[str], None] | None = None
    prompt: FimPrompt | ChatPrompt | None = None
    pieces: list[str] = field(default_factory=list[str])
    is_started: bool = False
    impatience: asyncio.TimerHandle | None = None  # set after a cancellation


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a model is loaded."""

    gpu_layers: int | None = None  # None: all that fit
    threads: int | None = None  # None: one core fewer than there are
    inline_tokens: int = 2048  # context of the INLINE lane; 0: not used
    chat_tokens: int = 4096


class WorkerEngine:
    """An Engine in a child process. Nothing starts before the first request or `warm`."""

    def __init__(
        self,
        model: Path | Callable[[], Path],
        *,
        name: str,
        options: WorkerOptions | None = None,
        on_change: Callable[[], None] | None = None,
    ) -> None:
        self._model = model  # a callable may take long (unpacking a model): run off the loop
        self._on_change = on_change  # called after `status().state` changed
        self._announced: EngineState | None = None
        self._name = name
        self._options = options or WorkerOptions()
        spec = WorkerSpec(
            "hdl_lsp.llm.worker",
            f"the model process for {name}",
            env=_ENVIRONMENT,
            niceness=NICENESS,
            framing=Framing.LINES,
        )
        self._supervisor = Supervisor(
            spec, self._on_frame, self._on_exit, lambda _state: self._announce()
        )
        self._ids = count(1)
        self._jobs: dict[int, _Job] = {}
        self._deaths: Counter[FimPrompt | ChatPrompt] = Counter()
        self._load_deaths = 0
        self._loading = asyncio.Lock()
        self._load_answer: asyncio.Future[Ready] | None = None
        self._ready: Ready | None = None
        self._load_error: HdlLspError | None = None
        self._is_closed = False
        self._tokens_per_s: float | None = None
        self._counts: OrderedDict[str, int] = OrderedDict()

    async def generate(
        self, request: GenerateRequest, on_text: Callable[[str], None] | None = None
    ) -> Generation:
        """See Engine.generate. The deadline includes starting and loading."""
        submitted = time.perf_counter()
        waited_ms = 0.0
        if self._deaths[request.prompt] >= DEATHS_TO_QUARANTINE:
            raise EngineError(f"{self._name} crashed twice on this request; it is not tried again")
        job = _Job(asyncio.get_running_loop().create_future(), on_text, request.prompt)
        job_id = next(self._ids)
        is_sent = False
        try:
            async with asyncio.timeout(request.deadline_s):
                await self.warm()
                waited_ms = (time.perf_counter() - submitted) * 1000
                self._jobs[job_id] = job
                self._supervisor.send(wire.encode(messages.message(job_id, request)))
                is_sent = True
                done = await asyncio.shield(job.answer)
        except TimeoutError:
            late = await self._give_up(job_id, job) if is_sent else None
            if late is not None:
                return self._generation(late, waited_ms)
            return Generation("".join(job.pieces), FinishReason.DEADLINE, model=self._name)
        except asyncio.CancelledError:
            if is_sent:
                self._cancel(job_id, FinishReason.CANCELLED)
            raise
        except WorkerError:
            self._jobs.pop(job_id, None)
            raise
        assert isinstance(done, Done)
        return self._generation(done, waited_ms)

    async def count_tokens(self, text: str) -> int:
        """See Engine.count_tokens; the last counts are remembered."""
        known = self._counts.get(text)
        if known is not None:
            self._counts.move_to_end(text)
            return known
        await self.warm()
        job = _Job(asyncio.get_running_loop().create_future())
        job_id = next(self._ids)
        self._jobs[job_id] = job
        try:
            self._supervisor.send(wire.encode(CountTokens(job_id, text)))
            answer = await job.answer
        finally:
            self._jobs.pop(job_id, None)
        assert isinstance(answer, Counted)
        self._counts[text] = answer.tokens
        if len(self._counts) > COUNTS_KEPT:
            self._counts.popitem(last=False)
        return answer.tokens

    async def warm(self) -> None:
        """Returns when the model is loaded; raises ModelError or WorkerError when it can't be."""
        if self._is_closed:
            raise EngineError(f"{self._name} was closed")
        async with self._loading:
            if self._load_error is not None:
                raise self._load_error
            if self._ready is not None and self._supervisor.state is WorkerState.RUNNING:
                return
            try:
                path = await self._path()
                await self._load(path)
            except ModelError as err:
                self._load_error = err
                self._announce()
                await self._supervisor.stop()
                raise
        self._announce()

    async def restart(self) -> None:
        """The user's way out of FAILED: forgets errors, deaths and quarantine, and loads again."""
        self._load_error = None
        self._load_deaths = 0
        self._deaths.clear()
        await self._supervisor.reset()
        await self.warm()

    def status(self) -> EngineStatus:
        """See Engine.status."""
        state, detail = self._state()
        ready = self._ready
        return EngineStatus(
            state,
            model=self._name,
            device=ready.device if ready else "",
            detail=detail,
            context_tokens=(ready.inline_tokens or ready.chat_tokens) if ready else 0,
            fim=ready.fim if ready else "",
            tokens_per_s=self._tokens_per_s,
            restarts=self._supervisor.restarts,
        )

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker while it lives."""
        return self._supervisor.pid

    async def close(self) -> None:
        """Ends the worker; idempotent. Waiting requests raise WorkerGoneError."""
        self._is_closed = True
        await self._supervisor.stop()

    def _announce(self) -> None:
        """Tells the listener when the state is another than it was told last."""
        state, _ = self._state()
        if state is not self._announced:
            self._announced = state
            if self._on_change is not None:
                self._on_change()

    def _state(self) -> tuple[EngineState, str]:
        """State and the sentence that goes with it."""
        if self._is_closed:
            return EngineState.OFF, "closed"
        if self._load_error is not None:
            return EngineState.FAILED, str(self._load_error)
        if self._supervisor.state is WorkerState.FAILED:
            return EngineState.FAILED, self._supervisor.failure
        if self._ready is None:
            is_loading = self._loading.locked()
            return EngineState.STARTING, "loading" if is_loading else "loads with the first request"
        if any(job.is_started for job in self._jobs.values()):
            return EngineState.BUSY, self._ready.detail
        return EngineState.READY, self._ready.detail

    async def _path(self) -> Path:
        """The model file."""
        if isinstance(self._model, Path):
            return self._model
        return await asyncio.to_thread(self._model)

    async def _load(self, path: Path) -> None:
        """Starts the process if need be and has it load the model."""
        if self._load_deaths >= DEATHS_TO_QUARANTINE:
            words = next(reversed(self._supervisor.stderr_tail()), "no reason given")
            raise ModelLoadError(f"loading {self._name} ends the model process: {words}")
        await self._supervisor.start()
        options = self._options
        message = wire.Load(
            str(path),
            options.threads,
            options.gpu_layers,
            options.inline_tokens,
            options.chat_tokens,
        )
        self._load_answer = asyncio.get_running_loop().create_future()
        try:
            self._supervisor.send(wire.encode(message))
            self._ready = await self._load_answer
        finally:
            self._load_answer = None
        self._load_deaths = 0
        log.info("%s: %s on %s", self._name, self._ready.description, self._ready.device)

    async def _give_up(self, job_id: int, job: _Job) -> Done | None:
        """Ends a generation whose time is over: the worker's word on what there is; None when it has none."""
        self._cancel(job_id, FinishReason.DEADLINE)
        with suppress(TimeoutError, HdlLspError):
            async with asyncio.timeout(CANCEL_GRACE_S):
                answer = await asyncio.shield(job.answer)
                return answer if isinstance(answer, Done) else None
        return None

    def _cancel(self, job_id: int, finish: FinishReason) -> None:
        """Tells the worker; when it does not react it is replaced."""
        job = self._jobs.get(job_id)
        if job is None or self._supervisor.state is not WorkerState.RUNNING:
            return
        self._supervisor.send(wire.encode(Cancel(job_id, finish.value)))
        loop = asyncio.get_running_loop()
        job.impatience = loop.call_later(CANCEL_GRACE_S, self._lose_patience, job_id)

    def _lose_patience(self, job_id: int) -> None:
        """The worker did not react to a cancellation."""
        if job_id in self._jobs:
            log.warning("the model process for %s does not react; replacing it", self._name)
            self._supervisor.recycle()

    def _generation(self, done: Done, waited_ms: float) -> Generation:
        """What the caller gets; its speed is remembered."""
        speed = messages.speed(done)
        if speed is not None:
            old = self._tokens_per_s
            self._tokens_per_s = speed if old is None else 0.7 * old + 0.3 * speed
        return messages.generation(done, waited_ms, self._name)

    def _on_frame(self, line: bytes) -> None:
        """One message of the worker."""
        match wire.decode_from_worker(line):
            case Ready() as ready:
                if self._load_answer is not None and not self._load_answer.done():
                    self._load_answer.set_result(ready)
            case Started(job_id):
                if job_id in self._jobs:
                    self._jobs[job_id].is_started = True
                    self._announce()
            case Chunk(job_id, text):
                if job_id in self._jobs:
                    self._pass_on(self._jobs[job_id], text)
            case Done() | Counted() as answer:
                job = self._finish(answer.id)
                if job is not None and not job.answer.done():
                    job.answer.set_result(answer)
            case Failed(job_id, kind, detail):
                self._on_failed(job_id, kind, detail)
            case _:
                return

    def _pass_on(self, job: _Job, text: str) -> None:
        """Streams a piece to the caller, whose mistakes don't reach the worker.

        Scheduled before the answer can be, so all pieces are there when `generate` returns.
        """
        job.pieces.append(text)
        if job.on_text is not None and not job.answer.done():
            asyncio.get_running_loop().call_soon(job.on_text, text)

    def _on_failed(self, job_id: int | None, kind: str, detail: str) -> None:
        """A refusal: of the model, or of one request."""
        if job_id is None:
            log.warning("%s: %s", self._name, detail)
            if self._load_answer is not None and not self._load_answer.done():
                self._load_answer.set_exception(ModelLoadError(detail))
            return
        job = self._finish(job_id)
        if job is not None and not job.answer.done():
            error = EngineError(detail) if kind == "request" else ModelLoadError(detail)
            job.answer.set_exception(error)
            job.answer.exception()  # seen: the caller may be gone

    def _finish(self, job_id: int) -> _Job | None:
        """Forgets a job the worker is done with."""
        job = self._jobs.pop(job_id, None)
        if job is not None and job.impatience is not None:
            job.impatience.cancel()
        self._announce()
        return job

    def _on_exit(self, exited: WorkerExit) -> None:
        """The process is gone: so are its model and its jobs; who ran is remembered."""
        error = WorkerGoneError(exited.sentence(self._supervisor.spec.name))
        self._ready = None
        if self._load_answer is not None and not self._load_answer.done():
            self._load_deaths += 0 if exited.is_planned else 1
            self._load_answer.set_exception(error)
        for job_id in tuple(self._jobs):
            job = self._finish(job_id)
            if job is None:
                continue
            if job.is_started and job.prompt is not None and not exited.is_planned:
                self._deaths[job.prompt] += 1
            if not job.answer.done():
                job.answer.set_exception(error)
                job.answer.exception()  # seen: the caller may be gone
