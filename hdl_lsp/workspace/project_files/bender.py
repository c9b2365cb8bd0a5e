"""`Bender.yml`: the package of the folder and those it depends on, as `bender script flist-plus` would list them.

Must not fetch anything: a dependency that is not checked out is said.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import cast

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.project_files.bender_sources import Gathered, take_package
from hdl_lsp.workspace.project_files.documents import Table, read_yaml
from hdl_lsp.workspace.project_files.inferred import inferred
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.world import World, counted

FILES = ("Bender.yml", "Bender.yaml")
LOCK_FILE = "Bender.lock"
LOCAL_FILE = "Bender.local"  # overrides of the user's own checkout

KIND = "Bender.yml"
DEFAULT_TARGET = "rtl"
ALWAYS = ("flist",)  # what Bender itself sets when it writes a plain file list

MAX_PACKAGES = 1_000


@dataclass(frozen=True, slots=True)
class _Packages:
    """Manifests in compile order, dependencies first, and what was wrong on the way."""

    manifests: tuple[Table, ...]
    watched: tuple[str, ...]
    problems: tuple[ProjectProblem, ...]
    absent: tuple[str, ...]  # dependencies that are not checked out


def read(world: World) -> ProjectModel | None:
    """The package with target `rtl`, or the chosen one; every file if something it names is not there."""
    root = _manifest(world, world.root)
    if root is None:
        return None
    packages = _Finder(world, root).found()
    plain = _gather(world, packages, DEFAULT_TARGET)
    names = (DEFAULT_TARGET, *sorted(_names_of(root, plain) - {DEFAULT_TARGET, *ALWAYS}))
    wanted = world.target if world.target in names else ""
    gathered = _gather(world, packages, wanted) if wanted else plain
    watched = packages.watched
    problems = (*packages.problems, *gathered.problems)
    if not gathered.sources and not packages.absent:
        return None  # a package without Verilog
    if (gathered.missing or packages.absent) and not wanted:
        first = problems[0].message if problems else "a file is missing"
        name = os.path.basename(root.document.path)
        return inferred(
            world,
            f"{name} is not used, because {first}",
            watched=watched,
            targets=tuple(Target(target, is_complete=False) for target in names),
        )
    name = wanted or DEFAULT_TARGET
    tops = world.config.project.tops
    made = Target(
        name,
        tuple(gathered.sources),
        (),
        tuple(gathered.include_dirs),
        tuple(gathered.defines.items()),
        tops,
    )
    n = len(packages.manifests) - 1
    return ProjectModel(
        (world.root,),
        made.sources,
        (),
        made.include_dirs,
        made.defines,
        tops,
        KIND,
        f"{os.path.basename(root.document.path)} says which files count, for target {name}"
        + (f", with {counted(n, 'package')} it depends on" if n else ""),
        is_configured=True,
        problems=problems,
        watched=watched,
        targets=tuple(made if t == name else Target(t, is_complete=False) for t in names),
        target=name,
    )


def _gather(world: World, packages: _Packages, target: str) -> Gathered:
    targets = frozenset({*ALWAYS, target})
    gathered = Gathered(targets)
    for name in sorted(targets):
        gathered.defines[f"TARGET_{re.sub(r'[^A-Z0-9_]', '_', name.upper())}"] = ""
    for manifest in packages.manifests:
        take_package(world, manifest, gathered)
    return gathered


def _names_of(root: Table, gathered: Gathered) -> set[str]:
    """The targets that can be chosen: those the package of the folder asks for itself."""
    own = set(re.findall(r"[\w.-]+", " ".join(_target_texts(root.document.text))))
    return {name for name in gathered.names if name in own}


def _target_texts(text: str) -> list[str]:
    return [line.lower() for line in text.split("\n") if "target" in line]


def _manifest(world: World, folder: str) -> Table | None:
    return next(
        (t for name in FILES if (t := read_yaml(world.disk, os.path.join(folder, name)))), None
    )


@dataclass
class _Finder:
    """Follows dependencies to the folders where Bender, or the user, put them."""

    world: World
    root: Table
    manifests: dict[str, Table] = field(default_factory=dict[str, Table])
    seen: set[str] = field(default_factory=set[str])
    problems: list[ProjectProblem] = field(default_factory=list[ProjectProblem])
    absent: list[str] = field(default_factory=list[str])
    checkouts: dict[str, str] = field(default_factory=dict[str, str])
    lock: Table | None = None
    local: Table | None = None

    def found(self) -> _Packages:
        """All packages that are there."""
        world = self.world
        self.lock = read_yaml(world.disk, world.absolute(LOCK_FILE))
        self.local = read_yaml(world.disk, world.absolute(LOCAL_FILE))
        self.checkouts |= self._checkouts()
        self._visit(self.root, 0)
        lock_files = [t.document.path for t in (self.lock, self.local) if t is not None]
        tables = (*self.manifests.values(), *(t for t in (self.lock, self.local) if t))
        return _Packages(
            tuple(self.manifests.values()),
            (
                *(t.document.path for t in self.manifests.values()),
                *(lock_files or [world.absolute(LOCK_FILE)]),
                world.absolute(LOCAL_FILE),
            ),
            (*self.problems, *(p for table in tables for p in table.document.problems)),
            tuple(self.absent),
        )

    def _checkouts(self) -> dict[str, str]:
        """Folder by package name, of what `bender checkout` left."""
        found: dict[str, str] = {}
        top = self.world.absolute(os.path.join(".bender", "git", "checkouts"))
        for name in self.world.disk.names(top):
            package, _, digest = name.rpartition("-")
            if package and re.fullmatch(r"[0-9a-f]{8,}", digest):
                found[package] = os.path.join(top, name)
        own = self.root.table("workspace").text("checkout_dir")
        if own:
            folder = self.world.absolute(own)
            found |= {name: os.path.join(folder, name) for name in self.world.disk.names(folder)}
        return found

    def _visit(self, manifest: Table, depth: int) -> None:
        path = manifest.document.path
        if path in self.seen or len(self.seen) > MAX_PACKAGES or depth > 100:
            return
        self.seen.add(path)
        dependencies = manifest.table("dependencies")
        for name in dependencies.values:
            folder = self._folder(name, dependencies, os.path.dirname(path))
            if folder is None:
                if name not in self.absent:
                    self.absent.append(name)
                    document = manifest.document
                    self.problems.append(
                        ProjectProblem(
                            document.path,
                            document.line_of(name),
                            f"dependency {name} is not checked out (bender checkout)",
                        )
                    )
                continue
            below = _manifest(self.world, folder)
            if below is not None:
                self._visit(below, depth + 1)
        self.manifests[path] = manifest

    def _folder(self, name: str, dependencies: Table, asking: str) -> str | None:
        """Where the package lies: the user's override, its path, its checkout; None when it is not there."""
        override = self._override(name)
        given = dependencies.values.get(name)
        path = cast("dict[object, object]", given).get("path") if isinstance(given, dict) else None
        choices = (
            override and self.world.absolute(override),
            self.world.absolute(path, asking) if isinstance(path, str) else "",
            self._locked(name),
            self.checkouts.get(name, ""),
        )
        return next((c for c in choices if c and self.world.disk.is_dir(c)), None)

    def _override(self, name: str) -> str:
        if self.local is None:
            return ""
        overrides = self.local.table("overrides")
        return overrides.table(name).text("path") if name in overrides else ""

    def _locked(self, name: str) -> str:
        """The folder of a package that is locked to a path."""
        packages = self.lock.table("packages") if self.lock is not None else None
        if packages is None or name not in packages:
            return ""
        path = packages.table(name).table("source").text("Path")
        return self.world.absolute(path) if path else ""
