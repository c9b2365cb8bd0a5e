"""`FILE:LINE:COL` on the command line: 1-based, columns in characters, as compilers print them.

Must not decide what to do there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.errors import UsageError
from hdl_lsp.text.columns import Encoding, offset_at, position_at
from hdl_lsp.text.source import Offset, SourceText

_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the user wrote it. line1 and column1 are None when left out."""

    path: Path
    line1: int | None
    column1: int | None

    def offset(self, text: SourceText) -> Offset:
        """The byte offset in *text*; a missing column is the first, a missing line the first."""
        return offset_at(text, (self.line1 or 1) - 1, (self.column1 or 1) - 1, Encoding.UTF32)


def parse_place(word: str) -> Place:
    """The Place behind *word*. Raises UsageError when the file does not exist."""
    match = _PLACE.fullmatch(word)
    if match is None:
        raise UsageError(f"{word!r} is not FILE:LINE:COL")
    line, column = match["line"], match["column"]
    path = Path(match["path"]).absolute()
    if not path.is_file():
        raise UsageError(f"no such file: {match['path']}")
    return Place(path, int(line) if line else None, int(column) if column else None)


def show_place(path: str, text: SourceText | None, offset: int) -> str:
    """`path:line:col` with the path relative to the working directory where it lies below it."""
    return ":".join((show_path(path), *map(str, line_column(text, offset))))


def line_column(text: SourceText | None, offset: int) -> tuple[int, int]:
    """1-based line and column in characters; (1, 1) when the text is unknown."""
    if text is None:
        return 1, 1
    line0, column = position_at(text, Offset(offset), Encoding.UTF32)
    return line0 + 1, column + 1


def show_path(path: str) -> str:
    """Relative to the working directory where it lies below it, else as it is."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
