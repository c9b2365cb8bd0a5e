"""`vide.toml`: globs of sources, include folders, macros, tops, libraries.

Must not read Vide's other settings.
"""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.workspace.paths import is_excluded
from hdl_lsp.workspace.project_files.documents import read_toml, toml_defines
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.world import World, compiled, found_files

FILES = ("vide.toml",)


def read(world: World) -> ProjectModel | None:
    """The file at the top of the folder; each of several tops is a target too."""
    table = read_toml(world.disk, world.absolute(FILES[0]))
    if table is None:
        return None
    document = table.document
    excluded = table.texts("exclude")
    sources: dict[str, None] = {}
    for pattern in table.texts("sources"):
        found = found_files(world, pattern)
        if not found:
            document.report(f"sources: no file matches {pattern}", pattern)
        sources |= dict.fromkeys(found)
    listed = compiled(tuple(sources)) or compiled(world.scanned)
    libraries = (f for name in table.texts("libraries") for f in found_files(world, name))
    tops = table.texts("top_modules")
    folders = tuple(world.absolute(name) for name in table.texts("include_dirs"))
    for name, folder in zip(table.texts("include_dirs"), folders, strict=True):
        if not world.disk.is_dir(folder):
            document.report(f"include_dirs: no folder {name}", name)
    model = ProjectModel(
        (world.root,),
        tuple(f for f in listed if not is_excluded(world.relative(f), excluded)),
        tuple(f for f in dict.fromkeys(libraries) if f not in sources),
        folders,
        toml_defines(table, "defines"),
        world.config.project.tops or tops,
        FILES[0],
        f"{FILES[0]} says which files count",
        # Sources that are listed, or options: else it says no more than that there is a project.
        is_configured=bool(sources or folders or "defines" in table),
        problems=tuple(document.problems),
        watched=(document.path,),
    )
    if len(tops) < 2:
        return model
    return _with_tops(model, tops)


def _with_tops(model: ProjectModel, tops: tuple[str, ...]) -> ProjectModel:
    targets = tuple(
        Target(top, model.sources, model.libraries, model.include_dirs, model.defines, (top,))
        for top in tops
    )
    return replace(model, targets=targets)
