"""What no project file says, found from the contents: include folders, files with shared macros, tops, fragments.

Must not read anything; all of it follows from the index.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.paths import folders_apart, is_header, rank

MAX_MACRO_FILES = 400
MAX_INCLUDE_DIRS = 200
MAX_INCLUDE_DEPTH = 8  # of a fragment in a fragment; real code has two


def included_file(
    index: WorkspaceIndex, includer: str, path: str, include_dirs: tuple[str, ...] = ()
) -> FileId | None:
    """The file that `` `include "path"`` in the file *includer* means; None when none is known.

    Beside the includer, then in *include_dirs*, then the nearest file whose path ends that way.
    """
    table = index.table
    wanted = os.path.normpath(path)
    candidates = {
        table.path_of(file): file
        for file in index.files_named(os.path.basename(wanted))
        if _ends_with(table.path_of(file), wanted)
    }
    if not candidates:
        return None
    for folder in (os.path.dirname(includer), *include_dirs):
        file = candidates.get(os.path.normpath(os.path.join(folder, wanted)))
        if file is not None:
            return file
    return candidates[min(candidates, key=lambda other: rank(includer, other, frozenset()))]


def _ends_with(path: str, wanted: str) -> bool:
    tail = wanted
    while tail.startswith(".." + os.sep):
        tail = tail[3:]
    return path == wanted or path.endswith(os.sep + tail.lstrip(os.sep))


Resolved = dict[FileId, tuple[tuple[FileId, str], ...]]
"""The files that a file includes directly, and the path of each."""


def all_includes(
    index: WorkspaceIndex,
    file: FileId,
    include_dirs: tuple[str, ...] = (),
    resolved: Resolved | None = None,
) -> dict[FileId, str]:
    """The files that *file* includes, directly or not, and the path by which each was first named.

    *resolved*: what calls with the same folders have found before, and where this one leaves what it finds.
    """
    known: Resolved = {} if resolved is None else resolved
    found: dict[FileId, str] = {}
    waiting = [file]
    while waiting:
        includer = waiting.pop()
        if includer not in known:
            known[includer] = tuple(_includes(index, includer, include_dirs))
        for header, path in known[includer]:
            if header != file and header not in found:
                found[header] = path
                waiting.append(header)
    return found


def _includes(
    index: WorkspaceIndex, includer: FileId, include_dirs: tuple[str, ...]
) -> Iterator[tuple[FileId, str]]:
    summary = index.summary_of(includer)
    for use in summary.includes if summary else ():
        header = included_file(index, index.table.path_of(includer), use.path, include_dirs)
        if header is not None:
            yield header, use.path


def folder_for(header: str, path: str) -> str | None:
    """The include folder that makes ``include "path"`` find the file *header*; None if no folder can."""
    wanted = os.path.normpath(path)
    if os.path.isabs(wanted) or wanted.startswith(".."):
        return None
    return header[: -len(wanted)].rstrip(os.sep) or os.sep if header.endswith(wanted) else None


def include_dirs(index: WorkspaceIndex, memo: Memo) -> tuple[str, ...]:
    """Folders of the headers that somebody includes by name from another folder; the most used first.

    The same for the whole workspace, so that slang's caches stay good when another file is asked about.
    """
    key = ("inference.include_dirs", *index.version("include_paths", "basenames"))
    return memo.remember(key, lambda: _include_dirs(index))


def _include_dirs(index: WorkspaceIndex) -> tuple[str, ...]:
    votes: Counter[str] = Counter()
    for path in index.names_in("include_paths"):
        asked: dict[str, str | None] = {}
        for file in index.files_in("include_paths", path):
            includer = index.table.path_of(file)
            here = os.path.dirname(includer)
            if here not in asked:
                asked[here] = _voted_folder(index, includer, path)
            folder = asked[here]
            if folder is not None:
                votes[folder] += 1
    ordered = sorted(votes, key=lambda folder: (-votes[folder], folder))
    return tuple(ordered[:MAX_INCLUDE_DIRS])


def _voted_folder(index: WorkspaceIndex, includer: str, path: str) -> str | None:
    header = included_file(index, includer, path)
    if header is None:
        return None
    folder = folder_for(index.table.path_of(header), path)
    return None if folder == os.path.dirname(includer) else folder


def macro_files(index: WorkspaceIndex, memo: Memo, root: str) -> tuple[str, ...]:
    """Files with a macro that another file uses; headers first, test benches last, the shallowest first.

    The first definition of a name wins (MacroDefinitions does the choosing). *root*: a workspace folder; what
    lies above it says nothing about test benches.
    """
    key = ("inference.macro_files", *index.version("bodied_macros", "macro_uses"), root)
    return memo.remember(key, lambda: _macro_files(index, root))


def _macro_files(index: WorkspaceIndex, root: str) -> tuple[str, ...]:
    found: set[FileId] = set()
    for name in index.names_in("bodied_macros"):
        users = index.macro_users(name)
        for file in index.files_in("bodied_macros", name):
            if any(user != file for user in users):
                found.add(file)
    shared = [index.table.path_of(file) for file in found]
    asking = os.path.join(root, "any")

    def order(path: str) -> tuple[bool, int, int, str]:
        return not is_header(path), folders_apart(asking, path), path.count(os.sep), path

    return tuple(sorted(shared, key=order)[:MAX_MACRO_FILES])


def macro_choice(index: WorkspaceIndex, asking: str, name: str) -> FileId | None:
    """The file whose definition of the macro *name* the file *asking* most likely means."""
    files = index.files_in("macros", name)
    path_of = index.table.path_of
    return min(
        files,
        key=lambda f: (not is_header(path_of(f)), rank(asking, path_of(f), frozenset())),
        default=None,
    )


def is_fragment(index: WorkspaceIndex, file: FileId) -> bool:
    """*file* is meant to be included: a header, or a file that somebody includes and that declares no unit."""
    path = index.table.path_of(file)
    if is_header(path):
        return True
    return not index.holds_any(file, "units") and next(includers(index, file), None) is not None


def includers(index: WorkspaceIndex, file: FileId) -> Iterator[FileId]:
    """The files that include *file*, as far as included_file() tells."""
    name = os.path.basename(index.table.path_of(file))
    seen: set[FileId] = set()
    for path in index.include_paths(name):
        for other in index.files_in("include_paths", path):
            is_new = other not in seen
            if is_new and included_file(index, index.table.path_of(other), path) == file:
                seen.add(other)
                yield other


def home_of(index: WorkspaceIndex, file: FileId) -> tuple[FileId, ...]:
    """The files around a fragment: one that includes it, one that includes that, up to a file that is compiled.

    () when *file* is compiled by itself, when nobody includes it, and when it holds nothing but macros. Of
    several files the one that rank() puts first is taken, fragments last.
    """
    summary = index.summary_of(file)
    if summary is None or not is_fragment(index, file):
        return ()
    if not summary.problems and all(decl.kind is DeclKind.MACRO for decl in summary.decls):
        return ()
    path_of = index.table.path_of
    around: list[FileId] = []
    inner = file
    while len(around) < MAX_INCLUDE_DEPTH:
        outer = min(
            (other for other in includers(index, inner) if other != file and other not in around),
            key=lambda f: (is_fragment(index, f), rank(path_of(file), path_of(f), frozenset())),
            default=None,
        )
        if outer is None:
            return ()
        around.append(outer)
        if not is_fragment(index, outer):
            return tuple(around)
        inner = outer
    return ()


def compile_order(index: WorkspaceIndex, files: tuple[str, ...]) -> tuple[str, ...]:
    """*files* that are in the index, without headers and fragments; order kept."""
    kept: list[str] = []
    for path in files:
        file = index.table.find(path)
        if file is not None and not is_header(path) and not is_fragment(index, file):
            kept.append(path)
    return tuple(kept)


def tops(index: WorkspaceIndex, root: str) -> tuple[str, ...]:
    """Modules and programs that nobody instantiates, sorted; those of test benches and examples last.

    An instance in a test bench does not count for a module of the design. *root*: a workspace folder.
    """
    asking = os.path.join(root, "any")

    def is_apart(file: FileId) -> bool:
        return folders_apart(asking, index.table.path_of(file)) > 0

    found: dict[str, bool] = {}
    for name in index.names_in("modules"):
        homes = index.files_in("modules", name)
        is_bench = all(is_apart(file) for file in homes)
        if not any(is_bench or not is_apart(file) for file in index.instantiators(name)):
            found[name] = is_bench
    return tuple(sorted(found, key=lambda name: (found[name], name)))
