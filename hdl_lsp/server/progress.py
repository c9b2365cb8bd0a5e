"""Work-done progress towards the client, with a cancel button (LSP 3.18, "Work Done Progress").

Must not make the work wait for the client: reports are dropped until it has made its progress bar.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from hdl_lsp.server.protocol import Server

log = logging.getLogger(__name__)

LEAST_PAUSE_S = 0.1  # between two reports


class WorkDone:
    """One progress bar. `is_cancelled` becomes true when the user presses its button."""

    def __init__(self, server: Server, title: str, *, can_cancel: bool = True) -> None:
        self._server = server
        self._token = str(uuid.uuid4())
        self._title = title
        self._can_cancel = can_cancel
        self._is_shown = False
        self._is_over = False
        self._last_report = 0.0
        self.is_cancelled = False
        self.when_cancelled: Callable[[], object] = lambda: None

    async def create(self) -> None:
        """Asks the client for its bar and begins it, unless the work was faster."""
        # pygls leaves the types of its futures open.
        progress = cast("Any", self._server.work_done_progress)
        try:
            await progress.create_async(self._token)
        except JsonRpcException as err:
            log.info("the client made no progress bar: %s", err)
            return
        if self._is_over:
            return
        self._is_shown = True
        # pygls keeps a future per token that the client's cancel notification cancels.
        future: Future[Any] = progress.tokens[self._token]
        future.add_done_callback(self._on_cancel)
        progress.begin(
            self._token,
            types.WorkDoneProgressBegin(
                title=self._title,
                cancellable=self._can_cancel,
                percentage=0 if self._can_cancel else None,
            ),
        )

    def report(self, done: int, total: int) -> None:
        """So many of so many; at most ten times a second."""
        now = time.monotonic()
        if not self._is_shown or self._is_over or now - self._last_report < LEAST_PAUSE_S:
            return
        self._last_report = now
        self._server.work_done_progress.report(
            self._token,
            types.WorkDoneProgressReport(
                message=f"{done}/{total} files", percentage=100 * done // max(1, total)
            ),
        )

    def end(self, message: str) -> None:
        """The work is over."""
        self._is_over = True
        if self._is_shown:
            self._server.work_done_progress.end(
                self._token, types.WorkDoneProgressEnd(message=message)
            )

    def _on_cancel(self, future: Future[Any]) -> None:
        self.is_cancelled = future.cancelled()
        if self.is_cancelled:
            self.when_cancelled()
