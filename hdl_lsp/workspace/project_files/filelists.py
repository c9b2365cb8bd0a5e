"""The single obvious `*.f` in a folder, and what a file list means as a project.

Must not choose between several lists.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from hdl_lsp.workspace.filelist import FileList
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, compiled, read_list


def root_lists(world: World) -> tuple[str, ...]:
    """The `*.f` files directly in the folder."""
    names = [name for name in world.disk.names(world.root) if name.endswith((".f", ".F"))]
    return tuple(os.path.join(world.root, name) for name in names)


def read(world: World) -> ProjectModel | None:
    """The one list directly in the folder, if it can be used as it is; several are never chosen between."""
    lists = root_lists(world)
    if not lists:
        return None
    path, *others = lists
    if others:
        names = ", ".join(os.path.basename(name) for name in lists[:3])
        why = f"several file lists lie in the folder ({names}); name one in hdl-lsp.toml: project.filelists"
        return inferred(world, why, watched=lists)
    found = read_list(world, path)
    if not any(is_hdl(file) for file in (*found.sources, *found.libraries)):
        return None  # .f is also Fortran's
    if found.missing:
        first = found.problems[0].message if found.problems else "a file is missing"
        return inferred(
            world, f"{os.path.basename(path)} is not used, because {first}", watched=lists
        )
    return of_list(world, path, found, "filelist")


def of_list(world: World, path: str, found: FileList, kind: str) -> ProjectModel:
    """*found*, read at *path*, as a project."""
    why = f"{world.relative(path)} lists the files that count"
    return replace(of_lists(world, [found], kind), why=why)


def of_lists(
    world: World, lists: Sequence[FileList], kind: str, *, watched: tuple[str, ...] = ()
) -> ProjectModel:
    """Several lists added up, as a project; without any source everything scanned counts."""
    sources = tuple(dict.fromkeys(file for one in lists for file in one.sources))
    libraries = dict.fromkeys(file for one in lists for file in one.libraries)
    return ProjectModel(
        (world.root,),
        sources or compiled(world.scanned),
        tuple(file for file in libraries if file not in sources),
        tuple(dict.fromkeys(folder for one in lists for folder in one.include_dirs)),
        tuple(dict(define for one in lists for define in one.defines).items()),
        world.config.project.tops or tuple(dict.fromkeys(t for one in lists for t in one.tops)),
        kind,
        f"{kind} says which files count",
        is_configured=True,
        problems=tuple(problem for one in lists for problem in one.problems),
        watched=(*watched, *(name for one in lists for name in one.lists)),
    )
