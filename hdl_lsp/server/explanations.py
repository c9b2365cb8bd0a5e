"""Explanations in words that hovers show when they are asked again: written in the background, kept a while.

Must not make a hover wait: a hover takes what is there (setting `hover.explain`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from hdl_lsp.errors import HdlLspError

log = logging.getLogger(__name__)

KEPT = 64

Key = tuple[str, int, int]
"""Digest of the text, start and end of the hovered span."""


class Explanations:
    """The newest explanations. Invariant: at most one is being written."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, str] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._wanted: Key | None = None

    def known(self, key: Key) -> str:
        """The explanation in Markdown; "" when there is none (yet)."""
        return self._known.get(key, "")

    def want(self, key: Key, write: Callable[[], Awaitable[str]]) -> None:
        """Writes the explanation of *key* in the background; an older one under way is given up."""
        if key in self._known or key == self._wanted:
            return
        if self._task is not None:
            self._task.cancel()
        self._wanted = key
        self._task = asyncio.create_task(self._write(key, write), name="hover explanation")

    async def close(self) -> None:
        """Gives up what is being written."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _write(self, key: Key, write: Callable[[], Awaitable[str]]) -> None:
        """One explanation; a failure leaves the hover with its facts."""
        try:
            self._known[key] = await write()
        except HdlLspError as err:
            log.info("no explanation: %s", err)
        finally:
            if self._wanted == key:
                self._wanted = None
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
