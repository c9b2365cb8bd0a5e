"""The bytes of a file, never those of a device or a pipe, which have no end: a repository can hold links to them.

Must not decode, nor know what the bytes are for.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from hdl_lsp.semantics.request import MAX_FILE_BYTES


def plain_bytes(path: str, limit: int = MAX_FILE_BYTES) -> bytes | None:
    """The bytes of the file at *path*; None when it is no file or has more than *limit*. Raises OSError, ValueError."""
    # Without O_NONBLOCK opening a pipe would wait for somebody who writes into it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not S_ISREG(Path(path).stat().st_mode):  # first, because opening some devices does something
        return None
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        data = file.read(limit + 1)
    return None if len(data) > limit else data
