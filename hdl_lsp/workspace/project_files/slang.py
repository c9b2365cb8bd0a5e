"""`.slang/server.json` as slang-server reads it: `flags`, `build`, `index`.

Must not start anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import cast

from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.filelist import FileList, ProjectProblem, matches, parse_arguments
from hdl_lsp.workspace.paths import is_excluded
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.world import World, compiled, list_from, read_list

FILES = (".slang/server.json", ".slang/local/server.json")  # the second one's scalars win


def read(world: World) -> ProjectModel | None:
    """The files of the folder merged: flags append, later files' scalars win."""
    merged: dict[str, object] = {}
    flags = ""
    paths: list[str] = []
    problems: list[ProjectProblem] = []
    for name in FILES:
        path = os.path.join(world.root, *name.split("/"))
        data = world.disk.read(path)
        if data is None:
            continue
        paths.append(path)
        try:
            raw: object = json.loads(decode(data).text)
        except ValueError as err:
            problems.append(ProjectProblem(path, getattr(err, "lineno", 0), f"not JSON: {err}"))
            continue
        if not isinstance(raw, dict):
            problems.append(ProjectProblem(path, 1, "expected an object"))
            continue
        settings = cast("dict[str, object]", raw)
        flags = f"{flags} {_text(settings, 'flags')}".strip()
        merged |= settings
    if not paths:
        return None
    of_flags = parse_arguments(
        flags,
        path=paths[0],
        cwd=world.root,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
    build = _text(merged, "build")
    of_build = FileList()
    if build:
        path = world.absolute(build)
        if merged.get("buildRelativePaths") is True:
            of_build = list_from(world, path, os.path.dirname(path))
        else:
            of_build = read_list(world, path)
    sources = tuple(dict.fromkeys((*of_flags.sources, *of_build.sources)))
    if not sources:
        sources = compiled(_index(world, merged))
    return ProjectModel(
        (world.root,),
        sources,
        (*of_flags.libraries, *of_build.libraries),
        tuple(dict.fromkeys((*of_flags.include_dirs, *of_build.include_dirs))),
        tuple({**dict(of_flags.defines), **dict(of_build.defines)}.items()),
        world.config.project.tops or of_build.tops or of_flags.tops,
        ".slang/server.json",
        ".slang/server.json says which files count",
        is_configured=bool(flags or build),
        problems=(*problems, *of_flags.problems, *of_build.problems),
        watched=(*paths, *of_flags.lists, *of_build.lists),
    )


def _text(settings: Mapping[str, object], key: str) -> str:
    value = settings.get(key)
    if isinstance(value, list):
        return " ".join(item for item in cast("list[object]", value) if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(item for item in cast("list[object]", value) if isinstance(item, str))


def _index(world: World, settings: Mapping[str, object]) -> tuple[str, ...]:
    """The scanned files that `index` (or the older `indexGlobs` and `excludeDirs`) leaves."""
    excluded = list(_texts(settings.get("excludeDirs")))
    wanted: list[str] = []
    index = settings.get("index")
    for item in cast("list[object]", index) if isinstance(index, list) else []:
        if isinstance(item, dict):
            part = cast("dict[str, object]", item)
            wanted += [f"{world.absolute(d)}/**" for d in _texts(part.get("dirs"))]
            excluded += _texts(part.get("excludeDirs"))
    wanted += [world.absolute(glob) for glob in _texts(settings.get("indexGlobs"))]
    return tuple(
        file
        for file in world.scanned
        if (not wanted or any(matches(pattern, file) for pattern in wanted))
        and not is_excluded(world.relative(file), tuple(excluded))
    )
