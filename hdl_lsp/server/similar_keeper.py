"""The full-text index of the repository's code: opened with the workspace, completed in a thread of low priority.

Must not hurry: nothing waits for it, and a person's questions come first.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hdl_lsp.workspace import loader
from hdl_lsp.workspace.similar_code import MOST_SOURCE_BYTES, SimilarCode, similar_path
from hdl_lsp.workspace.store_tables import StoredFile

log = logging.getLogger(__name__)

START_AFTER_S = 3.0  # what a person sees first comes first: names, findings, the design
NICENESS = 10
SHORTEST_REST_S = 0.002
LONGEST_REST_S = 0.05


class SimilarKeeper:
    """Owns the SimilarCode of a session. `code` is another object after open()."""

    def __init__(self) -> None:
        self.code = SimilarCode(None)
        self._thread = ThreadPoolExecutor(1, "similar code", _lower_priority)
        self._stop = threading.Event()
        self._running: asyncio.Task[None] | None = None

    async def open(self, index: Path | None) -> None:
        """Takes the one beside the file *index*; None for none."""
        await self.close()
        self._stop = threading.Event()
        path = similar_path(index) if index is not None else None
        self.code = await asyncio.to_thread(SimilarCode, path)

    async def close(self) -> None:
        """Ends the update that is under way; what it has done is kept."""
        self._stop.set()
        if self._running is not None:
            await asyncio.wait({self._running})
        self.code.close()

    def update(self, files: Mapping[str, StoredFile], after_s: float = START_AFTER_S) -> None:
        """Makes it an index of *files* (by path), beginning in *after_s* seconds; does nothing while it does that."""
        is_busy = self._running is not None and not self._running.done()
        if is_busy or not self.code.is_writer:
            return
        if sum(file.size_bytes for file in files.values()) > MOST_SOURCE_BYTES:
            log.info("similar code is not searched: there is too much of it")
            return
        digests = {path: file.digest for path, file in files.items()}
        self._running = asyncio.create_task(self._update(digests, after_s), name="similar code")

    async def complete(self) -> None:
        """Returns when the update that is under way has ended."""
        if self._running is not None:
            await asyncio.wait({self._running})

    async def _update(self, digests: Mapping[str, str], after_s: float) -> None:
        code, stop = self.code, self._stop
        begun = time.monotonic()

        def work() -> None:
            if not stop.wait(after_s):
                code.update(digests, loader.read, _Breath(stop, is_patient=after_s > 0).taken)

        await asyncio.get_running_loop().run_in_executor(self._thread, work)
        log.debug("similar code: %.1f s", time.monotonic() - begun)


class _Breath:
    """Half of the time is others': rests between two files as long as the last one took."""

    def __init__(self, stop: threading.Event, *, is_patient: bool) -> None:
        self._stop = stop
        self._is_patient = is_patient
        self._since = time.monotonic()

    def taken(self) -> bool:
        """True when the work is to end."""
        took = time.monotonic() - self._since
        if self._is_patient:
            self._stop.wait(min(max(took, SHORTEST_REST_S), LONGEST_REST_S))
        self._since = time.monotonic()
        return self._stop.is_set()


def _lower_priority() -> None:
    """Of this thread alone, which only Linux can."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
