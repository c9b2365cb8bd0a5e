"""A child process for the tests of workers: does what the request says."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from hdl_lsp.errors import ProjectError
from hdl_lsp.workers import rpc


class Unreadable:
    """Can be pickled and not unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        """Names a function that refuses."""
        return (int, ("not a number",))


def do(request: object) -> object:
    """Carries out one request tuple."""
    assert isinstance(request, tuple)
    match request:
        case ("echo", value):
            return value
        case ("pid",):
            return os.getpid()
        case ("env", name):
            return os.environ.get(name)
        case ("nice",):
            return os.nice(0)
        case ("print", text):
            print(text, flush=True)
            os.write(1, b"raw bytes on fd 1\n")
            return None
        case ("say", text):
            print(text, file=sys.stderr, flush=True)
            return None
        case ("exit", code):
            os._exit(code)
        case ("signal", number):
            os.kill(os.getpid(), number)
            return signal.pause()
        case ("raise user",):
            raise ProjectError("no such file list")
        case ("raise bug",):
            raise KeyError("gone")
        case ("unreadable",):
            return Unreadable()
        case ("lambda",):
            return lambda: 1
        case ("touch", path):
            with Path(path).open("w") as out:
                out.write("begun")
            return None
        case ("hold", fifo):
            with Path(
                fifo
            ).open() as held:  # opens together with the test, ends when the test closes it
                return held.read()
        case _:
            raise AssertionError(request)


if __name__ == "__main__":
    rpc.serve(do)
