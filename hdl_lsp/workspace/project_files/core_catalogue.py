"""All FuseSoC cores of a workspace by name: read once, asked by name and version.

Must not follow dependencies (core_resolve.py does).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.project_files.core_names import Key, Vlnv, Wish, vlnv_of
from hdl_lsp.workspace.project_files.documents import Table, read_yaml
from hdl_lsp.workspace.project_files.world import World

IGNORE_FILE = "FUSESOC_IGNORE"  # FuseSoC looks into no folder that holds it


@dataclass(frozen=True, slots=True)
class Core:
    """One .core file (CAPI2)."""

    name: Vlnv
    path: str
    table: Table = field(repr=False)

    @property
    def folder(self) -> str:
        """What its file names count from."""
        return os.path.dirname(self.path)

    def targets(self) -> tuple[str, ...]:
        """The names of its targets that have a top, `default` first."""
        named = [
            name for name, target in self.table.table("targets").parts() if "toplevel" in target
        ]
        return tuple(sorted(named, key=lambda name: name != "default"))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The cores, best first where several have one name, and who provides a virtual one."""

    by_name: Mapping[Key, tuple[Core, ...]]
    providers: Mapping[Key, tuple[Core, ...]]
    problems: tuple[ProjectProblem, ...] = ()

    def find(self, wish: Wish) -> Core | None:
        """The newest core that *wish* allows; None when there is none."""
        cores = self.by_name.get(wish.core.key, ())
        return next((core for core in cores if wish.is_met_by(core.name.version)), None)

    def cores(self) -> tuple[Core, ...]:
        """Every core, in the order of their files."""
        listed = (core for cores in self.by_name.values() for core in cores)
        return tuple(sorted(listed, key=lambda core: core.path))


def catalogue_of(world: World) -> Catalogue:
    """All cores of the folder that FuseSoC would find."""
    ignored: dict[str, bool] = {}

    def is_ignored(folder: str) -> bool:
        if folder not in ignored:
            here = world.disk.is_file(os.path.join(folder, IGNORE_FILE))
            is_top = len(folder) <= len(world.root)
            ignored[folder] = here or (not is_top and is_ignored(os.path.dirname(folder)))
        return ignored[folder]

    by_name: dict[Key, list[Core]] = {}
    providers: dict[Key, list[Core]] = {}
    problems: list[ProjectProblem] = []
    for path in world.cores:
        if is_ignored(os.path.dirname(path)):
            continue
        table = read_yaml(world.disk, path)
        if table is None or "CAPI=1" in table.values or table.document.text.startswith("CAPI=1"):
            continue
        name = table.text("name")
        problems += table.document.problems
        if not name:
            continue
        core = Core(vlnv_of(name), path, table)
        by_name.setdefault(core.name.key, []).append(core)
        for virtual in table.texts("virtual"):
            providers.setdefault(vlnv_of(virtual).key, []).append(core)
    for cores in by_name.values():
        # The newest; of two the one nearer to the top, because the deeper one is a vendored copy.
        cores.sort(key=lambda core: (core.path.count(os.sep), core.path))
        cores.sort(key=lambda core: core.name.version, reverse=True)
    return Catalogue(
        {key: tuple(cores) for key, cores in by_name.items()},
        {key: tuple(cores) for key, cores in providers.items()},
        tuple(problems),
    )
