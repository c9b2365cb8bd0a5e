"""Names of files: a FileId for every absolute path.

Must not read anything: loader.py does.
"""

from __future__ import annotations

import os
from typing import NewType

FileId = NewType("FileId", int)
"""A file, by number; valid for the life of its FileTable."""


class FileTable:
    """Paths and their ids; grows, never forgets. Paths are made absolute and normalised, links are kept."""

    def __init__(self) -> None:
        self._ids: dict[str, FileId] = {}
        self._paths: list[str] = []

    def id_of(self, path: str) -> FileId:
        """The id of *path*, given out on first sight."""
        key = os.path.normpath(path)
        known = self._ids.get(key)
        if known is None:
            known = self._ids[key] = FileId(len(self._paths))
            self._paths.append(key)
        return known

    def find(self, path: str) -> FileId | None:
        """The id of *path* if it was ever given out."""
        return self._ids.get(os.path.normpath(path))

    def path_of(self, file: FileId) -> str:
        """The absolute path behind *file*."""
        return self._paths[file]
