"""The questions of an evaluation, put to a real Session as the server's handlers put them.

Must not judge answers. An exception is an answer here: it is what the evaluation counts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from hdl_lsp.features.definition import definition
from hdl_lsp.features.hover import hover
from hdl_lsp.features.references import references
from hdl_lsp.semantics.truth.record import Place
from hdl_lsp.server.session import Session
from hdl_lsp.syntax.tokens import (
    CONDITION_DIRECTIVES,
    LINE_DIRECTIVES,
    LONE_DIRECTIVES,
    TokenKind,
    tokens,
)
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.vfs import Closed, Opened

T = TypeVar("T")

DIRECTIVES = LINE_DIRECTIVES | CONDITION_DIRECTIVES | LONE_DIRECTIVES


@dataclass(frozen=True, slots=True)
class Raised:
    """The question ended in an exception."""

    error: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open in the session, with fresh facts."""

    session: Session
    snapshot: Snapshot
    file: FileId
    text: SourceText

    def definition(self, offset: int) -> tuple[Place, ...] | Raised:
        """Where definition leads, best first."""
        found = _asked(lambda: definition(self.snapshot, self.file, offset))
        if isinstance(found, Raised):
            return found
        return tuple((target.path, int(target.focus.start)) for target in found)

    def hover(self, offset: int) -> str | Raised | None:
        """The Markdown of the hover; None when there is none."""
        found = _asked(lambda: hover(self.snapshot, self.file, offset))
        return found if found is None or isinstance(found, Raised) else found.markdown

    async def references(self, offset: int) -> frozenset[Place] | Raised:
        """All uses."""
        return await _awaited(self._references(offset))

    async def _references(self, offset: int) -> frozenset[Place]:
        targets = await references(self.snapshot, self.file, offset, self.session.names)
        return frozenset((target.path, int(target.focus.start)) for target in targets)

    def close(self) -> None:
        """As didClose does."""
        self.session.apply([Closed(self.file)])


async def opened(session: Session, path: str) -> OpenFile | None:
    """The file at *path*, as didOpen opens it; None when the session has never read it."""
    file = session.table.find(path)
    text = session.snapshot().text(file) if file is not None else None
    if file is None or text is None:
        return None
    session.apply([Opened(file, text)])
    await session.facts(file)
    return OpenFile(session, session.snapshot(), file, text)


def identifiers(text: SourceText) -> Iterator[int]:
    """Offsets of all identifiers and macro names outside comments and strings."""
    for token in tokens(text.data, 0, text.size_bytes):
        if token.kind is TokenKind.WORD and token.text not in KEYWORDS:
            yield token.start
        elif token.kind is TokenKind.MACRO and token.text not in DIRECTIVES:
            yield token.start + 1


def _asked(question: Callable[[], T]) -> T | Raised:
    try:
        return question()
    except Exception as error:
        return Raised(f"{type(error).__name__}: {error}")


async def _awaited(question: Awaitable[T]) -> T | Raised:
    try:
        return await question
    except Exception as error:
        return Raised(f"{type(error).__name__}: {error}")
