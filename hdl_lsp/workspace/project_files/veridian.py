"""`veridian.yml`: folders of sources and of headers.

Must not read Veridian's settings of other tools.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.documents import read_yaml
from hdl_lsp.workspace.project_files.folders import of_folders
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World

FILES = ("veridian.yml", "veridian.yaml")


def read(world: World) -> ProjectModel | None:
    """The first of the files; `auto_search_workdir` (on by default) adds everything in the folder."""
    for name in FILES:
        table = read_yaml(world.disk, world.absolute(name))
        if table is None:
            continue
        takes_all = table.flag("auto_search_workdir") or "auto_search_workdir" not in table
        return of_folders(
            world,
            table,
            name,
            include_dirs="include_dirs",
            source_dirs="source_dirs",
            takes_all=takes_all,
        )
    return None
