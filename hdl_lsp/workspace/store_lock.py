"""Which process writes an index on disk: a lock of the operating system, gone with the process.

Must not wait: who does not get it reads only.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class StoreLock:
    """A lock that is held until release() or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @staticmethod
    def taken(path: Path) -> StoreLock | None:
        """The lock of *path*; None while another process, or another store of this one, holds it.

        Raises OSError where no such file can be made.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        return StoreLock(descriptor)

    def release(self) -> None:
        """Lets others take it; idempotent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
