"""A process that finds the files and the project while the server is still being imported: the server's end of it.

Must not be needed: an answer that is missing, or is about other settings, is none, and the server looks itself.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import time
from contextlib import suppress
from subprocess import Popen, TimeoutExpired
from typing import TYPE_CHECKING, cast

from hdl_lsp.workers.pipe import LENGTH_BYTES, Framing, encode

if TYPE_CHECKING:
    from hdl_lsp.server.wanted import Found, Wanted

log = logging.getLogger(__name__)

END_S = 1.0
LIMIT_S = 60.0  # then the server looks itself


class Ahead:
    """One process for one question; scout.py is what runs in it."""

    def __init__(self, process: Popen[bytes]) -> None:
        """*process* has pipes for its stdin and stdout."""
        self._process = process
        self._answer: asyncio.Future[bytes] | None = None
        self.asked_ns = time.time_ns()  # what changes on disk from now on was perhaps not seen

    def ask(self, initialize: bytes) -> None:
        """Sends the request `initialize`, which names the folders and the settings."""
        # No task: that would begin with the loop's next turn, which comes when everything is imported.
        loop = asyncio.get_running_loop()
        self._answer = loop.run_in_executor(None, self._exchange, initialize)

    async def found(self, wanted: Wanted) -> Found | None:
        """What the process found, if it looked for exactly *wanted*; the second time there is nothing."""
        answer, self._answer = self._answer, None
        if answer is None:
            return None
        try:
            async with asyncio.timeout(LIMIT_S):
                data = await asyncio.shield(answer)
        except TimeoutError:
            log.warning("files and project were not found ahead within %g s", LIMIT_S)
            return None
        # Something else may have printed into the pipe, or the package have been replaced meanwhile.
        length, payload = data[:LENGTH_BYTES], data[LENGTH_BYTES:]
        if not payload or int.from_bytes(length, "big") != len(payload):
            return None
        try:
            given, found = cast("tuple[Wanted, Found]", pickle.loads(payload))
        except (
            pickle.UnpicklingError,
            AttributeError,
            EOFError,
            ImportError,
            TypeError,
            ValueError,
        ) as err:
            log.warning("what was found ahead can't be read: %s", err)
            return None
        return found if given == wanted else None

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        with suppress(TimeoutExpired):
            self._process.wait(END_S)

    def _exchange(self, initialize: bytes) -> bytes:
        """The answer; empty when the process died, or had reasons not to answer."""
        try:
            answer, _ = self._process.communicate(encode(Framing.FRAMES, initialize))
        except (OSError, ValueError):  # ValueError: closed meanwhile
            return b""
        return answer if self._process.returncode == 0 else b""
