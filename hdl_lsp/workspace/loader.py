"""The only reader of the disk: scans folders, reads files, and makes summaries, one small step at a time.

Must not decide what belongs to the project (project.py does). Nothing here raises for what is on the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from stat import S_ISREG

from hdl_lsp.semantics.plain_file import plain_bytes
from hdl_lsp.semantics.request import MAX_FILE_BYTES
from hdl_lsp.semantics.summarise import BIG_FILE_BYTES, summarise
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.paths import is_excluded, is_hdl

MAX_FILES = 50_000  # see project.max_files

SKIPPED_FOLDERS = frozenset(
    {
        "build", "node_modules", "obj_dir", "__pycache__", "venv", "csrc", "simv.daidir", "xsim.dir",
        "INCA_libs", "xcelium.d", "CVS",
    }
)  # fmt: skip
"""Never scanned, like every folder whose name starts with a dot."""


class RealDisk:
    """The file system of this machine, as filelist.Disk."""

    def read(self, path: str) -> bytes | None:
        """The bytes of the file; None when it can't be read or is too large."""
        try:
            return plain_bytes(path, MAX_FILE_BYTES)
        except (OSError, ValueError):  # ValueError: a NUL in the path
            return None

    def is_file(self, path: str) -> bool:
        """A file is there."""
        return os.path.isfile(path)

    def is_dir(self, path: str) -> bool:
        """A folder is there."""
        return os.path.isdir(path)

    def names(self, path: str) -> tuple[str, ...]:
        """Names in the folder, sorted; () when it can't be read."""
        try:
            return tuple(sorted(os.listdir(path)))
        except (OSError, ValueError):
            return ()

    def modified_ns(self, path: str) -> int:
        """When the file was last written; 0 when it is not there."""
        try:
            return os.stat(path).st_mtime_ns
        except (OSError, ValueError):
            return 0


def read(path: str) -> SourceText | None:
    """The decoded text of the file; None when it can't be read or is larger than MAX_FILE_BYTES."""
    data = RealDisk().read(path)
    return None if data is None else decode(data)


Stamp = tuple[int, int]
"""Size in bytes and time of the last change in ns: a file is taken for unchanged while both stay, as in git."""


def stamp(path: str) -> Stamp | None:
    """The stamp of the file; None when there is none, or it is larger than MAX_FILE_BYTES."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    is_file = S_ISREG(status.st_mode) and status.st_size <= MAX_FILE_BYTES
    return (status.st_size, status.st_mtime_ns) if is_file else None


def is_same(path: str, other: str) -> bool:
    """Both paths lead to one file."""
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class ScannedFolder:
    """One folder of a scan: its HDL files, and what was wrong there."""

    path: str
    files: Mapping[str, Stamp]
    problems: tuple[ProjectProblem, ...] = ()
    cores: tuple[str, ...] = ()  # FuseSoC's .core files


@dataclass(frozen=True, slots=True)
class Scan:
    """All HDL files under the workspace folders, each once, and what could not be read."""

    files: tuple[str, ...] = ()
    problems: tuple[ProjectProblem, ...] = ()
    stamps: Mapping[str, Stamp] = field(default_factory=dict[str, Stamp])
    cores: tuple[str, ...] = ()  # FuseSoC's .core files


def scan(root: str, exclude: tuple[str, ...] = ()) -> Iterator[ScannedFolder]:
    """The folders under *root*, one at a time, names in order.

    A folder or file reached twice through links is given once, by its own name if that is under *root*.
    """
    seen: set[tuple[int, int]] = set()
    linked_files: dict[str, Stamp] = {}
    own_files: set[str] = set()
    plain, linked = [root], list[str]()
    while plain or linked:
        folder = plain.pop() if plain else linked.pop(0)
        try:
            status = os.stat(folder)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as err:
            problem = ProjectProblem(folder, 0, f"can't read folder: {err.strerror}")
            yield ScannedFolder(folder, {}, (problem,))
            continue
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        files: dict[str, Stamp] = {}
        problems: list[ProjectProblem] = []
        below: list[str] = []
        cores: list[str] = []
        for entry in entries:
            if exclude and is_excluded(os.path.relpath(entry.path, root), exclude):
                continue
            try:
                if entry.is_dir():
                    if not _is_skipped(entry.name):
                        (linked if entry.is_symlink() else below).append(entry.path)
                    continue
                if entry.name.endswith(".core") and not entry.is_symlink():
                    cores.append(entry.path)
                if not is_hdl(entry.name):
                    continue
                status = entry.stat()
            except OSError as err:
                problems.append(ProjectProblem(entry.path, 0, f"can't read: {err.strerror}"))
                continue
            if not S_ISREG(status.st_mode):
                problems.append(ProjectProblem(entry.path, 0, "left out: a device or a pipe"))
            elif status.st_size > MAX_FILE_BYTES:
                text = f"left out: {status.st_size} bytes, more than {MAX_FILE_BYTES}"
                problems.append(ProjectProblem(entry.path, 0, text))
            else:
                found = linked_files if entry.is_symlink() else files
                found[entry.path] = status.st_size, status.st_mtime_ns
        plain += reversed(below)
        own_files.update(files)
        yield ScannedFolder(folder, files, tuple(problems), tuple(cores))
    if linked_files:
        by_target = {os.path.realpath(path): path for path in reversed(linked_files)}
        rest = sorted(path for target, path in by_target.items() if target not in own_files)
        yield ScannedFolder(root, {path: linked_files[path] for path in rest})


def _is_skipped(name: str) -> bool:
    return name in SKIPPED_FOLDERS or name.startswith(".")


def scan_now(roots: Iterable[str], exclude: tuple[str, ...] = (), limit: int = MAX_FILES) -> Scan:
    """scan() of all *roots* at once, up to *limit* files; blocks as long as the disk takes."""
    files: dict[str, Stamp] = {}
    problems: list[ProjectProblem] = []
    cores: list[str] = []
    for root in roots:
        for step in scan(root, exclude):
            files |= step.files
            problems += step.problems
            cores += step.cores
            if len(files) > limit:
                text = (
                    f"more than {limit} HDL files: the rest is left out; "
                    "see project.exclude and project.max_files"
                )
                problems.append(ProjectProblem(root, 0, text))
                files = dict(islice(files.items(), limit))
                return Scan(tuple(files), tuple(problems), files, tuple(cores))
    return Scan(tuple(files), tuple(problems), files, tuple(cores))


def joined(scans: Iterable[Scan]) -> Scan:
    """Several scans as one; a file of two of them (folders inside folders) is there once."""
    listed = tuple(scans)
    stamps: dict[str, Stamp] = {}
    for one in listed:
        stamps |= {path: one.stamps[path] for path in one.files if path not in stamps}
    cores = dict.fromkeys(core for one in listed for core in one.cores)
    problems = tuple(problem for one in listed for problem in one.problems)
    return Scan(tuple(stamps), problems, stamps, tuple(cores))


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file read from disk. `summary` None: too large for this process, ask the analysis process."""

    file: FileId
    text: SourceText
    summary: FileSummary | None


def load(paths: Sequence[str], table: FileTable) -> Iterator[LoadedFile]:
    """Text and summary of every readable file of *paths*, one per step (1 to 10 ms); the others are left out."""
    for path in paths:
        text = read(path)
        if text is None:
            continue
        is_big = text.size_bytes > BIG_FILE_BYTES
        yield LoadedFile(table.id_of(path), text, None if is_big else summarise(text, path))
