"""One child process of ours, kept alive: spawn, state, last words, bounded restarts, a sure stop.

Must not know what messages mean: `on_frame` gets bytes. Everything here runs on one event loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from hdl_lsp.errors import WorkerError, WorkerGoneError
from hdl_lsp.workers import child, pipe
from hdl_lsp.workers.pipe import Framing

log = logging.getLogger(__name__)

STDERR_LINES_KEPT = 100
STDERR_LINE_BYTES = 2_000  # a longer line is cut: native code sometimes prints tensors
READ_BYTES = 1 << 20
EXIT_GRACE_S = 5.0  # from the end of its stdout to the end of the process


class WorkerState(Enum):
    """Life of a worker process."""

    STOPPED = "stopped"  # never started, or stopped on request
    STARTING = "starting"
    RUNNING = "running"  # the process exists; whether it is ready is its protocol's business
    RESTARTING = "restarting"  # died or recycled; a new one comes after the back-off
    FAILED = "failed"  # died too often: only reset() brings it back


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """How often a dying worker is started again before we give up."""

    max_restarts: int = 5
    window_s: float = 60.0  # restarts older than this are forgiven
    delays_s: tuple[float, ...] = (0.0, 0.25, 1.0, 2.0, 4.0)  # the last one repeats


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What to run: `python -m module args...` with this interpreter."""

    module: str
    name: str  # for people: "the analysis process"
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict[str, str])  # added to ours
    niceness: int = 0  # 0-19; ignored where there is no nice(2)
    framing: Framing = Framing.FRAMES
    restart: RestartPolicy = RestartPolicy()


@dataclass(frozen=True, slots=True)
class WorkerExit:
    """How a worker process ended."""

    returncode: int  # negative: minus the signal number
    stderr: tuple[str, ...]  # last lines, oldest first
    is_planned: bool  # stop() or recycle() asked for it

    def sentence(self, name: str) -> str:
        """For people: which process ended how, with its last line on stderr."""
        how = f"signal {-self.returncode}" if self.returncode < 0 else f"exit {self.returncode}"
        words = f": {self.stderr[-1]}" if self.stderr else ""
        return f"{name} ended ({how}){words}"


def _ignore_exit(_exit: WorkerExit) -> None:
    """The default for `on_exit`."""


def _ignore_state(_state: WorkerState) -> None:
    """The default for `on_state`."""


