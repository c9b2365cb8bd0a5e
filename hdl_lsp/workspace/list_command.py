"""Runs a command that prints a file list: without a shell, for a bounded time, and no more output than fits.

Must not decide whether a command may be run (project_files/command.py does).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.project_files.world import Printed

TIME_LIMIT_S = 30.0
MAX_OUTPUT_BYTES = 10_000_000  # 100,000 long lines
MAX_ERROR_BYTES = 2000


def run(arguments: Sequence[str], folder: str, time_limit_s: float = TIME_LIMIT_S) -> Printed:
    """What the program prints when it is started in *folder*. Blocks; never raises."""
    name = arguments[0]
    try:
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that its own children can be ended with it
        )
    except (OSError, ValueError) as err:
        reason = err.strerror if isinstance(err, OSError) else str(err)
        return Printed(wrong=f"can't run {name}: {reason}")
    said: list[bytes] = []
    ended = threading.Event()
    listener = threading.Thread(target=_listen, args=(process, said), daemon=True)
    listener.start()
    clock = threading.Timer(time_limit_s, lambda: (ended.set(), _end(process)))
    clock.start()
    with process:
        assert process.stdout is not None
        output = process.stdout.read(MAX_OUTPUT_BYTES + 1)
        if len(output) > MAX_OUTPUT_BYTES:
            _end(process)
        process.wait()
        clock.cancel()
        listener.join()
    if ended.is_set():
        return Printed(wrong=f"{name} was stopped after {time_limit_s:g} s")
    if len(output) > MAX_OUTPUT_BYTES:
        return Printed(wrong=f"{name} printed more than {MAX_OUTPUT_BYTES} bytes")
    if process.returncode:
        first = decode(b"".join(said)).text.strip().split("\n")[0]
        why = f": {first}" if first else ""
        return Printed(wrong=f"{name} ended with {process.returncode}{why}")
    return Printed(decode(output).text)


def _listen(process: subprocess.Popen[bytes], said: list[bytes]) -> None:
    """Keeps the beginning of what the program says on standard error, and reads the rest away."""
    assert process.stderr is not None
    said.append(process.stderr.read(MAX_ERROR_BYTES))
    while process.stderr.read(65_536):
        pass


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and everything it started."""
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
