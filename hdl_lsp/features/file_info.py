"""Which flags a file gets and why: its place in the project, its options, what is missing, where it is used.

Must not ask slang or the disk: what only they can tell is handed in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind
from hdl_lsp.workspace import closure, inference
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import is_hdl, is_header
from hdl_lsp.workspace.project_files.model import ProjectModel, is_below
from hdl_lsp.workspace.snapshot import Snapshot

MAX_STEPS = 2_000  # files looked through on the way up to a top
MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class FileInfo:
    """Everything that decides how one file is compiled. Paths are absolute."""

    path: str
    rule: str  # the project file that won, "inferred" without one
    why: str
    folder: str  # the workspace folder whose project it belongs to; "" outside all
    role: str
    """"source" or "library" of the project, "header", "included", "found" by the scan alone, or "outside"."""
    target: str
    tops: tuple[str, ...]  # above it: those of the project, or modules that nobody instantiates
    units: tuple[str, ...]  # modules, packages, interfaces it declares
    included_by: tuple[str, ...]  # the first MAX_LISTED
    compiled_in: str  # the file that is compiled in its stead, if it is only a fragment
    include_dirs: tuple[str, ...]
    defines: tuple[tuple[str, str], ...]
    macro_files: tuple[str, ...]
    is_third_party: bool
    unresolved_includes: tuple[str, ...]
    unresolved_macros: tuple[str, ...]
    unresolved_names: tuple[str, ...]  # modules and packages that no known file declares


def file_info(snapshot: Snapshot, file: FileId) -> FileInfo:
    """What is known of *file* and decided for it."""
    path, index = snapshot.path(file), snapshot.index
    project = snapshot.project.of(path)
    options = closure.compile_options(snapshot, file)
    summary = snapshot.summary(file)
    around = inference.home_of(index, file)
    includers = sorted(snapshot.path(other) for other in inference.includers(index, file))
    units = [decl.name for decl in summary.decls if decl.kind in DESIGN_UNITS]
    return FileInfo(
        path=path,
        rule=project.kind,
        why=project.why,
        folder=next((root for root in project.roots if is_below(path, root)), ""),
        role=_role(snapshot, project, file, bool(includers)),
        target=project.target,
        tops=_tops(snapshot, project, file),
        units=tuple(units),
        included_by=tuple(includers[:MAX_LISTED]),
        compiled_in=snapshot.path(around[-1]) if around else "",
        include_dirs=options.include_dirs,
        defines=options.defines,
        macro_files=options.macro_files,
        is_third_party=snapshot.project.is_third_party(path),
        unresolved_includes=tuple(
            dict.fromkeys(_lost_includes(snapshot, file, options.include_dirs))
        ),
        unresolved_macros=tuple(sorted(set(_lost_macros(snapshot, project, file)))),
        unresolved_names=tuple(sorted(set(_lost_names(snapshot, file)))),
    )


def _role(snapshot: Snapshot, project: ProjectModel, file: FileId, is_included: bool) -> str:
    path = snapshot.path(file)
    if project.kind != "inferred" and path in project.sources:
        return "source"
    if path in project.libraries:
        return "library"
    if is_header(path):
        return "header"
    if is_included and inference.is_fragment(snapshot.index, file):
        return "included"
    if path in project.sources:
        return "source"
    is_inside = any(is_below(path, root) for root in snapshot.project.roots)
    return "found" if is_inside and is_hdl(path) else "outside"


def _lost_includes(
    snapshot: Snapshot, file: FileId, include_dirs: tuple[str, ...]
) -> Iterator[str]:
    """Paths of includes for which no known file is found with these options."""
    index, path = snapshot.index, snapshot.path(file)
    for use in snapshot.summary(file).includes:
        starts = (path.rpartition(os.sep)[0], *include_dirs)
        found = (index.table.find(f"{folder}{os.sep}{use.path}") for folder in starts)
        if not any(other is not None and index.digest_of(other) for other in found):
            yield use.path


def _lost_macros(snapshot: Snapshot, project: ProjectModel, file: FileId) -> Iterator[str]:
    """Macros that are expanded, not only tested for, and that nobody defines."""
    defined = {name for name, _ in project.defines}
    text = snapshot.text(file)
    for use in snapshot.summary(file).macro_uses if text else ():
        is_expanded = text is not None and text.data[use.span.start - 1 : use.span.start] == b"`"
        if is_expanded and use.name not in defined and not snapshot.index.macros(use.name):
            yield use.name


def _lost_names(snapshot: Snapshot, file: FileId) -> Iterator[str]:
    """Modules that are instantiated and packages that are imported without anybody declaring them."""
    summary, index = snapshot.summary(file), snapshot.index
    for name in {use.definition for use in summary.instances}:
        if not index.units(name):
            yield name
    for name in {use.package for use in summary.imports}:
        if not index.units(name):
            yield name


def _tops(snapshot: Snapshot, project: ProjectModel, file: FileId) -> tuple[str, ...]:
    """Tops of the designs that *file* is part of: upwards through instances, includes and package names."""
    index, wanted = snapshot.index, frozenset(project.tops)
    found: set[str] = set()
    seen, waiting = {file}, [file]
    while waiting and len(seen) < MAX_STEPS:
        here = waiting.pop()
        above: set[FileId] = set(inference.includers(index, here))
        for decl in snapshot.summary(here).units():
            users = set(index.instantiators(decl.name)) - {here}
            if decl.kind is DeclKind.PACKAGE:
                users |= index.files_naming(decl.name) - {here}
            elif decl.name in wanted or (
                not users and decl.kind in {DeclKind.MODULE, DeclKind.PROGRAM} and not wanted
            ):
                found.add(decl.name)
            above |= users
        waiting += above - seen
        seen |= above
    return tuple(sorted(found))
