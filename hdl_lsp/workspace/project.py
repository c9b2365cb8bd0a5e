"""Which files make the design: found by rule, and the rule that won is said in a sentence.

Must not parse HDL (what only the contents can tell is inference.py's), nor know any project file's format.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence

from hdl_lsp.config import Config
from hdl_lsp.workspace.filelist import Disk, ProjectProblem
from hdl_lsp.workspace.project_files import filelists, own, own_targets, slang, verible
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target, is_below
from hdl_lsp.workspace.project_files.world import World

__all__ = ["ProjectModel", "Target", "find_project", "is_below", "no_such_target"]

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
    *,
    target: str = "",
    of_root: Mapping[str, Config] | None = None,
) -> ProjectModel:
    """The project of the workspace folders *roots*; never raises.

    For every folder the first of _READERS that finds something; else everything scanned. *scanned*: all HDL files
    found under the folders. *environment*: variables for `$VAR` in lists. *target*: the named build the user
    chose, stronger than `project.target`. *of_root*: settings of each folder where they differ from *config*.
    """
    models: list[ProjectModel] = []
    for root in roots:
        settings = (of_root or {}).get(root, config)
        below = tuple(s for s in scanned if is_below(s, root))
        wanted = target or settings.project.target
        models.append(_find_one(World(root, settings, disk, environment or {}, below, wanted)))
    if not models:
        return ProjectModel(why="no folder is open: only open files are known")
    found = models[0] if len(models) == 1 else _together(models)
    return _with_target_problem(found, target or config.project.target)


def _together(models: Sequence[ProjectModel]) -> ProjectModel:
    """Several folders as one project, each file of which keeps its own folder's options: `folders`."""
    configured = [m for m in models if m.kind != "inferred"]
    targets = {t.name: t for m in reversed(models) for t in m.targets}
    return ProjectModel(
        tuple(root for m in models for root in m.roots),
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
        tuple(targets.values()),
        next((m.target for m in models if m.target), ""),
        tuple(dict.fromkeys(pattern for m in models for pattern in m.third_party)),
        tuple(dict.fromkeys(other for m in models for other in m.others)),
        tuple(models),
    )


def _with_target_problem(model: ProjectModel, wanted: str) -> ProjectModel:
    """*model*, with a problem when no folder has the build *wanted*."""
    if not wanted or wanted in (model.target, *(target.name for target in model.targets)):
        return model
    problem = ProjectProblem(model.roots[0], 0, no_such_target(model, wanted))
    return dataclasses.replace(model, problems=(*model.problems, problem))


def no_such_target(model: ProjectModel, wanted: str) -> str:
    """The sentence for a build that does not exist; names those that do."""
    names = ", ".join(target.name for target in model.targets)
    return f"no target {wanted}; " + (f"there are {names}" if names else "this project has none")


def _find_one(world: World) -> ProjectModel:
    found = next((model for read in _READERS if (model := read(world))), None)
    if found is None:
        found = inferred(world, "no project file was found, so every HDL file counts")
    found = own_targets.with_own_targets(world, found).with_target(world.target)
    # A stronger file that appears, or one more list, makes another project.
    others = (*(world.absolute(name) for name in _FILES), *filelists.root_lists(world))
    return dataclasses.replace(
        found,
        watched=tuple(dict.fromkeys((*found.watched, *others))),
        third_party=(*found.third_party, *own.third_party(world)),
    )
