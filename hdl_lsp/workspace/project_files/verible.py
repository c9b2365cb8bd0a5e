"""`verible.filelist`: a file list with names relative to its folder.

Must not read verible's rules: they are no project.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.filelists import of_list
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, read_list

FILES = ("verible.filelist",)


def read(world: World) -> ProjectModel | None:
    """The list directly in the folder."""
    path = world.absolute(FILES[0])
    if not world.disk.is_file(path):
        return None
    return of_list(world, path, read_list(world, path), FILES[0])
