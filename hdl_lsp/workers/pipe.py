"""Messages on a pipe, and the child's end of it: a private copy of fd 1 that nobody prints into.

Must not start processes, and must not import anything native: a child calls `take_stdio` before
it does.

Two framings. LINES: one JSON text per line, readable in a log. FRAMES: an 8-byte big-endian
length, then that many bytes, for pickles of megabytes. A worker uses one for its whole life.
"""

from __future__ import annotations

import ctypes
import io
import os
import signal
import sys
import threading
from enum import Enum
from typing import BinaryIO

from hdl_lsp.errors import WorkerError

LENGTH_BYTES = 8
MAX_FRAME_BYTES = 1 << 30  # a length above this is not a length: somebody printed into the pipe

NICENESS_VARIABLE = "HDL_LSP_WORKER_NICENESS"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Framing(Enum):
    """How messages are told apart on the pipe."""

    LINES = "lines"
    FRAMES = "frames"


def encode(framing: Framing, payload: bytes) -> bytes:
    """*payload* as it goes over the pipe; raises ValueError for a newline inside a line."""
    if framing is Framing.FRAMES:
        return len(payload).to_bytes(LENGTH_BYTES, "big") + payload
    if b"\n" in payload:
        raise ValueError("a line message may not contain a newline")
    return payload + b"\n"


def frame_length(header: bytes) -> int:
    """The payload length that a FRAMES header announces; raises WorkerError if it can't be one."""
    length = int.from_bytes(header, "big")
    if length > MAX_FRAME_BYTES:
        raise WorkerError("a worker process wrote something that is not a message")
    return length


class ChildPipe:
    """The child's end: blocking reads for one thread, writes from any thread."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO, framing: Framing) -> None:
        self._reader = reader
        self._writer = writer
        self._framing = framing
        self._write_lock = threading.Lock()

    def read(self) -> bytes | None:
        """The next message; None when the parent closed its end or died."""
        if self._framing is Framing.LINES:
            line = self._reader.readline()
            return line[:-1] if line.endswith(b"\n") else None
        header = self._read_exactly(LENGTH_BYTES)
        if header is None:
            return None
        return self._read_exactly(frame_length(header))

    def write(self, payload: bytes) -> None:
        """Sends one message; raises OSError when the parent is gone."""
        frame = encode(self._framing, payload)
        with self._write_lock:
            self._writer.write(frame)
            self._writer.flush()

    def _read_exactly(self, count: int) -> bytes | None:
        """*count* bytes, or None when the pipe ends before."""
        payload = self._reader.read(count)
        return payload if len(payload) == count else None


def take_stdio(framing: Framing) -> ChildPipe:
    """The pipe to the parent, made private: from now on fd 1 is stderr and fd 0 is empty.

    Also lowers this process's priority as the parent asked, and asks Linux to end it with its
    parent. Call once, first thing, before native libraries are imported.
    """
    protocol_in = os.dup(0)
    protocol_out = os.dup(1)
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdout = sys.stderr
    _lower_priority()
    _die_with_parent()
    reader = io.BufferedReader(io.FileIO(protocol_in, "rb"))
    writer = io.BufferedWriter(io.FileIO(protocol_out, "wb"))
    return ChildPipe(reader, writer, framing)


def _lower_priority() -> None:
    """Applies the niceness that the supervisor put into the environment (not on Windows)."""
    niceness = os.environ.get(NICENESS_VARIABLE, "0")
    if hasattr(os, "nice") and niceness.isdigit() and int(niceness) > 0:
        os.nice(int(niceness))


def _die_with_parent() -> None:
    """Linux: SIGKILL when the parent's thread ends. Elsewhere the end of stdin is the only sign."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):  # a libc without prctl: the end of stdin still tells us
        return
