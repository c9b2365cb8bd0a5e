"""`[targets.NAME]` of hdl-lsp.toml: named builds on top of whatever describes the project.

Must not choose between them (project.py does).
"""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.config import TargetConfig
from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.own import defines_of, listed
from hdl_lsp.workspace.project_files.world import World


def with_own_targets(world: World, model: ProjectModel) -> ProjectModel:
    """*model* with the builds of `[targets]` as well; of two with one name ours counts."""
    made = [_target(world, model, wanted) for wanted in world.config.targets]
    if not made:
        return model
    targets = {t.name: t for t in (*model.targets, *(target for target, _, _ in made))}
    problems = (p for _, found, _ in made for p in found)
    lists = (name for _, _, names in made for name in names)
    return replace(
        model,
        targets=tuple(targets.values()),
        problems=(*model.problems, *problems),
        watched=(*model.watched, *lists),
    )


def _target(
    world: World, model: ProjectModel, wanted: TargetConfig
) -> tuple[Target, tuple[ProjectProblem, ...], tuple[str, ...]]:
    """The build, what is wrong with it, and the lists it was read from."""
    found = listed(world, wanted, f"targets.{wanted.name}")
    own_dirs = tuple(world.absolute(folder) for folder in wanted.include_dirs)
    defines = defines_of(wanted.defines)
    target = Target(
        wanted.name,
        found.sources or model.sources,
        (*model.libraries, *found.libraries),
        tuple(dict.fromkeys((*own_dirs, *found.include_dirs, *model.include_dirs))),
        tuple({**dict(model.defines), **dict(found.defines), **defines}.items()),
        wanted.tops or found.tops or model.tops,
    )
    return target, found.problems, found.lists
