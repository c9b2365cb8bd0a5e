"""`.slang/server.json` as slang-server reads it: `flags`, `build`, `builds`, `buildPattern`, `index`.

Must not start anything itself: a command of `builds` goes through command.py.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from hdl_lsp.workspace.filelist import FileList, ProjectProblem, parse_arguments
from hdl_lsp.workspace.paths import glob_pattern, is_excluded
from hdl_lsp.workspace.project_files.command import printed_list
from hdl_lsp.workspace.project_files.documents import Table, read_json
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.walk import files_matching
from hdl_lsp.workspace.project_files.world import (
    World,
    compiled,
    list_from,
    read_list,
)

FILES = (".slang/server.json", ".slang/local/server.json")

_LISTS = ("builds", "index", "indexGlobs", "excludeDirs")


@dataclass(frozen=True, slots=True)
class _Build:
    """One entry of the list of builds: a file list, or a command that prints one (its `{}` is the file)."""

    name: str
    path: str
    command: str
    at: ProjectProblem


def read(world: World) -> ProjectModel | None:
    """The files of the folder merged, on top of the user's own: lists append, later files' scalars win."""
    tables = [t for name in FILES if (t := read_json(world.disk, world.absolute(name)))]
    if not tables:
        return None
    own = _users_own(world)
    # Flags of the workspace replace the user's own, those of the local file are added to both.
    flags = next((t.text("flags") for t in tables[:1] if "flags" in t), "")
    if not flags and own:
        flags = own.text("flags")
    flags = " ".join(filter(None, (flags, *(t.text("flags") for t in tables[1:]))))
    merged = _merged([*([own] if own else []), *tables])
    of_flags = parse_arguments(
        flags,
        path=tables[0].document.path,
        cwd=world.root,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
    everything = [*([own] if own else []), *tables]
    builds = _builds(world, everything, merged)
    chosen = next((build for build in builds if build.name == world.target), None)
    if chosen is None and merged.text("build"):
        name = merged.text("build")
        chosen = next((build for build in builds if build.name == name), None) or _Build(
            name, world.absolute(name), "", ProjectProblem(tables[-1].document.path, 0, "")
        )
    of_build = _read_build(world, chosen, merged) if chosen else FileList()
    sources = tuple(dict.fromkeys((*of_flags.sources, *of_build.sources)))
    read_files = [table.document for table in (*([own] if own else []), *tables)]
    found = ProjectModel(
        (world.root,),
        sources or compiled(_index(world, merged)),
        (*of_flags.libraries, *of_build.libraries),
        tuple(dict.fromkeys((*of_flags.include_dirs, *of_build.include_dirs))),
        tuple({**dict(of_flags.defines), **dict(of_build.defines)}.items()),
        world.config.project.tops or of_build.tops or of_flags.tops,
        ".slang/server.json",
        ".slang/server.json says which files count",
        is_configured=bool(flags or chosen),
        problems=(
            *(problem for document in read_files for problem in document.problems),
            *of_flags.problems,
            *of_build.problems,
        ),
        watched=(*(d.path for d in read_files), *of_flags.lists, *of_build.lists),
    )
    return _with_builds(found, builds, chosen)


def _users_own(world: World) -> Table | None:
    """`~/.slang/server.json`: a base for the workspace's file, which alone makes a workspace slang-server's."""
    home = world.environment.get("HOME") or world.environment.get("USERPROFILE")
    if not home or world.absolute(".slang") == os.path.join(home, ".slang"):
        return None
    return read_json(world.disk, os.path.join(home, ".slang", "server.json"))


def _merged(tables: list[Table]) -> Table:
    values: dict[str, object] = {}
    for table in tables:
        for key, value in table.values.items():
            before = values.get(key)
            if key in _LISTS and isinstance(before, list) and isinstance(value, list):
                values[key] = [*before, *value]
            else:
                values[key] = value
    # What is wrong in a list is reported at the last file that says something.
    return Table(tables[-1].document, values)


def _builds(world: World, tables: list[Table], merged: Table) -> tuple[_Build, ...]:
    """Every build that can be chosen, by name."""
    found: dict[str, _Build] = {}
    for table in tables:
        for entry in table.tables("builds"):
            at = ProjectProblem(
                table.document.path, table.document.line_of(entry.text("command")), ""
            )
            for build in _of_entry(world, entry, at):
                found[build.name] = build
    pattern = merged.text("buildPattern")
    if "{}" in pattern:
        at = ProjectProblem(merged.document.path, merged.document.line_of("buildPattern"), "")
        before, _, after = world.absolute(pattern).partition("{}")
        for path in files_matching(world, f"{before}*{after}"):
            name = path[len(before) : len(path) - len(after)]
            found.setdefault(name, _Build(name, path, "", at))
    return tuple(found.values())


def _of_entry(world: World, entry: Table, at: ProjectProblem) -> list[_Build]:
    name, glob, command = entry.text("name"), entry.text("glob"), entry.text("command")
    if not glob:
        if name and command:
            return [_Build(name, "", command, at)]
        entry.document.report("builds: a name and a command, or a glob, are needed", name)
        return []
    paths = files_matching(world, world.absolute(glob))
    if not paths:
        entry.document.report(f"builds: no file matches {glob}", glob)
    if len(paths) == 1 and name:
        return [_Build(name, paths[0], command, at)]
    prefix = f"{name}:" if name else ""
    return [_Build(f"{prefix}{world.relative(path)}", path, command, at) for path in paths]


def _read_build(world: World, build: _Build, merged: Table) -> FileList:
    if build.command:
        return printed_list(world, build.command, build.at, build.path)
    if merged.flag("buildRelativePaths"):
        return list_from(world, build.path, os.path.dirname(build.path))
    return read_list(world, build.path)


def _with_builds(
    model: ProjectModel, builds: tuple[_Build, ...], chosen: _Build | None
) -> ProjectModel:
    """*model*, which was made of the build *chosen*, with all builds as targets; the others are not read yet."""
    if not builds:
        return model
    targets: list[Target] = []
    for build in builds:
        if chosen is not None and build.name == chosen.name:
            targets.append(
                Target(
                    build.name,
                    model.sources,
                    model.libraries,
                    model.include_dirs,
                    model.defines,
                    model.tops,
                )
            )
        else:
            targets.append(Target(build.name, is_complete=False))
    return replace(
        model,
        targets=tuple(targets),
        target=chosen.name if chosen in builds and chosen else "",
        watched=(*model.watched, *(build.path for build in builds if build.path)),
    )


def _index(world: World, settings: Table) -> tuple[str, ...]:
    """The scanned files that `index` (or the older `indexGlobs` and `excludeDirs`) leaves."""
    excluded = list(settings.texts("excludeDirs"))
    wanted: list[str] = []
    for part in settings.tables("index"):
        wanted += [f"{world.absolute(folder)}/**" for folder in part.texts("dirs")]
        excluded += part.texts("excludeDirs")
    wanted += [world.absolute(glob) for glob in settings.texts("indexGlobs")]
    patterns = [glob_pattern(pattern) for pattern in wanted]
    return tuple(
        file
        for file in world.scanned
        if (not wanted or any(pattern.match(file.replace(os.sep, "/")) for pattern in patterns))
        and not is_excluded(world.relative(file), tuple(excluded))
    )
