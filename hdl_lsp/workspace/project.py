"""Which files make the design: found by rule, and the rule that won is said in a sentence.

Must not parse HDL: what only the contents can tell (include folders by name, tops) is inference.py's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from hdl_lsp.config import Config
from hdl_lsp.text.decode import decode
from hdl_lsp.workspace.filelist import (
    Disk,
    FileList,
    ProjectProblem,
    matches,
    parse_arguments,
    parse_filelist,
)
from hdl_lsp.workspace.paths import is_excluded, is_hdl, is_header

CONFIG_FILE = "hdl-lsp.toml"
SLANG_FILES = (".slang/server.json", ".slang/local/server.json")  # the second one's scalars win
VERIBLE_FILE = "verible.filelist"


@dataclass(frozen=True, slots=True)
class Target:
    """One named way to build: what it compiles, complete in itself. Paths are absolute."""

    name: str
    sources: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()
    tops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectModel:
    """What is compiled, and how. Paths are absolute."""

    roots: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # in compile order, headers left out unless they are listed
    libraries: tuple[
        str, ...
    ] = ()  # files of -v and -y: compiled when somebody names their modules
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()  # name, value ("" for a bare define)
    tops: tuple[str, ...] = ()
    kind: str = (
        "inferred"  # or "hdl-lsp.toml", ".slang/server.json", "verible.filelist", "filelist"
    )
    why: str = "no project file was found"  # a sentence for the user, without a final dot
    is_configured: bool = False  # False: include folders and macros are guessed from the contents
    problems: tuple[ProjectProblem, ...] = ()
    watched: tuple[str, ...] = ()  # files whose change makes another project
    targets: tuple[Target, ...] = ()  # the named builds the project file knows
    target: str = ""  # the one this model was built from; "" for none
    third_party: tuple[str, ...] = ()  # absolute globs: what matches is indexed, never reported on


@dataclass(frozen=True, slots=True)
class _World:
    """What a rule may look at."""

    root: str
    config: Config
    disk: Disk
    environment: Mapping[str, str]
    scanned: tuple[str, ...]  # of this root


def find_project(
    roots: Sequence[str],
    config: Config,
    disk: Disk,
    scanned: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> ProjectModel:
    """The project of the workspace folders *roots*; never raises.

    For every folder the first of these that exists: `[project]` of the configuration, `.slang/server.json`,
    `verible.filelist`, the one `*.f` directly in the folder if nothing in it is missing; else everything
    scanned. *scanned*: all HDL files found under the folders. *environment*: variables for `$VAR` in lists.
    """
    models = [_find_one(world) for world in _worlds(roots, config, disk, scanned, environment)]
    if not models:
        return ProjectModel(why="no folder is open: only open files are known")
    if len(models) == 1:
        return models[0]
    configured = [m for m in models if m.kind != "inferred"]
    return ProjectModel(
        tuple(roots),
        tuple(dict.fromkeys(s for m in models for s in m.sources)),
        tuple(dict.fromkeys(s for m in models for s in m.libraries)),
        tuple(dict.fromkeys(d for m in models for d in m.include_dirs)),
        tuple(dict(d for m in models for d in m.defines).items()),
        tuple(dict.fromkeys(t for m in models for t in m.tops)),
        configured[0].kind if configured else "inferred",
        "; ".join(f"{os.path.basename(m.roots[0])}: {m.why}" for m in models),
        # One folder without a project file is enough to make unknown macros a guess.
        all(m.is_configured for m in models),
        tuple(p for m in models for p in m.problems),
        tuple(dict.fromkeys(w for m in models for w in m.watched)),
    )


def _worlds(
    roots: Sequence[str],
    config: Config,
    disk: Disk,
    scanned: Sequence[str],
    environment: Mapping[str, str] | None,
) -> list[_World]:
    return [
        _World(
            root,
            config,
            disk,
            environment or {},
            tuple(s for s in scanned if s.startswith(root.rstrip(os.sep) + os.sep)),
        )
        for root in roots
    ]


def _find_one(world: _World) -> ProjectModel:
    found = _own(world) or _slang(world) or _verible(world) or _single_list(world)
    return found or _inferred(world, "no project file was found, so every HDL file counts")


def _inferred(world: _World, why: str) -> ProjectModel:
    project = world.config.project
    candidates = (*_candidates(world), *_root_lists(world))
    return ProjectModel(
        roots=(world.root,),
        sources=_compiled(world.scanned),
        tops=project.tops,
        why=why,
        watched=candidates,
    )


def _compiled(files: Sequence[str]) -> tuple[str, ...]:
    return tuple(file for file in files if not is_header(file))


def _candidates(world: _World) -> tuple[str, ...]:
    """Project files that would count if they appeared."""
    names = (CONFIG_FILE, *SLANG_FILES, VERIBLE_FILE)
    return tuple(os.path.join(world.root, *name.split("/")) for name in names)


# -- hdl-lsp.toml


def _own(world: _World) -> ProjectModel | None:
    project = world.config.project
    if not (project.sources or project.filelists or project.include_dirs or project.defines):
        return None
    path = os.path.join(world.root, CONFIG_FILE)
    is_file = world.disk.is_file(path)
    problems: list[ProjectProblem] = []
    sources: dict[str, None] = {}
    for pattern in project.sources:
        absolute = _absolute(world.root, pattern)
        hits = [file for file in world.scanned if matches(absolute, file)]
        if not hits and world.disk.is_file(absolute):
            hits = [absolute]
        if not hits:
            problems.append(ProjectProblem(path, 0, f"project.sources: no file matches {pattern}"))
        sources |= dict.fromkeys(hits)
    lists = [_read_list(world, _absolute(world.root, name)) for name in project.filelists]
    for found in lists:
        sources |= dict.fromkeys(found.sources)
    if not project.sources and not project.filelists:
        sources = dict.fromkeys(_compiled(world.scanned))
    problems += (
        ProjectProblem(path, 0, f"project.include_dirs: no folder {folder}")
        for folder in project.include_dirs
        if not world.disk.is_dir(_absolute(world.root, folder))
    )
    own_dirs = [_absolute(world.root, folder) for folder in project.include_dirs]
    own_defines = [(n, v) for n, _, v in (macro.partition("=") for macro in project.defines)]
    tops = project.tops or tuple(top for found in lists for top in found.tops)
    source = f"[project] of {CONFIG_FILE}" if is_file else "the editor's project settings"
    return ProjectModel(
        (world.root,),
        tuple(s for s in sources if not is_excluded(_relative(world, s), project.exclude)),
        tuple(dict.fromkeys(file for found in lists for file in found.libraries)),
        tuple(dict.fromkeys((*own_dirs, *(d for found in lists for d in found.include_dirs)))),
        tuple({**dict(d for found in lists for d in found.defines), **dict(own_defines)}.items()),
        tops,
        CONFIG_FILE,
        f"{source} says which files count",
        is_configured=True,
        problems=(*problems, *(p for found in lists for p in found.problems)),
        watched=(path, *(name for found in lists for name in found.lists)),
    )


def _absolute(root: str, name: str) -> str:
    return os.path.normpath(os.path.join(root, name))


def _relative(world: _World, path: str) -> str:
    return os.path.relpath(path, world.root)


def _read_list(world: _World, path: str) -> FileList:
    """The list with names counted from the workspace folder, or from its own if then less is missing."""
    from_root = parse_filelist(
        path,
        cwd=world.root,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
    folder = os.path.dirname(path)
    if not from_root.missing or folder == world.root:
        return from_root
    from_own = parse_filelist(
        path,
        cwd=folder,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
    return from_own if from_own.missing < from_root.missing else from_root


# -- slang-server


def _slang(world: _World) -> ProjectModel | None:
    """`.slang/server.json` as slang-server reads it: `flags`, `build`, `index`; later files' scalars win."""
    merged: dict[str, object] = {}
    flags = ""
    paths: list[str] = []
    problems: list[ProjectProblem] = []
    for name in SLANG_FILES:
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
        path = _absolute(world.root, build)
        if merged.get("buildRelativePaths") is True:
            of_build = parse_filelist(
                path,
                cwd=os.path.dirname(path),
                disk=world.disk,
                environment=world.environment,
                scanned=world.scanned,
            )
        else:
            of_build = _read_list(world, path)
    sources = tuple(dict.fromkeys((*of_flags.sources, *of_build.sources)))
    if not sources:
        sources = _compiled(_slang_index(world, merged))
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


