"""Stands between an editor and a server and writes both sides' messages as JSON lines.

usage: tee.py LOG COMMAND [ARGUMENT...]

Each line is `{"from": "client" | "server", "message": ...}`, in the order of passing. What is not a message of the
protocol (a missing or odd header, a body that is not JSON) is passed on all the same and written as `{"from": ...,
"broken": "..."}`. Must not change a byte of what it forwards. Knows nothing of hdl_lsp.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, TextIO

_lock = threading.Lock()


def forward(source: IO[bytes], target: IO[bytes], who: str, log: TextIO) -> None:
    """Copies messages until *source* ends, then closes *target*."""
    try:
        while header := _read_header(source):
            length = _content_length(header)
            if length is None:
                _write(log, {"from": who, "broken": header.decode("latin-1")})
                target.write(header)
                target.flush()
                continue
            body = source.read(length)
            # Written before it is passed on: an answer never stands above its question.
            try:
                _write(log, {"from": who, "message": json.loads(body)})
            except ValueError:
                _write(log, {"from": who, "broken": body.decode("latin-1")})
            target.write(header + body)
            target.flush()
    except BrokenPipeError:
        _write(log, {"from": who, "closed": "the other side is gone"})
    finally:
        with contextlib.suppress(BrokenPipeError):
            target.close()


def _read_header(source: IO[bytes]) -> bytes:
    """Everything up to and with the empty line; shorter at the end of the stream."""
    header = b""
    while not header.endswith(b"\r\n\r\n"):
        line = source.readline()
        if not line:
            return header
        header += line
    return header


def _content_length(header: bytes) -> int | None:
    for line in header.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return None


def _write(log: TextIO, entry: object) -> None:
    with _lock:
        log.write(json.dumps(entry) + "\n")
        log.flush()


def main() -> None:
    """Runs the command until it ends; its exit status is ours."""
    with Path(sys.argv[1]).open("a", encoding="utf-8") as log:
        server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert server.stdin is not None
        assert server.stdout is not None
        up = (sys.stdin.buffer, server.stdin, "client", log)
        threading.Thread(target=forward, args=up, daemon=True).start()
        forward(server.stdout, sys.stdout.buffer, "server", log)
        status = server.wait()
        _write(log, {"from": "server", "exit": status})
        os._exit(status)  # the other thread may still wait for the editor


if __name__ == "__main__":
    main()
