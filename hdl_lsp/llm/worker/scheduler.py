"""Jobs between two threads: the reader submits and cancels, the decoder runs. All llama.cpp calls are here.

Must not read or parse messages, and must not decide whose turn it is (llm.queue does).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hdl_lsp.errors import EngineError, HdlLspError, ModelError
from hdl_lsp.llm import wire
from hdl_lsp.llm.engine import FinishReason, Lane
from hdl_lsp.llm.queue import JobQueue, Ticket
from hdl_lsp.llm.wire import Cancel, Counted, CountTokens, Failed, FromWorker, Generate, Load
from hdl_lsp.llm.worker.generation import Generation, Progress
from hdl_lsp.llm.worker.loading import LoadedModel, load


class Scheduler:
    """Shared state of reader and decoder, guarded by one lock that is never held while decoding."""

    def __init__(self, send: Callable[[FromWorker], None]) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._queue = JobQueue()
        self._requests: dict[int, tuple[Generate, float]] = {}  # with the time of arrival
        self._begun: dict[int, Generation] = {}
        self._verdicts: dict[int, FinishReason] = {}  # running jobs that have to end
        self._load: Load | None = None
        self._loaded: LoadedModel | None = None

    # Reader's side.

    def request_load(self, message: Load) -> None:
        """The decoder will load this model next."""
        with self._changed:
            self._load = message
            self._changed.notify()

    def submit(self, message: Generate) -> None:
        """Queues a generation; ends those it supersedes."""
        with self._changed:
            self._requests[message.id] = (message, time.perf_counter())
            ticket = Ticket(message.id, Lane(message.lane), message.document)
            for superseded in self._queue.submit(ticket):
                self._end(superseded, FinishReason.CANCELLED)
            if self._queue.must_yield():
                self._interrupt()
            self._changed.notify()

    def cancel(self, message: Cancel) -> None:
        """Ends a generation; nothing when it has ended already."""
        with self._changed:
            if message.id in self._requests:
                self._queue.remove(message.id)
                self._end(message.id, FinishReason(message.finish))

    def count(self, message: CountTokens) -> None:
        """Answers at once: the vocabulary is read-only, so this needs not wait for the decoder."""
        loaded = self._loaded
        if loaded is None:
            self._send(Failed(message.id, "request", "no model is loaded"))
            return
        self._send(Counted(message.id, len(loaded.model.tokenise(message.text))))

    def waiting(self) -> int:
        """Generations that wait or run."""
        with self._changed:
            return len(self._requests)

    def _end(self, job_id: int, finish: FinishReason) -> None:
        """Ends a job: at once when it waits, at the next opportunity when it runs. Lock held."""
        running = self._queue.running
        if running is not None and running.id == job_id:
            self._verdicts[job_id] = finish
            self._interrupt()
            return
        job = self._begun.pop(job_id, None)
        message, arrived = self._requests.pop(job_id)
        if job is not None:
            job.close()
            self._send(job.done(finish))
            return
        waited_ms = (time.perf_counter() - arrived) * 1000
        self._send(wire.Done(message.id, "", finish.value, waited_ms, 0.0, 0.0, waited_ms, 0, 0, 0))

    def _interrupt(self) -> None:
        """Stops the decode under way. Lock held."""
        running = self._queue.running
        job = self._begun.get(running.id) if running is not None else None
        if job is not None:
            job.context.abort.set()

    # Decoder's side.

    def run(self) -> None:
        """Loads and generates for ever; called by the thread that owns llama.cpp."""
        while True:
            with self._changed:
                ticket = None
                while self._load is None and (ticket := self._queue.take()) is None:
                    self._changed.wait()
                message, self._load = self._load, None
            if message is not None:
                self._replace_model(message)
            if ticket is not None:
                self._run(ticket)

    def _replace_model(self, message: Load) -> None:
        """Loads a model in place of the old one; a failure is a message."""
        if self._loaded is not None:
            loaded, self._loaded = self._loaded, None
            loaded.close()
        try:
            self._loaded = load(message)
        except ModelError as err:
            self._send(Failed(None, "model", str(err)))
            return
        self._send(self._loaded.ready)

    def _run(self, ticket: Ticket) -> None:
        """Advances one job until it ends or has to make way."""
        try:
            job = self._job(ticket)
            while True:
                progress, text = job.advance()
                if text:
                    self._send(wire.Chunk(ticket.id, text))
                if self._is_over(ticket, job, progress):
                    return
        except HdlLspError as err:
            with self._changed:
                self._forget(ticket.id)
            self._send(Failed(ticket.id, "request", str(err)))

    def _job(self, ticket: Ticket) -> Generation:
        """The generation of *ticket*, begun now or resumed."""
        with self._changed:
            job = self._begun.get(ticket.id)
            message, arrived = self._requests[ticket.id]
        if job is None:
            if self._loaded is None:
                raise EngineError("no model is loaded")
            context = self._loaded.context(ticket.lane)
            self._send(wire.Started(ticket.id))
            job = Generation(message, arrived, self._loaded.model, context, self._loaded.fim_format)
        with self._changed:
            self._begun[ticket.id] = job
            job.context.abort.clear()
            if ticket.id in self._verdicts or self._queue.must_yield():
                job.context.abort.set()
        return job

    def _is_over(self, ticket: Ticket, job: Generation, progress: Progress) -> bool:
        """Whether the decoder is done with *ticket* for now; reports its end."""
        with self._changed:
            finish = job.finish or self._verdicts.get(ticket.id)
            if finish is not None:
                self._forget(ticket.id)
                self._send(job.done(finish))
                return True
            if self._queue.must_yield():
                self._queue.put_back()
                return True
            if progress is Progress.INTERRUPTED:
                job.context.abort.clear()
            return False

    def _forget(self, job_id: int) -> None:
        """Drops every trace of the running job. Lock held."""
        self._queue.finish()
        self._requests.pop(job_id, None)
        self._verdicts.pop(job_id, None)
        job = self._begun.pop(job_id, None)
        if job is not None:
            job.close()