def _slang_index(world: _World, settings: Mapping[str, object]) -> tuple[str, ...]:
    """The scanned files that `index` (or the older `indexGlobs` and `excludeDirs`) leaves."""
    excluded = list(_texts(settings.get("excludeDirs")))
    wanted: list[str] = []
    index = settings.get("index")
    for item in cast("list[object]", index) if isinstance(index, list) else []:
        if isinstance(item, dict):
            part = cast("dict[str, object]", item)
            wanted += [f"{_absolute(world.root, d)}/**" for d in _texts(part.get("dirs"))]
            excluded += _texts(part.get("excludeDirs"))
    wanted += [_absolute(world.root, glob) for glob in _texts(settings.get("indexGlobs"))]
    return tuple(
        file
        for file in world.scanned
        if (not wanted or any(matches(pattern, file) for pattern in wanted))
        and not is_excluded(_relative(world, file), tuple(excluded))
    )


# -- file lists


def _verible(world: _World) -> ProjectModel | None:
    path = os.path.join(world.root, VERIBLE_FILE)
    if not world.disk.is_file(path):
        return None
    return _of_list(world, path, _read_list(world, path), VERIBLE_FILE)


def _root_lists(world: _World) -> tuple[str, ...]:
    names = [name for name in world.disk.names(world.root) if name.endswith((".f", ".F"))]
    return tuple(os.path.join(world.root, name) for name in names)


def _single_list(world: _World) -> ProjectModel | None:
    """The one list directly in the folder, if it can be used as it is; several are never chosen between."""
    lists = _root_lists(world)
    if not lists:
        return None
    path, *others = lists
    if others:
        names = ", ".join(os.path.basename(name) for name in lists[:3])
        why = f"several file lists lie in the folder ({names}); name one in {CONFIG_FILE}: project.filelists"
        return _inferred(world, why)
    found = _read_list(world, path)
    if not any(is_hdl(file) for file in (*found.sources, *found.libraries)):
        return None  # .f is also Fortran's
    if found.missing:
        first = found.problems[0].message if found.problems else "a file is missing"
        return _inferred(world, f"{os.path.basename(path)} is not used, because {first}")
    return _of_list(world, path, found, "filelist")


def _of_list(world: _World, path: str, found: FileList, kind: str) -> ProjectModel:
    return ProjectModel(
        (world.root,),
        found.sources,
        found.libraries,
        found.include_dirs,
        found.defines,
        world.config.project.tops or found.tops,
        kind,
        f"{os.path.basename(path)} lists the files that count",
        is_configured=True,
        problems=found.problems,
        watched=(*_candidates(world), *found.lists),
    )
