"""The analysis process: answers the requests of semantics.request one after the other.

Must not write to stdout (it is the protocol's). Started by semantics.client only.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import defaultdict
from pathlib import Path

from hdl_lsp.errors import WorkerError
from hdl_lsp.semantics import design_answers
from hdl_lsp.semantics.child.indexing import index
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_query import DesignQuestion
from hdl_lsp.semantics.letting_go import settle
from hdl_lsp.semantics.name_uses import NamesRequest
from hdl_lsp.semantics.plain_file import plain_bytes
from hdl_lsp.semantics.request import (
    DesignRequest,
    DiagnosticsRequest,
    FactsRequest,
    IndexRequest,
    Input,
    SummariesRequest,
)
from hdl_lsp.semantics.resolution import Resolver
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.semantics.wire import Answer
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from hdl_lsp.workers import rpc


class Analysis:
    """Answers requests; the one owner of all that slang made."""

    def __init__(self) -> None:
        self._compiler = Compiler()
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
            case SummariesRequest():
                return tuple(_summary(file) for file in request.files)
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
    threading.stack_size(stack_bytes)
    server = threading.Thread(target=rpc.serve, args=(Analysis().answer,), name="analysis")
    server.start()
    server.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
