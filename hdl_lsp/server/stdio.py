"""The server's private stdin and stdout: whole messages in, whole messages out, no blocking.

Must not know LSP beyond the `Content-Length` header (LSP 3.18, "Base Protocol"), and must not
print: once taken, fd 1 belongs to the protocol alone and `print` goes to stderr.
"""

from __future__ import annotations

import json
import os
import queue
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

READ_BYTES = 1 << 16
MAX_MESSAGE_BYTES = 1 << 30  # a longer announced message is not a message
_HEADER_END = b"\r\n\r\n"
_CONTENT_LENGTH = re.compile(
    rb"^content-length:[ \t]*(\d{1,12})[ \t]*$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Descriptors:
    """File descriptors that only the protocol uses."""

    read: int
    write: int


def take_stdio() -> Descriptors:
    """Private copies of fd 0 and 1; from now on fd 1 is stderr and fd 0 is empty."""
    taken = Descriptors(os.dup(0), os.dup(1))
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(taken.read, os.O_BINARY)
        msvcrt.setmode(taken.write, os.O_BINARY)
    return taken


class MessageSplitter:
    """Cuts a stream of bytes into message bodies. Invariant: `_length` is known or no header ended yet."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._length: int | None = None

    def feed(self, chunk: bytes) -> list[bytes]:
        """The bodies that *chunk* completes, in order; a header without a length is skipped."""
        self._pending += chunk
        bodies: list[bytes] = []
        while True:
            if self._length is None and not self._read_header():
                return bodies
            if self._length is None:
                continue
            if len(self._pending) < self._length:
                return bodies
            bodies.append(bytes(self._pending[: self._length]))
            del self._pending[: self._length]
            self._length = None

    def _read_header(self) -> bool:
        """Takes one header off the pending bytes; False when it has not ended yet."""
        end = self._pending.find(_HEADER_END)
        if end < 0:
            return False
        found = _CONTENT_LENGTH.search(bytes(self._pending[:end]).replace(b"\r\n", b"\n"))
        del self._pending[: end + len(_HEADER_END)]
        if found is not None and int(found.group(1)) <= MAX_MESSAGE_BYTES:
            self._length = int(found.group(1))
        return True


def read_messages(
    descriptor: int, loop: asyncio.AbstractEventLoop, deliver: Callable[[bytes | None], None]
) -> None:
    """Starts a thread that calls *deliver* on *loop* with every body, and with None at the end.

    A thread, because pipes can't be watched on Windows; a daemon, so that it never delays an exit.
    """

    def post(body: bytes | None) -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody listens any more
            loop.call_soon_threadsafe(deliver, body)

    def read() -> None:
        splitter = MessageSplitter()
        while chunk := _read(descriptor):
            for body in splitter.feed(chunk):
                post(body)
        post(None)

    threading.Thread(target=read, name="stdin", daemon=True).start()


def _read(descriptor: int) -> bytes:
    """The next bytes; empty at the end of the stream, and when it breaks."""
    try:
        return os.read(descriptor, READ_BYTES)
    except OSError:
        return b""


def framed(message: Mapping[str, object]) -> bytes:
    """A JSON message with its header."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class MessageWriter:
    """Writes messages in the background, so that a client that does not read never stalls the loop."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="stdout", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Queues one message, header included."""
        self._queue.put(data)

    def close(self) -> None:
        """Nothing is written after what is queued now."""
        self._queue.put(None)

    def finish(self, timeout_s: float) -> None:
        """Waits until all is written, at most *timeout_s* seconds."""
        self.close()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        """The thread: one message after the other until closed or the client is gone."""
        while (data := self._queue.get()) is not None:
            view = memoryview(data)
            while view:
                try:
                    written = os.write(self._descriptor, view)
                except OSError:  # the client is gone; the end of stdin says so to the loop
                    return
                view = view[written:]
