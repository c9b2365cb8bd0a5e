"""A file system in memory: what workspace.filelist.Disk asks of a real one."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping


class MemoryDisk:
    """Files by absolute path; folders are those that hold a file."""

    def __init__(self, files: Mapping[str, str], modified: Mapping[str, int] | None = None) -> None:
        self.files = {path: text.encode() for path, text in files.items()}
        self.modified = dict(modified or {})

    def read(self, path: str) -> bytes | None:
        """The bytes of the file; None when there is none."""
        return self.files.get(path)

    def is_file(self, path: str) -> bool:
        """A file is there."""
        return path in self.files

    def is_dir(self, path: str) -> bool:
        """A file lies somewhere below."""
        return any(name.startswith(path.rstrip("/") + "/") for name in self.files)

    def names(self, path: str) -> tuple[str, ...]:
        """Names in the folder, sorted."""
        start = path.rstrip("/") + "/"
        inside = (name[len(start) :] for name in self.files if name.startswith(start))
        return tuple(sorted({posixpath.normpath(name).split("/")[0] for name in inside}))

    def modified_ns(self, path: str) -> int:
        """As it was given; 0 for all others."""
        return self.modified.get(path, 0)
