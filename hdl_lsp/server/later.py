"""A request that is registered by name; its module is imported when somebody asks, or when there is time.

Must not know any method. What an answer needs (features, slang, tree-sitter) takes longer to import than the index
takes to read, so it is not waited for at the start.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

from hdl_lsp.server.background import Background


@dataclass(frozen=True, slots=True)
class Later:
    """A request as dispatch.py takes it; `module` is the name below this package."""

    METHOD: str
    module: str
    function: str = "handle"

    @property
    def handle(self) -> Callable[..., Awaitable[object]]:
        """The handler, imported now if it was not yet."""
        found = importlib.import_module(f"{__package__}.{self.module}")
        return cast("Callable[..., Awaitable[object]]", getattr(found, self.function))


REST_S = 0.2  # who has waited for the index asks first
SLANG = "hdl_lsp.semantics.summariser"  # what the first edit needs


class Rest:
    """Everything that was not imported at the start; it is, module by module, as soon as there is time."""

    def __init__(self, requests: Sequence[Later], background: Background) -> None:
        self._requests = requests
        self._background = background
        self._is_started = False

    def start(self) -> None:
        """There is time: other processes read, or all is read."""
        if not self._is_started:
            self._is_started = True
            self._background.start(self._import(), "imports")

    async def _import(self) -> None:
        await asyncio.sleep(REST_S)
        for request in self._requests:
            _ = request.handle
            await asyncio.sleep(0)  # what was asked meanwhile goes first
        importlib.import_module(SLANG)
