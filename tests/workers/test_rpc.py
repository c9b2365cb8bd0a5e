"""Calls to a real child process: answers, failures, deaths, cancellation, recycling."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

import pytest

from hdl_lsp.errors import ProjectError, WorkerError, WorkerGoneError
from hdl_lsp.workers.rpc import RpcWorker
from hdl_lsp.workers.supervisor import RestartPolicy, WorkerSpec, WorkerState

SPEC = WorkerSpec(
    "tests.workers.child",
    "the test process",
    env={"HDL_LSP_TEST": "added"},
    niceness=3,
    restart=RestartPolicy(max_restarts=2, delays_s=(0.0,)),
)


@pytest.fixture
async def worker() -> AsyncIterator[RpcWorker]:
    """A worker that is stopped after the test."""
    worker = RpcWorker(SPEC)
    yield worker
    await worker.stop()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A named pipe: opening it meets the child inside its call, closing it lets the child go on."""
    path = tmp_path / "hold"
    os.mkfifo(path)
    return path


async def enter(fifo: Path) -> TextIO:
    """Returns when the child is inside ("hold", fifo)."""
    return await asyncio.to_thread(fifo.open, "w")


async def test_first_call_starts_the_process(worker: RpcWorker) -> None:
    """A worker that was never started answers its first call."""
    assert worker.state is WorkerState.STOPPED
    assert await worker.call(("echo", {"a": (1, 2)})) == {"a": (1, 2)}
    assert worker.state is WorkerState.RUNNING


async def test_megabytes_cross_unchanged(worker: RpcWorker) -> None:
    """A payload of several megabytes with newlines in it comes back as it was."""
    blob = bytes(range(256)) * 20_000
    assert await worker.call(("echo", blob)) == blob


async def test_many_calls_are_answered_to_their_callers(worker: RpcWorker) -> None:
    """Concurrent calls each get their own answer."""
    answers = await asyncio.gather(*(worker.call(("echo", n)) for n in range(200)))
    assert answers == list(range(200))


async def test_environment_and_niceness_reach_the_child(worker: RpcWorker) -> None:
    """The spec's environment is added and the priority lowered."""
    assert await worker.call(("env", "HDL_LSP_TEST")) == "added"
    assert await worker.call(("nice",)) == min(19, os.nice(0) + 3)


