"""Framing of messages, and a supervisor over JSON lines."""

from __future__ import annotations

import asyncio
import io
import json

import pytest

from hdl_lsp.errors import WorkerError
from hdl_lsp.workers.pipe import LENGTH_BYTES, ChildPipe, Framing, encode, frame_length
from hdl_lsp.workers.supervisor import Supervisor, WorkerExit, WorkerSpec, WorkerState


@pytest.mark.parametrize("framing", list(Framing))
def test_messages_come_out_as_they_went_in(framing: Framing) -> None:
    """What one end encodes the other end reads, message by message, then None at the end."""
    messages = [b"{}", b"", b'{"text": "\xc3\xa4"}']
    stream = io.BytesIO(b"".join(encode(framing, message) for message in messages))
    pipe = ChildPipe(stream, io.BytesIO(), framing)
    assert [pipe.read() for _ in range(4)] == [*messages, None]


@pytest.mark.parametrize("framing", list(Framing))
def test_message_cut_short_is_the_end(framing: Framing) -> None:
    """A parent that died in the middle of a message gives None, not half a message."""
    whole = encode(framing, b'{"a": 1}')
    pipe = ChildPipe(io.BytesIO(whole[:-1]), io.BytesIO(), framing)
    assert pipe.read() is None


def test_newline_in_a_line_message_is_refused() -> None:
    """A LINES payload with a newline would be two messages."""
    with pytest.raises(ValueError, match="newline"):
        encode(Framing.LINES, b"a\nb")


def test_text_in_place_of_a_length_is_refused() -> None:
    """Somebody's print in the pipe is recognised instead of waited for."""
    with pytest.raises(WorkerError, match="not a message"):
        frame_length(b"Hello, w"[:LENGTH_BYTES])


async def test_lines_of_any_length_pass_the_supervisor() -> None:
    """A JSON line far beyond asyncio's stream limit is one message."""
    got: asyncio.Queue[bytes] = asyncio.Queue()
    exits: list[WorkerExit] = []
    states: list[WorkerState] = []
    spec = WorkerSpec("tests.workers.line_child", "the echo", framing=Framing.LINES)
    supervisor = Supervisor(spec, got.put_nowait, exits.append, states.append)
    await supervisor.start()
    long = json.dumps({"text": "x" * 3_000_000}).encode()
    supervisor.send(long)
    supervisor.send(b'{"text": "y"}')
    assert [await got.get(), await got.get()] == [long, b'{"text": "y"}']
    await supervisor.stop()
    assert [(end.returncode, end.is_planned) for end in exits] == [(0, True)]
    assert states == [WorkerState.STARTING, WorkerState.RUNNING, WorkerState.STOPPED]


async def test_frame_that_is_not_understood_restarts_the_child() -> None:
    """A callback that refuses a message ends the process instead of leaving it half-read."""
    states: asyncio.Queue[WorkerState] = asyncio.Queue()

    def refuse(frame: bytes) -> None:
        raise WorkerError(f"what is {frame!r}")

    spec = WorkerSpec("tests.workers.line_child", "the echo", framing=Framing.LINES)
    supervisor = Supervisor(spec, refuse, on_state=states.put_nowait)
    await supervisor.start()
    supervisor.send(b"nonsense")
    seen = [await states.get() for _ in range(4)]
    await supervisor.stop()
    assert seen[2:] == [WorkerState.RESTARTING, WorkerState.RUNNING]
