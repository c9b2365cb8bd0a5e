"""`[project]` of hdl-lsp.toml, or of the editor's settings.

Must not read the file itself: its contents are in the configuration.
"""

from __future__ import annotations

from hdl_lsp.workspace.filelist import ProjectProblem, matches
from hdl_lsp.workspace.paths import is_excluded
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, compiled, read_list

FILES = ("hdl-lsp.toml",)


def read(world: World) -> ProjectModel | None:
    """What `[project]` says; None when it says nothing about files."""
    project = world.config.project
    if not (project.sources or project.filelists or project.include_dirs or project.defines):
        return None
    path = world.absolute(FILES[0])
    is_file = world.disk.is_file(path)
    problems: list[ProjectProblem] = []
    sources: dict[str, None] = {}
    for pattern in project.sources:
        absolute = world.absolute(pattern)
        hits = [file for file in world.scanned if matches(absolute, file)]
        if not hits and world.disk.is_file(absolute):
            hits = [absolute]
        if not hits:
            problems.append(ProjectProblem(path, 0, f"project.sources: no file matches {pattern}"))
        sources |= dict.fromkeys(hits)
    lists = [read_list(world, world.absolute(name)) for name in project.filelists]
    for found in lists:
        sources |= dict.fromkeys(found.sources)
    if not project.sources and not project.filelists:
        sources = dict.fromkeys(compiled(world.scanned))
    problems += (
        ProjectProblem(path, 0, f"project.include_dirs: no folder {folder}")
        for folder in project.include_dirs
        if not world.disk.is_dir(world.absolute(folder))
    )
    own_dirs = [world.absolute(folder) for folder in project.include_dirs]
    own_defines = [(n, v) for n, _, v in (macro.partition("=") for macro in project.defines)]
    tops = project.tops or tuple(top for found in lists for top in found.tops)
    source = f"[project] of {FILES[0]}" if is_file else "the editor's project settings"
    return ProjectModel(
        (world.root,),
        tuple(s for s in sources if not is_excluded(world.relative(s), project.exclude)),
        tuple(dict.fromkeys(file for found in lists for file in found.libraries)),
        tuple(dict.fromkeys((*own_dirs, *(d for found in lists for d in found.include_dirs)))),
        tuple({**dict(d for found in lists for d in found.defines), **dict(own_defines)}.items()),
        tops,
        FILES[0],
        f"{source} says which files count",
        is_configured=True,
        problems=(*problems, *(p for found in lists for p in found.problems)),
        watched=(path, *(name for found in lists for name in found.lists)),
    )