async def test_child_imports_nothing_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A json.py or pickle.py in the user's workspace is not run by the child."""
    (tmp_path / "pickle.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    worker = RpcWorker(SPEC)
    try:
        assert await worker.call(("echo", 1)) == 1
    finally:
        await worker.stop()


async def test_printing_does_not_damage_the_protocol(worker: RpcWorker) -> None:
    """print() and native writes to fd 1 end up in the stderr tail, not between the answers."""
    await worker.call(("print", "hello"))
    assert await worker.call(("echo", "still fine")) == "still fine"
    await worker.stop()
    assert "hello" in worker.stderr_tail()
    assert "raw bytes on fd 1" in worker.stderr_tail()


async def test_only_the_last_lines_of_stderr_are_kept(worker: RpcWorker) -> None:
    """The stderr tail is bounded and holds the newest lines."""
    await worker.call(("say", "\n".join(f"line {n}" for n in range(250))))
    await worker.stop()
    tail = worker.stderr_tail()
    assert (len(tail), tail[0], tail[-1]) == (100, "line 150", "line 249")


async def test_error_for_the_user_crosses_as_itself(worker: RpcWorker) -> None:
    """An HdlLspError of the child is raised with its class and sentence."""
    with pytest.raises(ProjectError, match=r"^no such file list$"):
        await worker.call(("raise user",))


async def test_unforeseen_error_is_a_worker_error_and_the_process_lives(worker: RpcWorker) -> None:
    """A bug in the child fails one call; the next is answered by the same process."""
    pid = await worker.call(("pid",))
    with pytest.raises(WorkerError, match="KeyError: 'gone'"):
        await worker.call(("raise bug",))
    assert await worker.call(("pid",)) == pid


async def test_answer_that_can_not_be_pickled_fails_its_call_only(worker: RpcWorker) -> None:
    """An unpicklable answer is an error, not a dead or silent worker."""
    with pytest.raises(WorkerError):
        await worker.call(("lambda",))
    assert await worker.call(("echo", 2)) == 2


async def test_death_fails_the_call_under_way_and_no_other(worker: RpcWorker) -> None:
    """A segmentation fault fails its own call; those behind it are answered by a new process."""
    results = await asyncio.gather(
        worker.call(("signal", signal.SIGSEGV)),
        worker.call(("echo", 1)),
        return_exceptions=True,
    )
    assert isinstance(results[0], WorkerGoneError)
    assert "the test process ended (signal 11)" in str(results[0])
    assert results[1] == 1
    assert worker.restarts == 1


async def test_call_behind_an_abandoned_one_waits_and_gets_its_own_answer(
    worker: RpcWorker, fifo: Path
) -> None:
    """The answer of a cancelled call that had begun is not taken for the next call's."""
    abandoned = asyncio.create_task(worker.call(("hold", str(fifo))))
    held = await enter(fifo)
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    after = asyncio.create_task(worker.call(("echo", "mine")))
    await asyncio.sleep(0)
    held.close()
    assert await after == "mine"
    assert worker.calls_waiting == 0


async def test_last_words_are_in_the_error(worker: RpcWorker) -> None:
    """The error for a dead child quotes its last line on stderr."""
    await worker.call(("say", "out of memory in frobnicate"))
    with pytest.raises(WorkerGoneError, match=r"exit 3\): out of memory in frobnicate"):
        await worker.call(("exit", 3))


async def test_too_many_deaths_open_the_circuit_breaker_until_reset(worker: RpcWorker) -> None:
    """After the allowed restarts calls fail at once, and reset() brings the worker back."""
    for _ in range(3):
        with pytest.raises(WorkerGoneError):
            await worker.call(("exit", 1))
    with pytest.raises(WorkerError, match="gave up after 2 restarts in 60 s"):
        await worker.call(("echo", 1))
    assert worker.state is WorkerState.FAILED
    await worker.reset()
    assert await worker.call(("echo", 1)) == 1


async def test_cancelled_call_that_has_not_begun_is_never_run(
    worker: RpcWorker, fifo: Path, tmp_path: Path
) -> None:
    """A call cancelled while another runs leaves no trace in the child."""
    first = asyncio.create_task(worker.call(("hold", str(fifo))))
    held = await enter(fifo)
    second = asyncio.create_task(worker.call(("touch", str(tmp_path / "trace"))))
    third = asyncio.create_task(worker.call(("touch", str(tmp_path / "other"))))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    held.write("done")
    held.close()
    assert await first == "done"
    await third
    assert ((tmp_path / "trace").exists(), (tmp_path / "other").exists()) == (False, True)


async def test_recycle_replaces_a_hanging_process_without_counting(
    worker: RpcWorker, fifo: Path
) -> None:
    """recycle() fails the call under way, starts a new process and uses up no restart."""
    pid = await worker.call(("pid",))
    hanging = asyncio.create_task(worker.call(("hold", str(fifo))))
    held = await enter(fifo)
    worker.recycle()
    with pytest.raises(WorkerGoneError):
        await hanging
    held.close()
    assert await worker.call(("pid",)) != pid
    assert worker.restarts == 0


async def test_rest_ends_the_process_until_the_next_call(worker: RpcWorker) -> None:
    """rest() ends the process, and only the next call starts another; that uses up no restart."""
    pid = await worker.call(("pid",))
    worker.rest()
    assert worker.state is WorkerState.STOPPED
    assert await worker.call(("pid",)) != pid
    assert (worker.state, worker.restarts) == (WorkerState.RUNNING, 0)


async def test_stop_ends_a_resting_worker(worker: RpcWorker) -> None:
    """A worker that rests stops, and can be called again."""
    pid = await worker.call(("pid",))
    worker.rest()
    await worker.stop()
    assert (worker.pid, worker.state) == (None, WorkerState.STOPPED)
    assert await worker.call(("pid",)) != pid


async def test_stop_ends_a_busy_process(fifo: Path) -> None:
    """stop() during a call ends the process; stopping twice is fine."""
    worker = RpcWorker(SPEC)
    pid = await worker.call(("pid",))
    hanging = asyncio.create_task(worker.call(("hold", str(fifo))))
    held = await enter(fifo)
    await worker.stop()
    await worker.stop()
    with pytest.raises(WorkerGoneError):
        await hanging
    held.close()
    assert worker.state is WorkerState.STOPPED
    assert isinstance(pid, int)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_module_that_does_not_exist_gives_up_with_its_reason() -> None:
    """A child that can't even import fails with the interpreter's own words."""
    states: list[WorkerState] = []
    spec = WorkerSpec("tests.workers.nothing_here", "the test process", restart=SPEC.restart)
    worker = RpcWorker(spec, states.append)
    answered = 0
    while worker.state is not WorkerState.FAILED:
        try:
            await worker.call(("echo", 1))
            answered += 1
        except WorkerError:
            continue
    assert answered == 0
    assert "No module named tests.workers.nothing_here" in worker.failure
    assert states[-1] is WorkerState.FAILED
    await worker.stop()


async def test_answer_that_can_not_be_unpickled_here_is_a_dead_worker(worker: RpcWorker) -> None:
    """A broken answer replaces the process and fails the call instead of leaving it waiting."""
    pid = await worker.call(("pid",))
    with pytest.raises(WorkerGoneError):
        await worker.call(("unreadable",))
    assert await worker.call(("pid",)) != pid
