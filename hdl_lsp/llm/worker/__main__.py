"""The model worker: `python -m hdl_lsp.llm.worker`. Reads messages on one thread, runs llama.cpp on another.

Must take stdin and stdout away before anything native is imported: llama.cpp prints where it likes.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, assert_never

from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm import wire
from hdl_lsp.llm.wire import (
    Cancel,
    CountTokens,
    Failed,
    FromWorker,
    Generate,
    Health,
    Healthy,
    Load,
    WireError,
)
from hdl_lsp.workers.pipe import ChildPipe, Framing, take_stdio

if TYPE_CHECKING:
    from hdl_lsp.llm.worker.scheduler import Scheduler


def main() -> None:
    """Serves until the server closes the pipe."""
    pipe = take_stdio(Framing.LINES)
    try:
        from hdl_lsp.llm.worker import llama
        from hdl_lsp.llm.worker.scheduler import Scheduler

        llama.start()
    except ImportError as err:
        detail = f"llama-cpp-python can't be imported ({err}); pip install 'hdl-lsp[llm]'"
        refuse_everything(pipe, "missing", detail)
        return
    except (HdlLspError, OSError, RuntimeError) as err:  # a native library that can't be loaded
        refuse_everything(pipe, "missing", str(err))
        return
    scheduler = Scheduler(lambda message: send(pipe, message))
    threading.Thread(target=read, args=(pipe, scheduler), daemon=True).start()
    scheduler.run()


def send(pipe: ChildPipe, message: FromWorker) -> None:
    """One message to the server."""
    pipe.write(wire.encode(message))


def read(pipe: ChildPipe, scheduler: Scheduler) -> None:
    """The reading thread: hands messages on until the pipe ends, then ends the process."""
    while (line := pipe.read()) is not None:
        try:
            message = wire.decode_to_worker(line)
        except WireError as err:
            send(pipe, Failed(None, "message", str(err)))
            continue
        match message:
            case Load():
                scheduler.request_load(message)
            case Generate():
                scheduler.submit(message)
            case Cancel():
                scheduler.cancel(message)
            case CountTokens():
                scheduler.count(message)
            case Health():
                send(pipe, Healthy(message.id, scheduler.waiting()))
            case _:
                assert_never(message)
    os._exit(0)


def refuse_everything(pipe: ChildPipe, kind: str, detail: str) -> None:
    """Answers every message with why there is no model, until the pipe ends."""
    while (line := pipe.read()) is not None:
        try:
            message = wire.decode_to_worker(line)
        except WireError as err:
            send(pipe, Failed(None, "message", str(err)))
            continue
        send(pipe, Failed(None if isinstance(message, Load) else message.id, kind, detail))


if __name__ == "__main__":
    main()
