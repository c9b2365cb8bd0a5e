"""Where a slang location lies for the user: which file on disk (or in the editor), at which byte.

Must not look at symbols or trees; knows only buffers, macros and the pseudo-paths texts are compiled under.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pyslang

WORD = re.compile(rb"[\w$]+")

NO_BUFFER = (1 << 28) - 1
"""`BufferID` of a location that is nowhere."""


class Locations:
    """Maps locations of one compilation to files. `main_path` is the file the answer is about."""

    def __init__(
        self,
        manager: pyslang.SourceManager,
        main_buffer: int,
        main_path: str,
        path_of: Mapping[int, str],
        text_of: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        self._manager = manager
        self.main_buffer = main_buffer
        self.main_path = main_path
        self._known = path_of
        self._text_of = text_of
        self._buffers: dict[int, pyslang.BufferID] = {}
        self._read: dict[int, str] = {}

    def written(self, location: pyslang.SourceLocation) -> tuple[int, int, bool]:
        """(buffer, offset, is_verbatim) of the place in a file that stands for *location*.

        What was written as a macro argument is where it was written. What comes out of a macro's body is
        at the macro's use, and is not verbatim: the text there is the use, not the name.
        """
        manager = self._manager
        is_verbatim = True
        for _ in range(64):
            if not manager.isMacroLoc(location):
                break
            if manager.isMacroArgLoc(location):
                location = manager.getOriginalLoc(location)
            else:
                location = manager.getExpansionLoc(location)
                is_verbatim = False
        buffer = location.buffer
        self._buffers[buffer.id] = buffer
        return buffer.id, location.offset, is_verbatim

    def in_main(self, location: pyslang.SourceLocation) -> int | None:
        """Offset in the main file where the characters at *location* are written; None if they aren't there."""
        buffer = location.buffer.id
        if buffer == self.main_buffer:
            return location.offset
        if buffer in self._known or not self._manager.isMacroLoc(location):
            return None
        buffer, offset, is_verbatim = self.written(location)
        return offset if is_verbatim and buffer == self.main_buffer else None

    def used_in_main(self, location: pyslang.SourceLocation) -> int | None:
        """Offset in the main file that stands for *location*, macro uses included; None if in another file."""
        buffer, offset, _ = self.written(location)
        return offset if buffer == self.main_buffer else None

    def path(self, buffer: int) -> str | None:
        """Absolute path of a file buffer that written() has met, by number; None for texts that are no file."""
        if buffer == self.main_buffer:
            return self.main_path
        known = self._known.get(buffer)
        if known is None:
            known = self._read.get(buffer)
        if known is None:
            found = self._buffers.get(buffer)
            known = str(self._manager.getFullPath(found)) if found is not None else ""
            self._read[buffer] = known
        return known or None

    def buffer(self, number: int) -> pyslang.BufferID | None:
        """The handle of a buffer that written() has met."""
        return self._buffers.get(number)

    def spelled(self, path: str, offset: int, name: bytes) -> int:
        """Bytes of the word at *offset* of *path* that stands for *name*.

        As long as *name*, except where a macro pasted it together: then only its first piece is written there.
        """
        data = self._text_of(path)
        if data is None or data.startswith(name, offset):
            return len(name)
        match = WORD.match(data, offset)
        return match.end() - offset if match else 0


def is_word_at(data: bytes, start: int, name: bytes) -> bool:
    """*name* is what is written at *start*, as a whole: `fu` is not what `fu_data` begins with."""
    if start < 0 or not name or not data.startswith(name, start):
        return False
    match = WORD.match(data, start)
    is_whole = match is None or match.end() == start + len(name)
    return is_whole and WORD.match(data[max(0, start - 1) : start]) is None
