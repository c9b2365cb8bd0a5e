"""Calls with answers to a child process: pickled objects out, pickled objects back.

Must not interpret requests. Pickle is safe here: both ends are the same program on one machine.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import queue
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from hdl_lsp.errors import HdlLspError, WorkerError, WorkerGoneError
from hdl_lsp.workers.pipe import ChildPipe, Framing, take_stdio
from hdl_lsp.workers.supervisor import Supervisor, WorkerExit, WorkerSpec, WorkerState


@dataclass(frozen=True, slots=True)
class _Call:
    """Parent to child: do this."""

    id: int
    request: object


@dataclass(frozen=True, slots=True)
class _Answer:
    """Child to parent: what the function returned."""

    id: int
    value: object


@dataclass(frozen=True, slots=True)
class _Failure:
    """Child to parent: what was raised. An HdlLspError crosses as itself, all else as text."""

    id: int
    error: HdlLspError


class RpcWorker:
    """The parent's end. The process starts with the first call and is restarted when it dies.

    One call is in the child at a time, the others wait here in the order of calling: a call that
    kills the process fails alone, and one cancelled before its turn is never sent. A cancelled
    call that has begun runs to its end, the next one waits for that, and its answer is dropped
    (see `recycle`).
    """

    def __init__(
        self, spec: WorkerSpec, on_state: Callable[[WorkerState], None] | None = None
    ) -> None:
        if spec.framing is not Framing.FRAMES:
            raise ValueError("calls need Framing.FRAMES")
        self._turn = asyncio.Lock()
        self._ids = count(1)
        self._current_id = 0
        self._current: asyncio.Future[_Answer | _Failure | WorkerExit] | None = None  # in the child
        self._waiting = 0
        self._supervisor = Supervisor(
            spec, self._on_frame, self._on_exit, on_state or (lambda _state: None)
        )

    @property
    def state(self) -> WorkerState:
        """State of the process."""
        return self._supervisor.state

    @property
    def failure(self) -> str:
        """Why the state is FAILED; "" otherwise."""
        return self._supervisor.failure

    @property
    def restarts(self) -> int:
        """How often the process died and was started again."""
        return self._supervisor.restarts

    @property
    def pid(self) -> int | None:
        """Process id while there is one."""
        return self._supervisor.pid

    @property
    def calls_waiting(self) -> int:
        """Calls that have no answer yet."""
        return self._waiting

    def stderr_tail(self) -> tuple[str, ...]:
        """The last lines the child wrote to stderr, oldest first."""
        return self._supervisor.stderr_tail()

    async def start(self) -> None:
        """Starts the process ahead of the first call; raises WorkerError when it can't be."""
        await self._supervisor.start()

    async def call(self, request: object) -> object:
        """The child's answer to *request*; both must be picklable.

        Raises WorkerGoneError when the child dies meanwhile, WorkerError when it gave up or its
        function raised something unforeseen, and any HdlLspError that its function raised.
        """
        self._waiting += 1
        try:
            async with self._turn:
                outcome = await self._converse(request)
        finally:
            self._waiting -= 1
        match outcome:
            case _Answer(_, value):
                return value
            case _Failure(_, error):
                raise error
            case WorkerExit():
                raise WorkerGoneError(outcome.sentence(self._supervisor.spec.name))

    def recycle(self) -> None:
        """Replaces the process at once (a call that takes too long, memory to give back).

        The call under way raises WorkerGoneError; those waiting for their turn go to the new one.
        """
        self._supervisor.recycle()

    def rest(self) -> None:
        """Ends the process at once, to give its memory back; the next call starts another."""
        self._supervisor.rest()

    async def reset(self) -> None:
        """Starts again after the restarts were used up."""
        await self._supervisor.reset()

    async def stop(self) -> None:
        """Ends the process; idempotent."""
        await self._supervisor.stop()

    async def _converse(self, request: object) -> _Answer | _Failure | WorkerExit:
        """Sends one call when the child is free and waits for what comes of it."""
        if self._current is not None:
            await asyncio.wait({self._current})  # left behind by a caller that was cancelled
        await self._supervisor.start()
        self._current_id = next(self._ids)
        self._current = asyncio.get_running_loop().create_future()
        try:
            self._supervisor.send(_dump(_Call(self._current_id, request)))
        except BaseException:
            self._current = None
            raise
        return await asyncio.shield(self._current)

    def _on_frame(self, payload: bytes) -> None:
        """Completes the call under way."""
        try:
            message = _load(payload)  # our own child wrote it
        except Exception as err:  # the worker loop; unpickling can raise anything
            raise WorkerError(f"{self._supervisor.spec.name} sent a broken answer: {err}") from err
        if not isinstance(message, _Answer | _Failure) or message.id != self._current_id:
            raise WorkerError(f"{self._supervisor.spec.name} sent an unknown message")
        self._complete(message)

    def _on_exit(self, exited: WorkerExit) -> None:
        """Nobody waits for a dead process."""
        self._complete(exited)

    def _complete(self, outcome: _Answer | _Failure | WorkerExit) -> None:
        """Gives the call under way its outcome, if there is one."""
        if self._current is not None and not self._current.done():
            self._current.set_result(outcome)


def serve(function: Callable[[object], object]) -> None:
    """The child's main loop: answers calls with `function(request)` until the pipe is closed.

    Takes over stdin and stdout first. A second thread reads, so that the child ends with its
    parent even in the middle of a long call.
    """
    pipe = take_stdio(Framing.FRAMES)
    calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
    threading.Thread(target=_read_calls, args=(pipe, calls), daemon=True).start()
    while True:
        pipe.write(_answer(calls.get(), function))


def _read_calls(pipe: ChildPipe, calls: queue.SimpleQueue[_Call]) -> None:
    """Reads until the pipe ends, then ends the process without waiting for the call under way."""
    while (payload := pipe.read()) is not None:
        message = _load(payload)  # our own parent wrote it
        assert isinstance(message, _Call)
        calls.put(message)
    os._exit(0)


def _answer(call: _Call, function: Callable[[object], object]) -> bytes:
    """The pickled answer or failure of one call."""
    try:
        return _dump(_Answer(call.id, function(call.request)))
    except HdlLspError as err:
        return _dump(_Failure(call.id, err))
    except Exception as err:  # the worker loop: one call fails, not the process
        traceback.print_exc()
        text = f"{type(err).__name__}: {err}"
        return _dump(_Failure(call.id, WorkerError(text)))


def _load(payload: bytes) -> object:
    """The message in *payload*. Without garbage collection, which walks what is being built: three times as fast."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(payload)
    finally:
        if was_enabled:
            gc.enable()


def _dump(message: object) -> bytes:
    """*message* as bytes; raises what pickle raises for an object that can't cross."""
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
