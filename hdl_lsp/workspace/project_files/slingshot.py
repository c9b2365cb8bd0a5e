"""`.slingshot.toml`: include folders of Slingshot.

Must not read its other settings.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.documents import read_toml
from hdl_lsp.workspace.project_files.folders import of_folders
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World

FILES = (".slingshot.toml",)


def read(world: World) -> ProjectModel | None:
    """The file at the top of the folder."""
    table = read_toml(world.disk, world.absolute(FILES[0]))
    return (
        None if table is None else of_folders(world, table, FILES[0], include_dirs="include_dirs")
    )
