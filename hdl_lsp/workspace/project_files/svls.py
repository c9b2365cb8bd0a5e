"""`.svls.toml`: include folders and macros of svls.

Must not read svlint's rules.
"""

from __future__ import annotations

from hdl_lsp.workspace.project_files.documents import read_toml
from hdl_lsp.workspace.project_files.folders import of_folders
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World

FILES = (".svls.toml",)


def read(world: World) -> ProjectModel | None:
    """What `[verilog]` says; None when it says nothing, as in a file that only holds options of the linter."""
    table = read_toml(world.disk, world.absolute(FILES[0]))
    if table is None:
        return None
    verilog = table.table("verilog")
    if not (verilog.values or table.document.problems):
        return None
    return of_folders(world, verilog, FILES[0], include_dirs="include_paths", defines="defines")
