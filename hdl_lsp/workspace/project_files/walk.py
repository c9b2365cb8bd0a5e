"""Files that are no HDL, found by a glob without walking the whole workspace.

Must not look into folders that a glob does not name.
"""

from __future__ import annotations

import os

from hdl_lsp.workspace.paths import glob_pattern, has_glob
from hdl_lsp.workspace.project_files.world import World

MAX_FOLDERS = 2_000  # of a `**`: more are not looked into


def files_matching(world: World, pattern: str) -> tuple[str, ...]:
    """The files on the disk that the absolute glob *pattern* names, sorted; `**` looks into MAX_FOLDERS folders."""
    if not has_glob(pattern):
        return (pattern,) if world.disk.is_file(pattern) else ()
    pieces = pattern.split(os.sep)
    fixed = next(i for i, piece in enumerate(pieces) if has_glob(piece))
    found = [os.sep.join(pieces[:fixed]) or os.sep]
    for number, piece in enumerate(pieces[fixed:], fixed):
        is_last = number == len(pieces) - 1
        if "**" in piece or "..." in piece:
            below = [name for folder in found for name in _folders_below(world, folder)]
            whole = glob_pattern(pattern)
            paths = (
                os.path.join(folder, name)
                for folder in dict.fromkeys(below)
                for name in world.disk.names(folder)
            )
            return tuple(
                sorted(
                    path
                    for path in paths
                    if whole.match(path.replace(os.sep, "/")) and world.disk.is_file(path)
                )
            )
        expression = glob_pattern(piece)
        paths = [
            os.path.join(folder, name)
            for folder in found
            for name in world.disk.names(folder)
            if expression.match(name)
        ]
        keep = world.disk.is_file if is_last else world.disk.is_dir
        found = [path for path in paths if keep(path)]
    return tuple(sorted(found))


def _folders_below(world: World, top: str) -> list[str]:
    """*top* and the folders in it, at any depth; those whose names start with a dot are left out."""
    found = [top]
    for folder in found:
        if len(found) >= MAX_FOLDERS:
            break
        for name in world.disk.names(folder):
            path = os.path.join(folder, name)
            # A name with an ending is nearly always a file: asking the disk costs more than missing a few folders.
            if "." not in name and world.disk.is_dir(path):
                found.append(path)
    return found[:MAX_FOLDERS]
