"""The sources of one Bender package: nested groups under target expressions, with their folders and macros.

Must not look for other packages (bender.py does).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import cast

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.paths import glob_pattern, has_glob, is_hdl, is_header
from hdl_lsp.workspace.project_files.bender_targets import holds, names_in
from hdl_lsp.workspace.project_files.documents import Table, define_value
from hdl_lsp.workspace.project_files.walk import files_matching
from hdl_lsp.workspace.project_files.world import World

MAX_DEPTH = 50  # of groups; YAML can nest a group in itself
MAX_ENTRIES = (
    200_000  # files and groups of one package; YAML's aliases can repeat a few without end
)

_FILE_KEYS = ("sv", "v", "verilog", "systemverilog")  # {sv: "name"} is a file whatever its ending
_OTHER_KEYS = ("vhd", "vhdl")


@dataclass
class Gathered:
    """What the packages read so far compile: ordered sets as dicts."""

    targets: frozenset[str]
    sources: dict[str, None] = field(default_factory=dict[str, None])
    include_dirs: dict[str, None] = field(default_factory=dict[str, None])
    defines: dict[str, str] = field(default_factory=dict[str, str])
    names: set[str] = field(default_factory=set[str])  # targets that some expression asks for
    problems: list[ProjectProblem] = field(default_factory=list[ProjectProblem])
    missing: int = 0


def take_package(world: World, manifest: Table, gathered: Gathered) -> None:
    """Adds what the package *manifest* compiles to *gathered*."""
    folder = os.path.dirname(manifest.document.path)
    for name in manifest.texts("export_include_dirs"):
        _take_folder(world, manifest, folder, name, gathered)
    reader = _Package(world, manifest, folder, gathered, set(world.scanned))
    given = manifest.values.get("sources")
    reader.take(cast("list[object]", given) if isinstance(given, list) else [given], 0)
    reader.replace_overridden()


def _take_folder(world: World, at: Table, folder: str, name: str, gathered: Gathered) -> None:
    path = world.absolute(name, folder)
    if world.disk.is_dir(path):
        gathered.include_dirs[path] = None
    else:
        line1 = at.document.line_of(name)
        problem = ProjectProblem(at.document.path, line1, f"no such include folder: {path}")
        gathered.problems.append(problem)


@dataclass
class _Package:
    world: World
    manifest: Table
    folder: str
    gathered: Gathered
    known: set[str]
    overriding: dict[str, str] = field(default_factory=dict[str, str])  # base name -> file
    entries: int = 0

    def take(self, items: object, depth: int, *, overrides: bool = False) -> None:
        """Files and groups, in order."""
        if not isinstance(items, list) or depth > MAX_DEPTH:
            return
        for item in cast("list[object]", items):
            self.entries += 1
            if self.entries > MAX_ENTRIES:
                return
            if isinstance(item, str):
                self._take_file(item, overrides=overrides)
            elif isinstance(item, dict):
                entry = {
                    str(key): value for key, value in cast("dict[object, object]", item).items()
                }
                self._take_group(Table(self.manifest.document, entry, "sources"), depth, overrides)

    def _take_group(self, group: Table, depth: int, overrides: bool) -> None:
        target = group.text("target")
        self.gathered.names |= names_in(target)
        if target and not holds(target, self.gathered.targets):
            self._note_names(group, depth)
            return
        for name in group.texts("include_dirs") if _is_plain(group, "include_dirs") else ():
            _take_folder(self.world, group, self.folder, name, self.gathered)
        defines = group.table("defines") if "defines" in group else None
        for name, value in defines.values.items() if defines else ():
            self.gathered.defines[name] = define_value(value)
        for key in _FILE_KEYS:
            if key in group:
                self._take_file(group.text(key), overrides=overrides, is_typed=True)
        if any(key in group for key in _OTHER_KEYS):
            return
        overrides = overrides or group.values.get("override_files") is True
        self.take(group.values.get("files"), depth + 1, overrides=overrides)

    def _note_names(self, group: Table, depth: int) -> None:
        """The targets asked for inside a group that is left out: they can be chosen too."""
        given = group.values.get("files")
        if not isinstance(given, list) or depth > MAX_DEPTH:
            return
        for item in cast("list[object]", given)[:1000]:
            if isinstance(item, dict):
                entry = {
                    str(key): value for key, value in cast("dict[object, object]", item).items()
                }
                below = Table(self.manifest.document, entry, "sources")
                self.gathered.names |= names_in(below.text("target"))

    def _take_file(self, name: str, *, overrides: bool, is_typed: bool = False) -> None:
        path = self.world.absolute(name, self.folder)
        if has_glob(path):
            pattern = glob_pattern(path)
            found = [file for file in sorted(self.known) if pattern.match(file)]
            if not found:  # a checkout lies in a hidden folder, which no scan looks into
                found = [file for file in files_matching(self.world, path) if is_hdl(file)]
            if not found:
                self._missing(name, f"no file matches {path}")
        elif not (is_typed or is_hdl(path)):
            return  # VHDL, scripts
        elif path in self.known or self.world.disk.is_file(path):
            found = [path]
        else:
            self._missing(name, f"no such file: {path}")
            return
        for file in found:
            if overrides:
                self.overriding[os.path.basename(file)] = file
            elif is_header(file):
                self.gathered.include_dirs[os.path.dirname(file)] = None
            elif is_typed or is_hdl(file):
                self.gathered.sources[file] = None

    def replace_overridden(self) -> None:
        """A file of a group with `override_files` takes the place of every file of the same name."""
        if not self.overriding:
            return
        replaced = [
            self.overriding.get(os.path.basename(file), file) for file in self.gathered.sources
        ]
        self.gathered.sources = dict.fromkeys(replaced)

    def _missing(self, name: str, message: str) -> None:
        self.gathered.missing += 1
        document = self.manifest.document
        self.gathered.problems.append(
            ProjectProblem(document.path, document.line_of(name), message)
        )


def _is_plain(table: Table, key: str) -> bool:
    value = table.values.get(key)
    return isinstance(value, list) and all(
        isinstance(item, str) for item in cast("list[object]", value)
    )
