"""Which file an `` `include `` means, among the files that are known.

Must not look at the disk: only files that the snapshot has read can be found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import distance, is_hdl, is_header
from hdl_lsp.workspace.snapshot import Snapshot


def find_include(snapshot: Snapshot, file: FileId, path: str) -> tuple[FileId, ...]:
    """The files that `` `include "path"`` in *file* may mean, best first; () when none is known.

    The including file's folder, then the include folders in order (IEEE 1800-2023 22.4 leaves the search to the
    tool); if the project was inferred or none matches, any known file whose path ends the same way.
    """
    path_of_file = snapshot.path(file)
    project = snapshot.project.of(path_of_file)
    folders = (os.path.dirname(path_of_file), *project.include_dirs)
    found: list[FileId] = []
    for folder in ("", *folders) if os.path.isabs(path) else folders:
        known = snapshot.table.find(os.path.join(folder, path))
        if known is not None and known in snapshot.files and known not in found:
            found.append(known)
    if found:
        return tuple(found)
    ending = os.path.normpath("/" + path)
    named = [
        other
        for other in snapshot.index.files_named(os.path.basename(path))
        if snapshot.path(other).endswith(ending)
    ]
    here = snapshot.path(file)
    return tuple(sorted(named, key=lambda other: distance(here, snapshot.path(other))))


def includable(snapshot: Snapshot, file: FileId) -> Iterator[tuple[str, FileId]]:
    """Paths that an `` `include `` in *file* can name, from its own folder or an include folder, and their files.

    Headers that no folder leads to are named by their last part, as an inferred project finds them.
    """
    own = snapshot.path(file)
    starts = frozenset((os.path.dirname(own), *snapshot.project.of(own).include_dirs))
    for other in snapshot.files:
        path = snapshot.path(other)
        if other == file or not is_hdl(path):
            continue
        shown = _below(path, starts) or (os.path.basename(path) if is_header(path) else "")
        if shown:
            yield shown, other


def _below(path: str, starts: frozenset[str]) -> str:
    folder: str = os.path.dirname(path)
    while folder not in starts:
        parent: str = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return os.path.relpath(path, folder)
