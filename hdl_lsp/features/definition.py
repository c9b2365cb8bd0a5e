"""Where a name is declared: symbols, ports of named connections, macros, packages, includes, end labels.

Must not follow a name further than its declaration; references.py goes the other way.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.text.source import span
from hdl_lsp.workspace.declared import Declared, target
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.members import type_of
from hdl_lsp.workspace.snapshot import Snapshot


def definition(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """Where the name at *offset* is declared, best first; a declaration leads to itself, () if nobody knows."""
    if cursor(snapshot.syntax(file), offset).kind is CursorKind.INCLUDE:
        return _included(snapshot, file, offset)
    found = look_up(snapshot, file, offset)
    return _targets(snapshot, found.declared) if found else ()


def type_definition(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """Where the type of the name at *offset* is declared: a typedef, class or interface, or an instance's module."""
    found = look_up(snapshot, file, offset)
    if found is None:
        return ()
    if found.best.kind in {DeclKind.TYPEDEF.value, DeclKind.CLASS.value}:
        return _targets(snapshot, found.declared)
    declared = type_of(snapshot, found.best)
    return _targets(snapshot, (declared,)) if declared else ()


def implementation(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """The places where the module or interface at *offset* is instantiated; () for other names."""
    found = look_up(snapshot, file, offset)
    if found is None:
        return ()
    uses = snapshot.index.instances_of(found.best.name)
    return tuple(
        NavTarget(
            snapshot.path(use.file), use.instance.span, use.instance.name_span, use.instance.name
        )
        for use in uses
    )


def _targets(snapshot: Snapshot, declared: Iterable[Declared]) -> tuple[NavTarget, ...]:
    places: dict[NavTarget, None] = {}
    for one in declared:
        place = target(snapshot, one)
        if place is not None:
            places.setdefault(place)
    return tuple(places)


def _included(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    for use in snapshot.summary(file).includes:
        if use.span.contains(offset):
            start = span(0, 0)
            return tuple(
                NavTarget(snapshot.path(found), start, start, use.path)
                for found in find_include(snapshot, file, use.path)
            )
    return ()
