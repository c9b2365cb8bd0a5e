"""What there is to read: the files of the workspace folders, and the project they make.

Must not import asyncio nor LSP: it runs in a thread of the server, and at the start in a process of its own (scout.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from hdl_lsp.server.wanted import Found, Wanted
from hdl_lsp.workspace import list_command, loader
from hdl_lsp.workspace.loader import Stamp
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import find_project
from hdl_lsp.workspace.project_files.documents import PARSED_YAML
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.project_files.parsed_yaml import FEWEST


def find(wanted: Wanted, environment: Mapping[str, str]) -> Found:
    """The project and every file that counts, sources first, in compile order. Blocks as long as the disk takes."""
    scans: list[loader.Scan] = []
    for root in wanted.roots:
        own = wanted.of_root.get(root, wanted.config).project
        scans.append(loader.scan_now((root,), own.exclude, own.max_files))
    scan = loader.joined(scans)
    cache = wanted.cache if len(scan.cores) >= FEWEST else None
    if cache is not None:
        PARSED_YAML.load(cache)
    project = find_project(
        wanted.roots,
        wanted.config,
        loader.RealDisk(),
        (*scan.files, *scan.cores),
        environment,
        target=wanted.target,
        of_root=wanted.of_root,
        foreign=wanted.foreign,
        run=list_command.run,
    )
    if cache is not None:
        PARSED_YAML.save(cache)
    project = _respelled(project, scan)
    problems = (*scan.problems, *project.problems)
    return Found(
        project,
        _stamps(project, scan),
        tuple(
            f"{p.path}:{p.line1}: {p.message}" if p.line1 else f"{p.path}: {p.message}"
            for p in problems
        ),
    )


def _respelled(project: ProjectModel, scan: loader.Scan) -> ProjectModel:
    """On a disk where case does not count, files are called what they are called on the disk."""
    scanned = {path.casefold(): path for path in scan.files}

    def spelled(path: str) -> str:
        other = scanned.get(path.casefold(), path)
        return other if other != path and loader.is_same(path, other) else path

    return replace(
        project,
        sources=tuple(dict.fromkeys(map(spelled, project.sources))),
        libraries=tuple(dict.fromkeys(map(spelled, project.libraries))),
    )


def _stamps(project: ProjectModel, scan: loader.Scan) -> dict[str, Stamp]:
    """Every file that counts, sources first."""
    disk = loader.RealDisk()
    headers = (
        f"{folder}{os.sep}{name}"
        for folder in project.include_dirs
        for name in disk.names(folder)
        if is_hdl(name)
    )
    found: dict[str, Stamp] = {}
    for path in dict.fromkeys((*project.sources, *project.libraries, *headers)):
        stamp = scan.stamps.get(path) or loader.stamp(path)
        if stamp is not None:
            found[path] = stamp
    return found | {path: stamp for path, stamp in scan.stamps.items() if path not in found}
