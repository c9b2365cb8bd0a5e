"""Files on disk become what the index keeps of them, as bytes, so that the server has nothing to unpack.

Must not raise for what is on the disk, nor keep anything between requests.
"""

from __future__ import annotations

import os
from pathlib import Path

from hdl_lsp.semantics.index_names import encode_names, index_names
from hdl_lsp.semantics.request import MAX_FILE_BYTES, IndexedFile, IndexRequest
from hdl_lsp.semantics.summariser import summarise, summarise_unparsed
from hdl_lsp.semantics.summary_codec import encode
from hdl_lsp.text.decode import decode

BATCH_BYTES = 150_000
"""Enough for one answer: about 20 ms of work, which is what an open file may have to wait for."""


def index(request: IndexRequest) -> tuple[IndexedFile, ...]:
    """The first files of *request*, at least one, until they have BATCH_BYTES together."""
    found: list[IndexedFile] = []
    size = 0
    for path in request.paths:
        found.append(_indexed(path, request.failure))
        size += found[-1].size_bytes
        if size >= BATCH_BYTES:
            break
    return tuple(found)


def _indexed(path: str, failure: str) -> IndexedFile:
    """One file; with *failure* without asking slang."""
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return IndexedFile(path)
    if len(data) > MAX_FILE_BYTES:
        return IndexedFile(path)
    text = decode(data)
    summary = summarise_unparsed(text, failure) if failure else summarise(text, path)
    return IndexedFile(
        path,
        size_bytes=len(data),
        mtime_ns=status.st_mtime_ns,
        digest=text.digest,
        summary=encode(summary),
        names=encode_names(index_names(path, summary)),
    )
