"""Which files make the design: found by rule, and the rule that won is said in a sentence.

Must not parse HDL (what only the contents can tell is inference.py's), nor know any project file's format.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence

from hdl_lsp.config import Config
from hdl_lsp.workspace.filelist import Disk
from hdl_lsp.workspace.project_files import filelists, own, slang, verible
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.world import World

__all__ = ["ProjectModel", "Target", "find_project"]

_READERS: tuple[Callable[[World], ProjectModel | None], ...] = (
    own.read,
    slang.read,
    verible.read,
    filelists.read,
)
"""Strongest first."""

_FILES = (*own.FILES, *slang.FILES, *verible.FILES)


def find_project(
    roots: Sequence[str],
    config: Config,
    disk: Disk,
    scanned: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> ProjectModel:
    """The project of the workspace folders *roots*; never raises.

    For every folder the first of these that exists: `[project]` of the configuration, `.slang/server.json`,
    `verible.filelist`, the one `*.f` directly in the folder if nothing in it is missing; else everything
    scanned. *scanned*: all HDL files found under the folders. *environment*: variables for `$VAR` in lists.
    """
    models = [_find_one(world) for world in _worlds(roots, config, disk, scanned, environment)]
    if not models:
        return ProjectModel(why="no folder is open: only open files are known")
    if len(models) == 1:
        return models[0]
    configured = [m for m in models if m.kind != "inferred"]
    return ProjectModel(
        tuple(roots),
        tuple(dict.fromkeys(s for m in models for s in m.sources)),
        tuple(dict.fromkeys(s for m in models for s in m.libraries)),
        tuple(dict.fromkeys(d for m in models for d in m.include_dirs)),
        tuple(dict(d for m in models for d in m.defines).items()),
        tuple(dict.fromkeys(t for m in models for t in m.tops)),
        configured[0].kind if configured else "inferred",
        "; ".join(f"{os.path.basename(m.roots[0])}: {m.why}" for m in models),
        # One folder without a project file is enough to make unknown macros a guess.
        all(m.is_configured for m in models),
        tuple(p for m in models for p in m.problems),
        tuple(dict.fromkeys(w for m in models for w in m.watched)),
    )


def _worlds(
    roots: Sequence[str],
    config: Config,
    disk: Disk,
    scanned: Sequence[str],
    environment: Mapping[str, str] | None,
) -> list[World]:
    return [
        World(
            root,
            config,
            disk,
            environment or {},
            tuple(s for s in scanned if s.startswith(root.rstrip(os.sep) + os.sep)),
        )
        for root in roots
    ]


def _find_one(world: World) -> ProjectModel:
    found = next((model for read in _READERS if (model := read(world))), None)
    if found is None:
        found = inferred(world, "no project file was found, so every HDL file counts")
    # A stronger file that appears, or one more list, makes another project.
    others = (*(world.absolute(name) for name in _FILES), *filelists.root_lists(world))
    return dataclasses.replace(found, watched=tuple(dict.fromkeys((*found.watched, *others))))
