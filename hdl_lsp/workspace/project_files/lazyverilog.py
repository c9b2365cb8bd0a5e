"""`lazyverilog.toml`: `[design]` names a file list and macros.

Must not read its rules of lint and formatting.
"""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.workspace.project_files.documents import read_toml, toml_defines
from hdl_lsp.workspace.project_files.filelists import of_lists
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, read_list

FILES = ("lazyverilog.toml",)


def read(world: World) -> ProjectModel | None:
    """What `[design]` says; None when it names no list and no macros, as in a file that only holds style."""
    table = read_toml(world.disk, world.absolute(FILES[0]))
    if table is None:
        return None
    design = table.table("design")
    if not ("vcode" in design or "define" in design or table.document.problems):
        return None
    lists = [read_list(world, world.absolute(name)) for name in design.texts("vcode")]
    defines = toml_defines(design, "define")
    model = of_lists(world, lists, FILES[0], watched=(table.document.path,))
    return replace(
        model,
        defines=tuple({**dict(model.defines), **dict(defines)}.items()),
        is_configured=bool(lists or defines),
        problems=(*table.document.problems, *model.problems),
    )
