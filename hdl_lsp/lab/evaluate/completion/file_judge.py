"""A process that knows one file: its pieces, and all of slang's errors for any text of it.

Must not use the analysis processes of the session: what they let pass is what is judged.
"""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from hdl_lsp.errors import WorkerError
from hdl_lsp.semantics.request import DiagnosticsRequest
from hdl_lsp.semantics.truth.file_record import (
    Errors,
    ErrorsRequest,
    FileError,
    Piece,
    Pieces,
    PiecesRequest,
)

NOT_FOUND_ELSEWHERE = frozenset({"UnknownModule", "UnknownInterface", "UnknownPackage"})
"""What a file of the context lacks depends on which files are there, not on the text that is judged."""


class FileJudge:
    """Asks the process; one question at a time."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    async def pieces(self, file: DiagnosticsRequest) -> tuple[Piece, ...]:
        """All pieces of the file's text."""
        found = await asyncio.to_thread(self._answer, PiecesRequest(file))
        if not isinstance(found, Pieces):
            raise WorkerError("the judge answered something else")
        return found.pieces

    async def errors(self, file: DiagnosticsRequest) -> Errors:
        """All errors of the file's text."""
        found = await asyncio.to_thread(self._answer, ErrorsRequest(file))
        if not isinstance(found, Errors):
            raise WorkerError("the judge answered something else")
        return found

    def _answer(self, request: PiecesRequest | ErrorsRequest) -> object:
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise WorkerError("the judge has no pipes")
        try:
            pickle.dump(request, to, protocol=pickle.HIGHEST_PROTOCOL)
            to.flush()
            return pickle.load(back)
        except (OSError, EOFError) as err:
            raise WorkerError(f"the judge of {request.file.main.path} is gone") from err


@asynccontextmanager
async def judging() -> AsyncGenerator[FileJudge]:
    """A fresh process, ended afterwards."""
    process = subprocess.Popen(  # noqa: ASYNC220 - starting it takes a millisecond, and the lab waits anyway
        [sys.executable, "-m", "hdl_lsp.semantics.truth.file"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield FileJudge(process)
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)


def added(candidate: Errors, masked: Errors, original: Errors) -> tuple[FileError, ...]:
    """Errors that neither the file with the mask nor the real file has, counted with repetition."""
    if candidate.failure:
        is_new = candidate.failure not in (masked.failure, original.failure)
        return (FileError("Failure", candidate.failure, 1, True, True),) if is_new else ()
    before, real = _counted(masked), _counted(original)
    new = _counted(candidate) - (before | real)
    by_key = {_key(error): error for error in candidate.errors}
    return tuple(by_key[key] for key in new.elements())


def _counted(errors: Errors) -> Counter[tuple[str, str]]:
    return Counter(
        _key(error)
        for error in errors.errors
        if error.is_own or error.code not in NOT_FOUND_ELSEWHERE
    )


def _key(error: FileError) -> tuple[str, str]:
    return error.code, error.message
