"""Places in a real design where a benchmark asks its questions; the same ones every time.

Must not use a clock or an unseeded random number: two runs ask the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from hdl_lsp.errors import ProjectError
from hdl_lsp.text.columns import Encoding, position_at
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import Offset, SourceText

_IDENTIFIER = re.compile(rb"(?<![\w$`'])[A-Za-z_][\w$]*")
_COMMENT_OR_STRING = re.compile(rb'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)


def installed(package: str) -> Path:
    """The design's folder in the installed *package*. Raises ProjectError when it is not installed."""
    found = util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        name = package.replace("_", "-")
        raise ProjectError(f"{name} is not installed; pip install {name}")
    return Path(found.submodule_search_locations[0]) / "system_verilog"


def ibex() -> Path:
    """The Ibex core's folder. Raises ProjectError when it is not installed."""
    return installed("pythondata_cpu_ibex")


def read(path: Path) -> SourceText:
    """The text at *path*, in whatever encoding."""
    return decode(path.read_bytes())


def identifiers(text: SourceText) -> Iterator[Offset]:
    """Offsets of all identifiers and keywords outside comments and strings."""
    code = _COMMENT_OR_STRING.sub(lambda m: re.sub(rb"[^\n]", b" ", m.group()), text.data)
    for match in _IDENTIFIER.finditer(code):
        yield Offset(match.start())


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, as LSP names it in UTF-16."""

    path: Path
    offset: Offset
    line0: int
    character: int

    @property
    def params(self) -> dict[str, object]:
        """TextDocumentPositionParams."""
        return {
            "textDocument": {"uri": self.path.as_uri()},
            "position": {"line": self.line0, "character": self.character},
        }


def place(path: Path, text: SourceText, offset: Offset) -> Place:
    """The Place at *offset* of *text*."""
    line0, character = position_at(text, offset, Encoding.UTF16)
    return Place(path, offset, line0, character)


def sampled(path: Path, count: int) -> tuple[Place, ...]:
    """*count* identifiers of the file at *path*, spread over it, always the same ones."""
    text = read(path)
    everywhere = list(identifiers(text))
    chosen = random.Random(path.name).sample(everywhere, min(count, len(everywhere)))  # noqa: S311 - not a secret
    return tuple(place(path, text, offset) for offset in chosen)
