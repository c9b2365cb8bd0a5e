"""EDAM files (`*.eda.yml`) that FuseSoC left under `build/`: exact file lists of what was set up there.

Must not follow dependencies: an EDAM file holds all files.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.paths import is_hdl, is_header
from hdl_lsp.workspace.project_files.core_catalogue import Catalogue, catalogue_of
from hdl_lsp.workspace.project_files.core_names import vlnv_of
from hdl_lsp.workspace.project_files.documents import Table, define_value, read_yaml
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.walk import files_matching
from hdl_lsp.workspace.project_files.world import World

KIND = "EDAM"
PLACES = ("build/*.eda.yml", "build/*/*.eda.yml", "build/*/*/*.eda.yml", "build/*/*/*/*.eda.yml")

_HDL_TYPES = ("systemverilogsource", "verilogsource")
_COPY = re.compile(r"(?:^|/)src/[^/]+/(?P<name>.+)\Z")  # where FuseSoC copies a core's files to


def read(world: World) -> ProjectModel | None:
    """The chosen EDAM file, or the newest unless a core was changed since; older ones are targets."""
    paths = [path for place in PLACES for path in files_matching(world, world.absolute(place))]
    if not paths:
        return None
    named = {_target_name(world, path): path for path in paths}
    is_chosen = world.target in named
    path = (
        named[world.target]
        if is_chosen
        else max(paths, key=lambda path: (world.disk.modified_ns(path), path))
    )
    name = _target_name(world, path)
    table = read_yaml(world.disk, path)
    others = tuple(Target(other, is_complete=False) for other in named)
    if table is None:
        return None
    catalogue = catalogue_of(world)
    found = _Reader(world, catalogue, table, os.path.dirname(path)).read()
    reason = "" if is_chosen else found.why_not
    if reason:
        why = f"{world.relative(path)} is not used, because {reason}"
        return inferred(world, why, watched=tuple(paths), targets=others)
    tops = world.config.project.tops or found.target.tops
    made = Target(
        name,
        found.target.sources,
        (),
        found.target.include_dirs,
        found.target.defines,
        tops,
    )
    return ProjectModel(
        (world.root,),
        made.sources,
        (),
        made.include_dirs,
        made.defines,
        tops,
        KIND,
        f"{world.relative(path)} lists the files that count, as FuseSoC set them up",
        is_configured=True,
        problems=(*table.document.problems, *found.problems),
        watched=(*paths, *found.cores),
        targets=tuple(made if other.name == name else other for other in others),
        target=name,
    )


def _target_name(world: World, path: str) -> str:
    """The folder of the file, as seen from `build/`: it names core, target and tool."""
    folder = os.path.relpath(os.path.dirname(path), world.absolute("build"))
    return os.path.basename(path).removesuffix(".eda.yml") if folder == "." else folder


@dataclass(frozen=True, slots=True)
class _Found:
    target: Target
    cores: tuple[str, ...]  # .core files of the cores named
    problems: tuple[ProjectProblem, ...]
    why_not: str  # a reason not to take the file unasked


class _Reader:
    """One EDAM file."""

    def __init__(self, world: World, catalogue: Catalogue, table: Table, folder: str) -> None:
        self.world = world
        self.catalogue = catalogue
        self.table = table
        self.folder = folder
        self.known = frozenset(world.scanned)
        self.problems: list[ProjectProblem] = []
        self.cores: dict[str, None] = {}

    def read(self) -> _Found:
        """Everything it says."""
        sources: dict[str, None] = {}
        include_dirs: dict[str, None] = {}
        for file in self.table.tables("files"):
            kind = file.text("file_type").lower()
            name = file.text("name")
            if kind and not kind.startswith(_HDL_TYPES):
                continue
            is_included = file.values.get("is_include_file") is True
            if not (is_hdl(name) or is_included):
                continue
            path = self._original(name, file.text("core"))
            if not path:
                continue
            if is_included or is_header(path):
                given = file.text("include_path")
                include_dirs[self._folder_of(path, name, given)] = None
            else:
                sources[path] = None
        tops = tuple(top for text in self.table.texts("toplevel") for top in text.split())
        target = Target("", tuple(sources), (), tuple(include_dirs), self._defines(), tops)
        return _Found(target, tuple(self.cores), tuple(self.problems), self._why_not(target))

    def _original(self, name: str, core: str) -> str:
        """The file to edit: the core's own where FuseSoC made a copy; "" when there is none."""
        path = self.world.absolute(name, self.folder)
        owner = None
        if core:
            wanted = vlnv_of(core)
            cores = self.catalogue.by_name.get(wanted.key, ())
            owner = next((c for c in cores if c.name.version == wanted.version), None)
        if owner is not None:
            self.cores[owner.path] = None
            copy = _COPY.search(name.replace("\\", "/"))
            if copy:
                original = self.world.absolute(copy["name"], owner.folder)
                if original in self.known or self.world.disk.is_file(original):
                    return original
        if path in self.known or self.world.disk.is_file(path):
            return path
        document = self.table.document
        line1 = document.line_of(name)
        self.problems.append(ProjectProblem(document.path, line1, f"no such file: {path}"))
        return ""

    def _folder_of(self, path: str, name: str, given: str) -> str:
        """The include folder for the header *path*: its own, or as many levels up as *given* is above *name*."""
        if not given:
            return os.path.dirname(path)
        below = os.path.relpath(
            self.world.absolute(name, self.folder), self.world.absolute(given, self.folder)
        )
        suffix = f"{os.sep}{below}"
        return path.removesuffix(suffix) if path.endswith(suffix) else os.path.dirname(path)

    def _defines(self) -> tuple[tuple[str, str], ...]:
        found: dict[str, str] = {}
        for name, parameter in self.table.table("parameters").parts():
            value = parameter.values.get("default")
            if parameter.text("paramtype") != "vlogdefine" or value is None or value is False:
                continue
            found[name] = "1" if value is True else define_value(value)
        return tuple(found.items())

    def _why_not(self, target: Target) -> str:
        if self.problems:
            return self.problems[0].message
        if not target.sources:
            return "it names no Verilog files"
        made = self.world.disk.modified_ns(self.table.document.path)
        newer = (core for core in self.cores if made < self.world.disk.modified_ns(core))
        changed = next(newer, None)
        return f"{self.world.relative(changed)} is newer" if changed else ""