class Supervisor:
    """Owns one worker process. Invariant: at most one process exists, and one task waits for it."""

    def __init__(
        self,
        spec: WorkerSpec,
        on_frame: Callable[[bytes], None],  # raises WorkerError for what is no message
        on_exit: Callable[[WorkerExit], None] = _ignore_exit,
        on_state: Callable[[WorkerState], None] = _ignore_state,
    ) -> None:
        self.spec = spec
        self.restarts = 0  # unplanned ones, in all
        self._on_frame = on_frame
        self._on_exit = on_exit
        self._on_state = on_state
        self._state = WorkerState.STOPPED
        self._process: Process | None = None
        self._life: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._settled = asyncio.Event()  # RUNNING, FAILED or STOPPED: nothing to wait for
        self._is_recycling = False
        self._is_resting = False  # ended on purpose until somebody calls start()
        self._wanted = asyncio.Event()  # no longer resting
        self._deaths: deque[float] = deque()
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES_KEPT)
        self._failure = ""

    @property
    def state(self) -> WorkerState:
        """The state right now."""
        return self._state

    @property
    def failure(self) -> str:
        """Why the state is FAILED; "" otherwise."""
        return self._failure

    @property
    def pid(self) -> int | None:
        """Process id while one exists."""
        return self._process.pid if self._process is not None else None

    def stderr_tail(self) -> tuple[str, ...]:
        """The last lines the worker wrote to stderr, across restarts, oldest first."""
        return tuple(self._stderr)

    async def start(self) -> None:
        """Returns when the process exists (again); raises WorkerError when FAILED."""
        while self._state is not WorkerState.RUNNING:
            if self._state is WorkerState.FAILED:
                raise WorkerError(self._failure)
            if self._life is None or self._life.done():
                self._stopping.clear()
                self._is_resting = False
                self._set_state(WorkerState.STARTING)
                self._life = asyncio.create_task(
                    self._live(), name=f"{self.spec.module} supervisor"
                )
            elif self._is_resting:
                self._wake()
            await self._settled.wait()
            if self._state is WorkerState.STOPPED:
                raise WorkerGoneError(f"{self.spec.name} was stopped")

    def send(self, payload: bytes) -> None:
        """Queues one message for the child; raises WorkerGoneError while there is none."""
        process = self._process
        if process is None or process.stdin is None or self._state is not WorkerState.RUNNING:
            raise WorkerGoneError(self._failure or f"{self.spec.name} is not running")
        process.stdin.write(pipe.encode(self.spec.framing, payload))

    def recycle(self) -> None:
        """Replaces the process at once, not counted as a failure; requests under way are lost."""
        if self._process is not None and self._state is WorkerState.RUNNING:
            self._is_recycling = True
            self._set_state(WorkerState.RESTARTING)
            self._kill(self._process)

    def rest(self) -> None:
        """Ends the process, not counted as a failure; start() brings a new one."""
        if self._process is not None and self._state is WorkerState.RUNNING:
            self._wanted.clear()
            self._is_resting = self._is_recycling = True
            self._set_state(WorkerState.STOPPED)
            self._kill(self._process)

    def _wake(self) -> None:
        self._is_resting = False
        self._set_state(WorkerState.STARTING)
        self._wanted.set()

    async def reset(self) -> None:
        """The user's way out of FAILED: forgets past deaths and starts again."""
        self._deaths.clear()
        if self._state is WorkerState.FAILED:
            self._failure = ""
            self._set_state(WorkerState.STOPPED)
        await self.start()

    async def stop(self, grace_s: float = 2.0) -> None:
        """Closes the process's stdin and kills it if it lives *grace_s* s later; idempotent."""
        self._stopping.set()
        self._wanted.set()
        if self._state is not WorkerState.FAILED:
            self._set_state(WorkerState.STOPPED)
        life = self._life
        if life is None:
            return
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        done, _ = await asyncio.wait({life}, timeout=grace_s)
        if not done and self._process is not None:
            self._kill(self._process)
        await asyncio.wait({life})
        if self._life is life:
            self._life = None

    async def _live(self) -> None:
        """Spawns, pumps and respawns until stopped or failed."""
        try:
            while not self._stopping.is_set():
                exited = await self._run_once()
                if exited is None:
                    return
                self._on_exit(exited)
                if self._is_resting:
                    await self._wanted.wait()
                if self._stopping.is_set():
                    break
                if not exited.is_planned and not await self._back_off(exited):
                    return
                self._set_state(WorkerState.RESTARTING)
            self._set_state(WorkerState.STOPPED)
        except asyncio.CancelledError:
            self._set_state(WorkerState.STOPPED)
            raise
        finally:
            if self._state not in (WorkerState.STOPPED, WorkerState.FAILED):
                # A callback raised: our mistake, which the task reports. Nobody may wait for ever.
                self._fail(f"{self.spec.name} can't be supervised any more")
                self._on_exit(WorkerExit(-1, self.stderr_tail(), is_planned=False))

    async def _run_once(self) -> WorkerExit | None:
        """One process from spawn to exit; None, and FAILED, when it could not be spawned."""
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command(self.spec.module, *self.spec.args),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=child.environment(
                    {**self.spec.env, pipe.NICENESS_VARIABLE: str(self.spec.niceness)}
                ),
                limit=READ_BYTES,
            )
        except OSError as err:
            self._fail(f"can't start {self.spec.name}: {err}")
            return None
        self._process = process
        try:
            if self._stopping.is_set():
                self._kill(process)
            else:
                self._set_state(WorkerState.RUNNING)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump_stderr(process))
                await self._pump_stdout(process)
                with suppress(TimeoutError):
                    async with asyncio.timeout(EXIT_GRACE_S):
                        await process.wait()
                self._kill(process)
            returncode = await process.wait()
        finally:
            self._kill(process)
            self._process = None
        is_planned = self._stopping.is_set() or self._is_recycling
        self._is_recycling = False
        return WorkerExit(returncode, self.stderr_tail(), is_planned)

    async def _pump_stdout(self, process: Process) -> None:
        """Hands every message to `on_frame`; one that can't be understood ends the process."""
        assert process.stdout is not None
        try:
            if self.spec.framing is Framing.LINES:
                await self._pump_lines(process.stdout)
            else:
                await self._pump_frames(process.stdout)
        except asyncio.IncompleteReadError:
            return
        except WorkerError as err:
            log.warning("%s: %s; restarting it", self.spec.name, err)
            self._kill(process)

    async def _pump_lines(self, stdout: asyncio.StreamReader) -> None:
        """LINES framing, without the stream's limit on line length."""
        pending = bytearray()
        while chunk := await stdout.read(READ_BYTES):
            searched = len(pending)
            pending += chunk
            while (end := pending.find(b"\n", searched)) >= 0:
                line = bytes(pending[:end])
                del pending[: end + 1]
                searched = 0
                self._on_frame(line)

    async def _pump_frames(self, stdout: asyncio.StreamReader) -> None:
        """FRAMES framing; ends by IncompleteReadError at the end of the stream."""
        while True:
            header = await stdout.readexactly(pipe.LENGTH_BYTES)
            self._on_frame(await stdout.readexactly(pipe.frame_length(header)))

    async def _pump_stderr(self, process: Process) -> None:
        """Keeps the last lines and logs them at debug."""
        assert process.stderr is not None
        pending = b""
        while chunk := await process.stderr.read(READ_BYTES):
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                self._keep_stderr(line)
            pending = pending[-STDERR_LINE_BYTES:]
        if pending:
            self._keep_stderr(pending)

    def _keep_stderr(self, line: bytes) -> None:
        """Remembers one line of stderr."""
        text = line[:STDERR_LINE_BYTES].decode("utf-8", "replace").rstrip()
        if text:
            self._stderr.append(text)
            log.debug("%s: %s", self.spec.name, text)

    async def _back_off(self, exited: WorkerExit) -> bool:
        """Waits as the policy says after a death; False when the circuit breaker opens."""
        policy = self.spec.restart
        now = time.monotonic()
        self._deaths.append(now)
        while self._deaths and self._deaths[0] < now - policy.window_s:
            self._deaths.popleft()
        log.warning("%s", exited.sentence(self.spec.name))
        if len(self._deaths) > policy.max_restarts:
            self._fail(
                f"{exited.sentence(self.spec.name)}; gave up after {policy.max_restarts} restarts"
                f" in {policy.window_s:.0f} s"
            )
            return False
        self._set_state(WorkerState.RESTARTING)
        self.restarts += 1
        delay_s = policy.delays_s[min(len(self._deaths), len(policy.delays_s)) - 1]
        if delay_s > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(delay_s):
                    await self._stopping.wait()
        return True

    def _fail(self, reason: str) -> None:
        """Opens the circuit breaker."""
        self._failure = reason
        log.error("%s", reason)
        self._set_state(WorkerState.FAILED)

    def _set_state(self, state: WorkerState) -> None:
        """Records and announces a state."""
        is_new = state is not self._state
        self._state = state
        if state in (WorkerState.RUNNING, WorkerState.FAILED, WorkerState.STOPPED):
            self._settled.set()
        else:
            self._settled.clear()
        if is_new:
            self._on_state(state)

    def _kill(self, process: Process) -> None:
        """Ends the process now, if it still lives."""
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
