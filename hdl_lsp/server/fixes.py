"""Fixes that are being worked out, and those that are known: only what slang has accepted is ever offered.

Must not decide what a fix is (features/actions/fix_diagnostic.py does). A change of the text ends what was going
on for the text before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.workspace.files import FileId

if TYPE_CHECKING:
    from hdl_lsp.features.actions.fix_diagnostic import Fix

log = logging.getLogger(__name__)

WorkOut: TypeAlias = "Callable[[Diagnostic], Awaitable[Fix | None]]"


@dataclass
class Fixes:
    """One task for each diagnostic that somebody asked about, by file, for its present text."""

    _digests: dict[FileId, str] = field(default_factory=dict[FileId, str])
    _tasks: dict[FileId, dict[Diagnostic, asyncio.Task[Fix | None]]] = field(
        default_factory=dict[FileId, "dict[Diagnostic, asyncio.Task[Fix | None]]"]
    )

    async def known(
        self,
        file: FileId,
        digest: str,
        diagnostics: Sequence[Diagnostic],
        work_out: WorkOut,
        *,
        wait_s: float,
    ) -> list[tuple[Diagnostic, Fix]]:
        """Fixes for the text with *digest* that are there within *wait_s* seconds; work on the others goes on."""
        if self._digests.get(file) != digest:
            self.forget(file)
            self._digests[file] = digest
        tasks = [(one, self._task(file, one, work_out)) for one in diagnostics]
        if tasks:
            await asyncio.wait([task for _, task in tasks], timeout=wait_s)
        done = [(one, task) for one, task in tasks if task.done() and not task.cancelled()]
        return [(one, fix) for one, task in done if (fix := task.result()) is not None]

    def forget(self, file: FileId) -> None:
        """Ends everything about *file*."""
        for task in self._tasks.pop(file, {}).values():
            task.cancel()
        self._digests.pop(file, None)

    async def close(self) -> None:
        """Ends everything."""
        tasks = [task for of_file in self._tasks.values() for task in of_file.values()]
        for file in list(self._tasks):
            self.forget(file)
        if tasks:
            await asyncio.wait(tasks)

    def _task(
        self, file: FileId, diagnostic: Diagnostic, work_out: WorkOut
    ) -> asyncio.Task[Fix | None]:
        tasks = self._tasks.setdefault(file, {})
        task = tasks.get(diagnostic)
        if task is None or task.cancelled():
            task = tasks[diagnostic] = asyncio.create_task(
                _logged(work_out(diagnostic)), name="fix"
            )
        return task


async def _logged(work: Awaitable[Fix | None]) -> Fix | None:
    """A failure of a worker is no fix."""
    try:
        return await work
    except HdlLspError as err:
        log.info("no fix: %s", err)
        return None
