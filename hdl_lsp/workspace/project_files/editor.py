"""Settings of other extensions that the editor hands over: `verilog.project.*`, `systemverilog.*`.

Must not read an editor's files: World.foreign holds what the client gave.
"""

from __future__ import annotations

import re
from dataclasses import replace

from hdl_lsp.workspace.paths import is_excluded
from hdl_lsp.workspace.project_files.documents import Document, Table, toml_defines
from hdl_lsp.workspace.project_files.filelists import of_lists
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, compiled, found_files, read_list

SECTIONS = ("verilog", "systemverilog")
"""What a client is asked for."""

KIND = "editor settings"

_BRACES = re.compile(r"\{([^{}]*)\}")


def read(world: World) -> ProjectModel | None:
    """`verilog.project` if it says something, else the globs of `systemverilog`; None when both are empty."""
    return _project(world) or _indexing(world)


def _section(world: World, name: str) -> Table:
    """*name* as a table; keys with dots, as some clients send them, are nested."""
    document = Document(KIND, "")
    values: dict[str, object] = {}
    for key, value in Table(document, world.foreign).table(name).values.items():
        first, _, rest = key.partition(".")
        if rest:
            inner = values.setdefault(first, {})
            if isinstance(inner, dict):
                inner[rest] = value
        else:
            values[key] = value
    return Table(document, values, name)


def _project(world: World) -> ProjectModel | None:
    project = _section(world, "verilog").table("project")
    defines = toml_defines(project, "defines")
    names = project.texts("filelists")
    folders = tuple(world.absolute(name) for name in project.texts("includeDirs"))
    tops = project.texts("topModules")
    if not (names or folders or defines or tops):
        return None
    model = of_lists(world, [read_list(world, world.absolute(name)) for name in names], KIND)
    return replace(
        model,
        include_dirs=tuple(dict.fromkeys((*folders, *model.include_dirs))),
        defines=tuple({**dict(model.defines), **dict(defines)}.items()),
        tops=world.config.project.tops or tops or model.tops,
        is_configured=bool(names or folders or defines),
        why="verilog.project in the editor's settings says which files count",
        problems=(*project.document.problems, *model.problems),
    )


def _indexing(world: World) -> ProjectModel | None:
    settings = _section(world, "systemverilog")
    wanted, excluded = settings.texts("includeIndexing"), settings.texts("excludeIndexing")
    folders = tuple(world.absolute(name) for name in settings.texts("includeDirs"))
    defines = toml_defines(settings, "defines")
    if not (wanted or excluded or folders or defines):
        return None
    patterns = (one for pattern in wanted for one in _without_braces(pattern))
    named = dict.fromkeys(file for pattern in patterns for file in found_files(world, pattern))
    sources = tuple(
        file
        for file in compiled(tuple(named) if wanted else world.scanned)
        if not is_excluded(world.relative(file), excluded)
    )
    if not (folders or defines) and set(sources) == set(compiled(world.scanned)):
        return None  # the extension's default: it says nothing
    return ProjectModel(
        (world.root,),
        sources,
        (),
        folders,
        defines,
        world.config.project.tops,
        KIND,
        "systemverilog in the editor's settings says which files count",
        is_configured=bool(folders or defines),
        problems=tuple(settings.document.problems),
    )


def _without_braces(pattern: str) -> list[str]:
    """`*.{sv,v}` as `*.sv` and `*.v`."""
    match = _BRACES.search(pattern)
    if match is None:
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [
        one
        for choice in match[1].split(",")[:100]
        for one in _without_braces(before + choice + after)
    ][:1000]
