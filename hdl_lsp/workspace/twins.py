"""Declarations that take the place of another in a different configuration: the same name in a unit of the same name.

Must not decide which of them a design compiles: any of several files can be listed instead of the other.
"""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.semantics.summary import DESIGN_UNITS, FileSummary
from hdl_lsp.workspace.meanings import Place
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.use_target import Target


def with_twins(snapshot: Snapshot, target: Target) -> Target:
    """*target* with the places of its twins; itself when no other file declares its unit."""
    home, index = target.best.file, target.best.index
    if home is None or index is None:
        return target
    path = _path(snapshot.summary(home), index)
    if path is None:
        return target
    found: set[Place] = set()
    for ref in snapshot.index.units(path[0]):
        if ref.file == home:
            continue
        summary = snapshot.summary(ref.file)
        found |= {
            (ref.file, int(decl.name_span.start))
            for number, decl in enumerate(summary.decls)
            if decl.name == target.name and _path(summary, number) == path
        }
    return replace(target, places=target.places | found) if found else target


def _path(summary: FileSummary, index: int) -> tuple[str, ...] | None:
    """The names around a declaration, from its design unit down to itself; None outside every unit."""
    decl = summary.decls[index]
    names = [decl.name]
    while decl.parent is not None:
        decl = summary.decls[decl.parent]
        names.append(decl.name)
    return tuple(reversed(names)) if decl.kind in DESIGN_UNITS else None
