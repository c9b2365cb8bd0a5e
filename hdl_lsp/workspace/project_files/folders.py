"""Project files that only name folders: of headers, and perhaps of sources.

Must not know which file it was.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.documents import Table, toml_defines
from hdl_lsp.workspace.project_files.model import ProjectModel, is_below
from hdl_lsp.workspace.project_files.world import World, compiled


def of_folders(
    world: World,
    table: Table,
    kind: str,
    *,
    include_dirs: str,
    source_dirs: str = "",
    defines: str = "",
    takes_all: bool = True,
) -> ProjectModel:
    """The project that *table* describes under these keys; "": the format has no such key."""
    document = table.document
    headers = _existing(world, table, include_dirs)
    sources = _existing(world, table, source_dirs) if source_dirs else ()
    listed = tuple(f for folder in sources for f in world.scanned if is_below(f, folder))
    rest = world.scanned if takes_all or not listed else ()
    macros = toml_defines(table, defines) if defines else ()
    return ProjectModel(
        (world.root,),
        compiled(tuple(dict.fromkeys((*listed, *rest)))),
        (),
        headers,
        macros,
        world.config.project.tops,
        kind,
        f"{kind} names the folders",
        is_configured=bool(headers or sources or macros),
        problems=tuple(document.problems),
        watched=(document.path,),
    )


def _existing(world: World, table: Table, key: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in table.texts(key):
        folder = world.absolute(name)
        found.append(folder)
        if not world.disk.is_dir(folder):
            table.document.report(f"{key}: no folder {name}", name)
    return tuple(found)
