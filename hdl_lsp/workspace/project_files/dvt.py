"""`.dvt/default.build`: a file list with options of DVT (`+dvt_...`), which say nothing about the sources.

Must not know DVT's other files.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.filelists import of_list
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, list_from

FILES = (".dvt/default.build",)


def read(world: World) -> ProjectModel | None:
    """Names in it count from the folder that holds `.dvt`; None when it names no file, as DVT writes it at first."""
    path = world.absolute(FILES[0])
    if not world.disk.is_file(path):
        return None
    found = list_from(world, path, world.root)
    if not (found.sources or found.libraries or found.missing):
        return None
    return of_list(world, path, found, FILES[0])
