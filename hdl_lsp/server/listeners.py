"""Who is told what happened in a session.

Must not do anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hdl_lsp.config import Config
from hdl_lsp.workspace.files import FileId

T = TypeVar("T")


def _nobody(*_arguments: object) -> None:
    """The default listener."""


def each(*told: Callable[[T], None]) -> Callable[[T], None]:
    """A listener that tells all of *told*, in this order."""

    def tell(news: T) -> None:
        for one in told:
            one(news)

    return tell


def both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    """A listener that tells *one* and then *other*."""

    def tell() -> None:
        one()
        other()

    return tell


@dataclass
class Listeners:
    """Who is told what happened; called on the event loop, must not wait."""

    facts: Callable[[FileId], None] = _nobody  # newer facts of an open file, or analysis is down
    design: Callable[[], None] = _nobody
    configured: Callable[[Config], None] = _nobody  # the settings were read
    status: Callable[[], None] = _nobody
    loaded: Callable[[], None] = _nobody
    idle: Callable[[], None] = _nobody  # others are reading, or all is read: the loop has time
    problems: Callable[[Sequence[str]], None] = _nobody  # sentences for the user, each once
