"""Which files make the design: found by rule, and the rule that won is said in a sentence.

Must not parse HDL (what only the contents can tell is inference.py's), nor know any project file's format.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Callable, Mapping, Sequence

from hdl_lsp.config import Config
from hdl_lsp.workspace.filelist import Disk, ProjectProblem
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project_files import (
    bender,
    core,
    dvt,
    edam,
    editor,
    filelists,
    hdl_checker,
    lazyverilog,
    own,
    own_targets,
    slang,
    slingshot,
    svls,
    verible,
    veridian,
    vide,
)
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target, is_below
from hdl_lsp.workspace.project_files.world import Run, World

__all__ = ["ProjectModel", "Target", "find_project", "is_below", "no_such_target"]

_READERS: tuple[Callable[[World], ProjectModel | None], ...] = (
    own.read,
    slang.read,
    verible.read,
    vide.read,
    lazyverilog.read,
    veridian.read,
    svls.read,
    slingshot.read,
    hdl_checker.read,
    editor.read,
    edam.read,
    core.read,
    bender.read,
    dvt.read,
    filelists.read,
)
"""Strongest first."""

_FILES = (
    *own.FILES,
    *slang.FILES,
    *verible.FILES,
    *vide.FILES,
    *lazyverilog.FILES,
    *veridian.FILES,
    *svls.FILES,
    *slingshot.FILES,
    *hdl_checker.FILES,
    *bender.FILES,
    *dvt.FILES,
)
"""Files at the top of a folder that may describe it."""

MAX_NAMES = 10  # of targets in one sentence


def find_project(
    roots: Sequence[str],
    config: Config,
    disk: Disk,
    scanned: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    target: str = "",
    of_root: Mapping[str, Config] | None = None,
    foreign: Mapping[str, object] | None = None,
    run: Run | None = None,
) -> ProjectModel:
    """The project of the workspace folders *roots*; never raises.

    For every folder the first of _READERS that finds something; else everything scanned. *scanned*: all HDL and
    .core files found under the folders. *environment*: variables for `$VAR` in lists. *target*: the named build
    the user chose, stronger than `project.target`. *of_root*: settings of each folder where they differ from
    *config*. *foreign*: settings of other extensions. *run*: starts the commands of trusted folders. Reads the
    disk, some 0.3 s for a thousand .core files.
    """
    hdl = [path for path in scanned if is_hdl(path)]
    cores = [path for path in scanned if path.endswith(".core")]
    models: list[ProjectModel] = []
    for root in roots:
        settings = (of_root or {}).get(root, config)
        world = World(
            root,
            settings,
            disk,
            environment or {},
            tuple(s for s in hdl if is_below(s, root)),
            target or settings.project.target,
            tuple(s for s in cores if is_below(s, root)),
            foreign or {},
            run,
        )
        models.append(_find_one(world))
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
    """The sentence for a build that does not exist; names those that do, of many the most alike."""
    names = [target.name for target in model.targets]
    if not names:
        return f"no target {wanted}; this project has none"
    if len(names) <= MAX_NAMES:
        return f"no target {wanted}; there are {', '.join(names)}"
    alike = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:3]
    return f"no target {wanted}; there are {len(names)}, e.g. {', '.join(alike)}"


def _find_one(world: World) -> ProjectModel:
    found: ProjectModel | None = None
    weak: list[ProjectModel] = []  # of readers that could say why they have nothing
    for read in _READERS:
        model = read(world)
        if model is not None and model.kind == "inferred":
            weak.append(model)
        elif model is not None:
            found = model
            break
    if found is None:
        reasons = [model.why for model in weak]
        why = "; ".join(reasons) or "no project file was found, so every HDL file counts"
        found = inferred(world, why)
    # What a weaker file knows can still be chosen.
    targets = {t.name: t for model in (*weak, found) for t in model.targets}
    found = dataclasses.replace(found, targets=tuple(targets.values()))
    found = own_targets.with_own_targets(world, found).with_target(world.target)
    # A stronger file that appears, or one more list, makes another project.
    more = (*(world.absolute(name) for name in _FILES), *filelists.root_lists(world))
    watched = (*found.watched, *(path for model in weak for path in model.watched), *more)
    return dataclasses.replace(
        found,
        problems=(*found.problems, *(problem for model in weak for problem in model.problems)),
        watched=tuple(dict.fromkeys(watched)),
        third_party=(*found.third_party, *own.third_party(world)),
        others=_others(world, found),
    )


def _others(world: World, found: ProjectModel) -> tuple[str, ...]:
    """The project files of the folder that were seen and did not win."""
    names = [
        name
        for name in (*_FILES, *map(world.relative, filelists.root_lists(world)))
        if world.absolute(name) not in found.watched[:1]
        and world.disk.is_file(world.absolute(name))
    ]
    if world.cores and found.kind != core.KIND:
        names.append(f"{len(world.cores)} .core files")
    return tuple(name for name in names if not found.why.startswith(name) and name != found.kind)
