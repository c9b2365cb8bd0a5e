"""Which files make the whole designs, found between other work on the event loop and remembered.

Must not elaborate. Following a big design without a file list reads a thousand summaries: seconds, in steps.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from hdl_lsp.config import Config
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.closure import DesignList
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.snapshot import Snapshot

STEP_S = 0.008
"""Work between two turns of the event loop; one file may take as long again."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Lists with what they were made of."""

    project: ProjectModel
    config: Config
    shape: tuple[object, ...]
    digests: tuple[tuple[FileId, str | None], ...]  # of the closed files in the lists
    lists: tuple[DesignList, ...]


class DesignLists:
    """The lists of the newest texts."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    async def of(self, world: Snapshot) -> tuple[DesignList, ...]:
        """One list for every workspace folder; those made before while nothing that decides has changed."""
        shape = closure.design_shape(world)
        known = self._known
        if (
            known is not None
            and known.project is world.project
            and known.config == world.config
            and known.shape == shape
            and all(world.index.digest_of(file) == digest for file, digest in known.digests)
        ):
            return known.lists
        lists = [
            await _found(world, project) for project in world.project.folders or (world.project,)
        ]
        closed = dict.fromkeys(f for one in lists for f in one.files if f not in world.open_files)
        self._known = _Known(
            world.project,
            world.config,
            shape,
            tuple((file, world.index.digest_of(file)) for file in closed),
            tuple(lists),
        )
        return self._known.lists


async def _found(world: Snapshot, project: ProjectModel) -> DesignList:
    """Takes the steps, and lets others work in between."""
    steps = closure.design_list(world, project)
    until = time.monotonic() + STEP_S
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        if time.monotonic() > until:
            await asyncio.sleep(0)
            until = time.monotonic() + STEP_S
