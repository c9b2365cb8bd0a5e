"""The analysis process: answers the requests of semantics.request one after the other.

Must not write to stdout (it is the protocol's). Started by semantics.client only.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from hdl_lsp.errors import WorkerError
from hdl_lsp.semantics import design_answers
from hdl_lsp.semantics.candidates import Candidates
from hdl_lsp.semantics.child.indexing import index
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_query import DesignQuestion
from hdl_lsp.semantics.letting_go import settle
from hdl_lsp.semantics.name_uses import NamesRequest
from hdl_lsp.semantics.plain_file import plain_bytes
from hdl_lsp.semantics.request import (
    CheckRequest,
    DesignRequest,
    DiagnosticsRequest,
    FactsRequest,
    IndexRequest,
    Input,
    SummariesRequest,
)
from hdl_lsp.semantics.resolution import Resolver
from hdl_lsp.semantics.summariser import summarise
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.semantics.summary_codec import encode
from hdl_lsp.semantics.wire import Answer
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from hdl_lsp.workers import rpc

MOST_BYTES = 6 << 30
"""OpenTitan's largest chip takes 1.1 GB; what needs five times that is an `include of a device, or a bomb."""

OUT_OF_MEMORY = 12  # exit status; ENOMEM


class Analysis:
    """Answers requests; the one owner of all that slang made."""

    def __init__(self) -> None:
        self._compiler = Compiler()
        self._candidates = Candidates(self._compiler)
        self._designers: defaultdict[int, Designer] = defaultdict(Designer)
        self._resolver = Resolver(self._compiler, self._designers[0])

    def answer(self, request: object) -> Answer:
        """The answer to one request of semantics.request."""
        return Answer(self._value(request), memory_bytes())

    def _value(self, request: object) -> object:
        match request:
            case FactsRequest():
                return self._compiler.facts(request)
            case DiagnosticsRequest():
                return self._compiler.diagnostics(request)
            case CheckRequest():
                return self._candidates.checked(request)
            case SummariesRequest():
                return tuple(encode(_summary(file)) for file in request.files)
            case IndexRequest():
                return index(request)
            case DesignRequest():
                return self._designers[request.slot].facts(request)
            case DesignQuestion():
                return design_answers.answer(self._designers[request.slot].last, request)
            case NamesRequest():
                return self._resolver.answer(request)
            case _:
                raise WorkerError(f"unknown request {type(request).__name__}")


def memory_bytes() -> int:
    """Resident memory of this process; 0 where /proc does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return _peak_memory_bytes()
    return pages * os.sysconf("SC_PAGE_SIZE")


def _peak_memory_bytes() -> int:
    """The most this process ever took, where the system keeps count of it (macOS: in bytes)."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _summary(file: Input) -> FileSummary:
    """The summary of one file; an empty one when it can't be read."""
    if file.text is not None:
        return summarise(SourceText.of(file.text), file.path)
    try:
        data = plain_bytes(file.path)
    except (OSError, ValueError):
        data = None
    return FileSummary() if data is None else summarise(decode(data), file.path)


def main(stack_bytes: int) -> None:
    """Serves until the parent closes the pipe, on a thread whose stack is *stack_bytes* deep."""
    settle()
    # A summary of a netlist is a million objects and no garbage: half the time went into looking for some.
    gc.set_threshold(100_000, 50, 1_000)
    _limit_memory()
    threading.stack_size(stack_bytes)
    server = threading.Thread(
        target=rpc.serve, args=(_dying_of_hunger(Analysis().answer),), name="analysis"
    )
    server.start()
    server.join()


def _dying_of_hunger(answer: Callable[[object], object]) -> Callable[[object], object]:
    """*answer*, but out of memory the process ends, so that the text is blamed and the memory is back."""

    def answered(request: object) -> object:
        try:
            return answer(request)
        except MemoryError:
            sys.stderr.write("out of memory\n")
            sys.stderr.flush()
            os._exit(OUT_OF_MEMORY)

    return answered


def _limit_memory() -> None:
    """No more than MOST_BYTES of address space, so that an endless `include ends this process and not the machine."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MOST_BYTES if hard == resource.RLIM_INFINITY else min(MOST_BYTES, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]))
