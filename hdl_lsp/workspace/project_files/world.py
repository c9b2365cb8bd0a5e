"""What a reader of a project file may look at, and the few questions all readers ask.

Must not know any format.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hdl_lsp.config import Config
from hdl_lsp.workspace.filelist import Disk, FileList, matches, parse_filelist
from hdl_lsp.workspace.paths import has_glob, is_header
from hdl_lsp.workspace.project_files.model import is_below


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command wrote to its standard output; *wrong*: a sentence when that can't be used."""

    text: str = ""
    wrong: str = ""


Run = Callable[[Sequence[str], str], Printed]
"""Runs a program with its arguments in a folder, without a shell, for a bounded time; never raises."""


@dataclass(frozen=True, slots=True)
class World:
    """One workspace folder and its surroundings."""

    root: str
    config: Config
    disk: Disk
    environment: Mapping[str, str]
    scanned: tuple[str, ...]  # HDL files of this folder
    target: str = ""  # the named build the user chose; "" for the reader's own default
    cores: tuple[str, ...] = ()  # FuseSoC's .core files of this folder
    foreign: Mapping[str, object] = field(default_factory=dict[str, object])
    """Settings of other extensions, by their first word: "verilog", "systemverilog"."""
    run: Run | None = None  # starts a command of a trusted workspace; None: nothing is ever started

    def absolute(self, name: str, folder: str | None = None) -> str:
        """*name* counted from *folder*, or from the workspace folder."""
        return os.path.normpath(os.path.join(folder or self.root, name))

    def relative(self, path: str) -> str:
        """*path* as seen from the workspace folder."""
        return os.path.relpath(path, self.root)


def compiled(files: Sequence[str]) -> tuple[str, ...]:
    """*files* without the headers."""
    return tuple(file for file in files if not is_header(file))


def counted(number: int, noun: str) -> str:
    """`1 core`, `2 cores`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def found_files(world: World, pattern: str, folder: str | None = None) -> tuple[str, ...]:
    """The files that *pattern* names: a glob, a file, or a folder with all HDL files in it."""
    path = world.absolute(pattern, folder)
    if has_glob(path):
        return tuple(file for file in world.scanned if matches(path, file))
    if world.disk.is_file(path):
        return (path,)
    return tuple(file for file in world.scanned if is_below(file, path))


def read_list(world: World, path: str) -> FileList:
    """The list with names counted from the workspace folder, or from its own if then less is missing."""
    from_root = list_from(world, path, world.root)
    folder = os.path.dirname(path)
    if not from_root.missing or folder == world.root:
        return from_root
    from_own = list_from(world, path, folder)
    return from_own if from_own.missing < from_root.missing else from_root


def list_from(world: World, path: str, folder: str) -> FileList:
    """The list at *path* with names counted from *folder*."""
    return parse_filelist(
        path,
        cwd=folder,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
