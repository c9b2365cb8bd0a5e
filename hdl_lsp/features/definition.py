"""Where a name is declared: symbols, ports of named connections, macros, packages, includes, end labels.

Must not follow a name further than its declaration; references.py goes the other way.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import span
from hdl_lsp.workspace.classes import bodied, overriding, prototype_of, subclasses
from hdl_lsp.workspace.declared import Declared, target
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.lookup import declaring_macro, look_up
from hdl_lsp.workspace.macro_arguments import macro_argument
from hdl_lsp.workspace.members import type_of
from hdl_lsp.workspace.snapshot import Snapshot

_CODE = frozenset({CursorKind.IDENTIFIER, CursorKind.MEMBER})


def definition(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """Where the name at *offset* is declared, best first; a declaration leads to itself, () if nobody knows."""
    if cursor(snapshot.syntax(file), offset).kind is CursorKind.INCLUDE:
        return _included(snapshot, file, offset)
    formal = macro_argument(snapshot, file, offset)
    if formal is not None:
        return (NavTarget(snapshot.path(file), formal.declared, formal.declared, formal.name),)
    found = look_up(snapshot, file, offset)
    declared = [bodied(snapshot, one) for one in found.declared] if found else ()
    return _targets(snapshot, declared) or _by_macro(snapshot, file, offset)


def declaration(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """As definition(), but an extern method leads to its prototype in the class instead of its body (8.24)."""
    found = look_up(snapshot, file, offset)
    if found is None:
        return definition(snapshot, file, offset)
    return _targets(snapshot, (prototype_of(snapshot, one) or one for one in found.declared))


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
    """Where what the name at *offset* promises is made real; () for other names.

    Instances of a module or interface, classes that extend or implement a class, methods that override a
    method and the body of an extern one.
    """
    found = look_up(snapshot, file, offset)
    if found is None:
        return ()
    best = found.best
    if best.kind == DeclKind.CLASS.value:
        return _targets(snapshot, subclasses(snapshot, best))
    if best.kind in {DeclKind.FUNCTION.value, DeclKind.TASK.value}:
        body = bodied(snapshot, best)
        own = (body,) if body is not best or prototype_of(snapshot, best) else ()
        return _targets(snapshot, (*own, *overriding(snapshot, best)))
    return tuple(
        NavTarget(
            snapshot.path(use.file), use.instance.span, use.instance.name_span, use.instance.name
        )
        for use in snapshot.index.instances_of(best.name)
    )


def _targets(snapshot: Snapshot, declared: Iterable[Declared]) -> tuple[NavTarget, ...]:
    places: dict[NavTarget, None] = {}
    for one in declared:
        place = target(snapshot, one)
        if place is not None:
            places.setdefault(place)
    return tuple(places)


def _by_macro(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """The macro use that declares the name at *offset*."""
    at = cursor(snapshot.syntax(file), offset)
    if at.kind not in _CODE or not at.word or at.word in KEYWORDS:
        return ()
    use = declaring_macro(snapshot, file, at.word)
    if use is None:
        return ()
    name = span(use.span.start, use.span.start + 1 + len(use.name))
    return (NavTarget(snapshot.path(file), use.span, name, at.word),)


def _included(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    for use in snapshot.summary(file).includes:
        if use.span.contains(offset):
            start = span(0, 0)
            return tuple(
                NavTarget(snapshot.path(found), start, start, use.path)
                for found in find_include(snapshot, file, use.path)
            )
    return ()
