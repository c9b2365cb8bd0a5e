"""`[project]` of hdl-lsp.toml, or of the editor's settings.

Must not read the file itself: its contents are in the configuration.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdl_lsp.config import ProjectConfig, TargetConfig
from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.filelist import FileList, ProjectProblem, matches
from hdl_lsp.workspace.paths import is_excluded
from hdl_lsp.workspace.project_files.command import printed_list
from hdl_lsp.workspace.project_files.documents import Document
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, compiled, read_list

FILES = ("hdl-lsp.toml",)


def read(world: World) -> ProjectModel | None:
    """What `[project]` says; None when it says nothing about files."""
    project = world.config.project
    if not (
        project.sources
        or project.filelists
        or project.include_dirs
        or project.defines
        or project.command
    ):
        return None
    path = world.absolute(FILES[0])
    is_file = world.disk.is_file(path)
    found = listed(world, project, "project")
    sources = found.sources
    if not (project.sources or project.filelists or sources):
        sources = compiled(world.scanned)
    own_dirs = [world.absolute(folder) for folder in project.include_dirs]
    own_defines = defines_of(project.defines)
    source = f"[project] of {FILES[0]}" if is_file else "the editor's project settings"
    return ProjectModel(
        (world.root,),
        tuple(s for s in sources if not is_excluded(world.relative(s), project.exclude)),
        found.libraries,
        tuple(dict.fromkeys((*own_dirs, *found.include_dirs))),
        tuple({**dict(found.defines), **own_defines}.items()),
        project.tops or found.tops,
        FILES[0],
        f"{source} says which files count",
        is_configured=True,
        problems=found.problems,
        watched=(path, *found.lists),
    )


def defines_of(macros: Iterable[str]) -> dict[str, str]:
    """`NAME` and `NAME=VALUE` as names and values."""
    return {name: value for name, _, value in (macro.partition("=") for macro in macros)}


def listed(world: World, wanted: ProjectConfig | TargetConfig, where: str) -> FileList:
    """What the globs and file lists of a table of hdl-lsp.toml name; *where*: the table, for its problems."""
    path = world.absolute(FILES[0])
    document = Document(path, decode(world.disk.read(path) or b"").text)
    sources: dict[str, None] = {}
    for pattern in wanted.sources:
        absolute = world.absolute(pattern)
        hits = [file for file in world.scanned if matches(absolute, file)]
        if not hits and world.disk.is_file(absolute):
            hits = [absolute]
        if not hits:
            document.report(f"{where}.sources: no file matches {pattern}", pattern)
        sources |= dict.fromkeys(hits)
    lists = [read_list(world, world.absolute(name)) for name in wanted.filelists]
    if isinstance(wanted, ProjectConfig) and wanted.command:
        at = ProjectProblem(path, document.line_of(wanted.command), "")
        lists.append(printed_list(world, wanted.command, at))
    for found in lists:
        sources |= dict.fromkeys(found.sources)
    for folder in wanted.include_dirs:
        if not world.disk.is_dir(world.absolute(folder)):
            document.report(f"{where}.include_dirs: no folder {folder}", folder)
    return FileList(
        tuple(sources),
        tuple(dict.fromkeys(file for found in lists for file in found.libraries)),
        tuple(dict.fromkeys(folder for found in lists for folder in found.include_dirs)),
        tuple(dict(define for found in lists for define in found.defines).items()),
        tuple(top for found in lists for top in found.tops),
        (*document.problems, *(p for found in lists for p in found.problems)),
        tuple(name for found in lists for name in found.lists),
    )


def third_party(world: World) -> tuple[str, ...]:
    """`project.third_party` as absolute globs; a pattern without a slash names a file or folder anywhere."""
    made: list[str] = []
    for pattern in world.config.project.third_party:
        wanted = pattern.removeprefix("./").rstrip("/")
        path = world.absolute(wanted if "/" in wanted else f"**/{wanted}")
        made += (path, f"{path}/**")
    return tuple(made)
