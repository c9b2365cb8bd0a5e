"""Who instantiates a module and what it instantiates; who calls a function or task and what it calls.

Must not wait: names and the index are enough, so it works before anything is elaborated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hdl_lsp.semantics.summary import DeclKind, FileSummary
from hdl_lsp.syntax.words import KEYWORDS, identifier_spans
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.snapshot import Snapshot

UNITS = frozenset({DeclKind.MODULE, DeclKind.INTERFACE, DeclKind.PROGRAM})
ROUTINES = frozenset({DeclKind.FUNCTION, DeclKind.TASK})

MAX_FILES = 400  # files searched for the callers of one routine, nearest names first

_CALL = re.compile(rb"(?<![\w$`.'])([A-Za-z_][\w$]*)\s*\(")


@dataclass(frozen=True, slots=True)
class HierarchyItem:
    """A module or routine of the hierarchy."""

    name: str
    kind: DeclKind
    file: FileId
    span: Span  # the whole declaration
    focus: Span  # its name
    container: str = ""


@dataclass(frozen=True, slots=True)
class HierarchyLink:
    """An item at the other end, and where in the caller's file it is named."""

    item: HierarchyItem
    file: FileId  # of the places
    places: tuple[Span, ...]


def prepare(snapshot: Snapshot, file: FileId, offset: int) -> HierarchyItem | None:
    """The module, function or task named at *offset*, else the innermost one around it."""
    found = look_up(snapshot, file, offset)
    for declared in found.declared if found else ():
        if declared.decl is not None and declared.file is not None and declared.index is not None:
            if declared.decl.kind in UNITS | ROUTINES:
                return _item(snapshot, declared.file, declared.index)
            if declared.decl.kind is DeclKind.INSTANCE:
                return _unit(snapshot, declared.decl.definition)
    return _around(snapshot, file, offset, UNITS | ROUTINES)


def incoming(snapshot: Snapshot, item: HierarchyItem) -> tuple[HierarchyLink, ...]:
    """Modules that instantiate the item, or what calls the routine; in the order of paths and texts."""
    if item.kind in UNITS:
        uses = [
            (use.file, use.instance.name_span) for use in snapshot.index.instances_of(item.name)
        ]
    else:
        uses = list(_calls_of(snapshot, item))
    uses.sort(key=lambda use: (snapshot.path(use[0]), use[1]))
    kinds = UNITS if item.kind in UNITS else UNITS | ROUTINES | {DeclKind.PACKAGE, DeclKind.CLASS}
    links: dict[HierarchyItem, tuple[FileId, list[Span]]] = {}
    for file, where in uses:
        around = _around(snapshot, file, where.start, kinds)
        if around is not None:
            links.setdefault(around, (file, []))[1].append(where)
    return tuple(HierarchyLink(one, file, tuple(at)) for one, (file, at) in links.items())


def outgoing(snapshot: Snapshot, item: HierarchyItem) -> tuple[HierarchyLink, ...]:
    """Modules instantiated inside the item, or routines that it calls; in the order of the text."""
    places: dict[HierarchyItem, list[Span]] = {}
    if item.kind in UNITS:
        for use in snapshot.summary(item.file).instances:
            inner = _unit(snapshot, use.definition) if item.span.covers(use.span) else None
            if inner is not None:
                places.setdefault(inner, []).append(use.name_span)
    else:
        for where in _called_in(snapshot, item):
            found = look_up(snapshot, item.file, where.start)
            for declared in found.declared[:1] if found else ():
                if declared.decl is None or declared.file is None or declared.index is None:
                    continue
                if declared.decl.kind in ROUTINES and item.focus != where:
                    inner = _item(snapshot, declared.file, declared.index)
                    places.setdefault(inner, []).append(where)
    return tuple(HierarchyLink(one, item.file, tuple(at)) for one, at in places.items())


def _item(snapshot: Snapshot, file: FileId, index: int) -> HierarchyItem:
    summary = snapshot.summary(file)
    decl = summary.decls[index]
    container = summary.decls[decl.parent].name if decl.parent is not None else ""
    return HierarchyItem(decl.name, decl.kind, file, decl.span, decl.name_span, container)


def _unit(snapshot: Snapshot, name: str) -> HierarchyItem | None:
    for ref in snapshot.index.units(name):
        if ref.decl.kind in UNITS:
            return _item(snapshot, ref.file, ref.index)
    return None


def _around(
    snapshot: Snapshot, file: FileId, offset: int, kinds: Iterable[DeclKind]
) -> HierarchyItem | None:
    """The innermost declaration of one of *kinds* around *offset*."""
    wanted = frozenset(kinds)
    summary = snapshot.summary(file)
    best: int | None = None
    for index, decl in enumerate(summary.decls):
        is_around = decl.kind in wanted and decl.span.contains(offset)
        if is_around and (best is None or summary.decls[best].span.covers(decl.span)):
            best = index
    return None if best is None else _item(snapshot, file, best)


def _calls_of(snapshot: Snapshot, item: HierarchyItem) -> Iterator[tuple[FileId, Span]]:
    """Places where the routine's name is written and means it, its declarations left out."""
    naming = sorted(snapshot.index.files_naming(item.name), key=lambda f: (f != item.file, f))
    for file in naming[:MAX_FILES]:
        text = snapshot.text(file)
        if text is None:
            continue
        own = _declared_names(snapshot.summary(file), item.name)
        for where in identifier_spans(text, item.name):
            if where in own or _is_end_label(text.data, where):
                continue
            found = look_up(snapshot, file, where.start)
            if found is not None and any(
                d.file == item.file and d.focus == item.focus for d in found.declared[:1]
            ):
                yield file, where


def _is_end_label(data: bytes, where: Span) -> bool:
    before = data[max(0, where.start - 24) : where.start].rstrip()
    return before.endswith(b":") and before[:-1].rstrip().endswith((b"endfunction", b"endtask"))


def _declared_names(summary: FileSummary, name: str) -> frozenset[Span]:
    return frozenset(decl.name_span for decl in summary.decls if decl.name == name)


def _called_in(snapshot: Snapshot, item: HierarchyItem) -> list[Span]:
    """Names followed by a parenthesis inside the routine."""
    text = snapshot.text(item.file)
    if text is None:
        return []
    names = {
        match[1].decode("ascii")
        for match in _CALL.finditer(text.data, item.span.start, item.span.end)
    }
    found: list[Span] = []
    for name in names - KEYWORDS:
        found += [w for w in identifier_spans(text, name) if item.span.covers(w)]
    return sorted(found)


def found_again(snapshot: Snapshot, file: FileId, name: str, offset: int) -> HierarchyItem | None:
    """The item that a client was given before, in the present text: the nearest of its name."""
    kinds = UNITS | ROUTINES
    same = [
        (abs(decl.name_span.start - offset), index)
        for index, decl in enumerate(snapshot.summary(file).decls)
        if decl.name == name and decl.kind in kinds
    ]
    return _item(snapshot, file, min(same)[1]) if same else None
