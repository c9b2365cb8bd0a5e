"""FuseSoC's `*.core` files (CAPI2): the one core of a folder, or the one that was chosen as target.

Must not choose between several cores: then all files count, and the cores are targets.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.core_catalogue import Catalogue, Core, catalogue_of
from hdl_lsp.workspace.project_files.core_resolve import resolve
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.world import World, counted

KIND = "FuseSoC core"


def read(world: World) -> ProjectModel | None:
    """The chosen core; else the only one if nothing is missing; else every file, with the cores as targets."""
    if not world.cores:
        return None
    catalogue = catalogue_of(world)
    cores = catalogue.cores()
    if not cores:
        return None
    named = {
        _target_name(core, target): (core, target) for core in cores for target in core.targets()
    }
    chosen = named.get(world.target)
    if chosen is None and len(cores) == 1 and named:
        chosen = next(iter(named.values()))
    if chosen is not None:
        return _resolved(world, catalogue, *chosen, others=tuple(named))
    n = len(cores)
    why = (
        f"{n} FuseSoC core{'s' if n > 1 else ''} describe{'' if n > 1 else 's'} parts of the folder "
        "and none is chosen as target, so every HDL file counts"
    )
    return inferred(
        world,
        why,
        watched=world.cores,
        targets=tuple(Target(name, is_complete=False) for name in named),
        problems=catalogue.problems,
    )


def _target_name(core: Core, target: str) -> str:
    return str(core.name) if target == "default" else f"{core.name}#{target}"


def _resolved(
    world: World, catalogue: Catalogue, core: Core, target: str, *, others: tuple[str, ...]
) -> ProjectModel:
    found = resolve(world, catalogue, core, target)
    name = _target_name(core, target)
    is_chosen = name == world.target
    if found.missing and not is_chosen:
        first = found.problems[0].message
        why = f"{world.relative(core.path)} is not used, because {first}"
        targets = tuple(Target(other, is_complete=False) for other in others)
        return inferred(
            world, why, watched=world.cores, targets=targets, problems=catalogue.problems
        )
    tops = world.config.project.tops or found.tops
    n = len(found.cores) - 1
    made = Target(name, found.sources, (), found.include_dirs, found.defines, tops)
    return ProjectModel(
        (world.root,),
        found.sources,
        (),
        found.include_dirs,
        found.defines,
        tops,
        KIND,
        f"{name} of {world.relative(core.path)} says which files count"
        + (f", with {counted(n, 'core')} it depends on" if n else ""),
        is_configured=found.is_complete,
        problems=(*catalogue.problems, *found.problems),
        watched=world.cores,
        targets=tuple(
            made if other == name else Target(other, is_complete=False) for other in others
        ),
        target=name,
    )
