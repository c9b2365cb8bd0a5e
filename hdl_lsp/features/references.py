"""All uses of a name: what to ask slang for, and what the index and the texts alone can answer.

Must not wait: the face sends the request to the analysis process, and shows the lexical answer if there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.request import FindReferences, Input
from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind
from hdl_lsp.syntax.words import identifier_spans
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.closure import compile_options
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import Found, look_up
from hdl_lsp.workspace.needs import needs_of
from hdl_lsp.workspace.paths import rank
from hdl_lsp.workspace.scopes import may_mean
from hdl_lsp.workspace.snapshot import Snapshot

FILE_LIMIT = 200  # files that slang is asked to search; a shallow compilation takes some 10 ms
TARGET_LIMIT = 5_000  # places in one answer; no editor shows more usefully

_UNITS = frozenset(kind.value for kind in DESIGN_UNITS)
_LOCAL = frozenset(
    {
        DeclKind.NET.value,
        DeclKind.VARIABLE.value,
        DeclKind.GENVAR.value,
        DeclKind.LOCALPARAM.value,
        DeclKind.INSTANCE.value,
        DeclKind.GENERATE_BLOCK.value,
        DeclKind.BLOCK.value,
        DeclKind.ASSERTION.value,
        DeclKind.SEQUENCE.value,
        DeclKind.PROPERTY.value,
    }
)
_BEFORE_MACRO = re.compile(rb"`(?:(?:define|undef|ifdef|ifndef|elsif)[ \t]+)?$")
_DOT_BEFORE = re.compile(rb"\.\s*$")
_LOOK_BACK = 64  # bytes; longer blanks before a name are not worth reading


def references_request(snapshot: Snapshot, file: FileId, offset: int) -> FindReferences | None:
    """What to ask the analysis process for the uses of the name at *offset*; None when lexical_references knows all.

    Macros and design units are found by name. Everything else is searched in the files that hold the name and
    can see the declaration, nearest first, FILE_LIMIT of them.
    """
    found = look_up(snapshot, file, offset)
    if found is None or is_global(found):
        return None
    best, home = found.best, found.best.file
    if home is None:
        return None
    searched = _searched(snapshot, file, best)
    context = needs_of(snapshot.index, snapshot.project, searched).context
    return FindReferences(
        path=snapshot.path(home),
        offset=best.focus.start,
        name=best.name,
        files=tuple(_input(snapshot, one) for one in searched),
        context=tuple(_input(snapshot, one) for one in context),
        options=compile_options(snapshot, home),
    )


def lexical_references(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """Uses by spelling, declarations included, outside comments and strings; this file first.

    Complete for macros and design units. For other names it is what can be had without slang: the same
    spelling wherever the declaration can be seen, and not where another declaration of that name stands.
    """
    found = look_up(snapshot, file, offset)
    if found is None:
        return ()
    if found.best.macro is not None:
        places = _macro_uses(snapshot, file, found.name)
    elif found.best.kind in _UNITS:
        places = _unit_uses(snapshot, file, found.name)
    else:
        places = _same_spelling(snapshot, file, found)
    answer: dict[NavTarget, None] = {}
    for where, use in places:
        answer.setdefault(NavTarget(snapshot.path(where), use, use, found.name))
        if len(answer) >= TARGET_LIMIT:
            break
    return tuple(answer)


def is_global(found: Found) -> bool:
    """The name is unique by its spelling: a macro or a design unit."""
    return found.best.macro is not None or found.best.kind in _UNITS


def _input(snapshot: Snapshot, file: FileId) -> Input:
    """An open file as text, any other by its path."""
    text = snapshot.text(file) if file in snapshot.open_files else None
    if text is None:
        return Input(snapshot.path(file))
    return Input(snapshot.path(file), text.digest, text.text)


def _searched(snapshot: Snapshot, file: FileId, best: Declared) -> tuple[FileId, ...]:
    naming = set(snapshot.index.files_naming(best.name)) | {file}
    if best.file is not None:
        naming.add(best.file)
        unit = _unit_of(snapshot, best)
        if unit and (best.kind in _LOCAL or best.kind == DeclKind.PORT.value):
            users = {use.file for use in snapshot.index.instances_of(unit)}
            naming &= users | {best.file, file}
    home = snapshot.path(best.file if best.file is not None else file)
    sources = frozenset(snapshot.project.sources)
    ordered = sorted(naming, key=lambda one: rank(home, snapshot.path(one), sources))
    return tuple(ordered[:FILE_LIMIT])


def _unit_of(snapshot: Snapshot, declared: Declared) -> str:
    """The module, interface or program that holds *declared* privately; "" in packages, classes and file scope."""
    if declared.file is None or declared.index is None:
        return ""
    decls = snapshot.summary(declared.file).decls
    parent = decls[declared.index].parent
    while parent is not None:
        kind = decls[parent].kind
        if kind in {DeclKind.MODULE, DeclKind.INTERFACE, DeclKind.PROGRAM}:
            return decls[parent].name
        if kind in {DeclKind.PACKAGE, DeclKind.CLASS}:
            return ""
        parent = decls[parent].parent
    return ""


def _files(snapshot: Snapshot, file: FileId, name: str) -> Iterator[tuple[FileId, SourceText]]:
    naming = snapshot.index.files_naming(name) | {file}
    for one in sorted(naming, key=lambda other: (other != file, snapshot.path(other))):
        text = snapshot.text(one)
        if text is not None:
            yield one, text


def _macro_uses(snapshot: Snapshot, file: FileId, name: str) -> Iterator[tuple[FileId, Span]]:
    for one, text in _files(snapshot, file, name):
        for use in identifier_spans(text, name):
            before = text.data[max(0, use.start - _LOOK_BACK) : use.start]
            if _BEFORE_MACRO.search(before):
                yield one, use


def _unit_uses(snapshot: Snapshot, file: FileId, name: str) -> Iterator[tuple[FileId, Span]]:
    for one, text in _files(snapshot, file, name):
        summary = snapshot.summary(one)
        others = {
            d.name_span for d in summary.decls if d.name == name and d.kind.value not in _UNITS
        }
        certain = {i.definition_span for i in summary.instances if i.definition == name}
        certain |= {n.span for n in summary.scoped_names if n.name == name}
        certain |= {d.name_span for d in summary.units() if d.name == name}
        for use in identifier_spans(text, name):
            before = text.data[max(0, use.start - _LOOK_BACK) : use.start]
            is_member = bool(_DOT_BEFORE.search(before))
            if use in certain or not (others or is_member):
                yield one, use


def _same_spelling(snapshot: Snapshot, file: FileId, found: Found) -> Iterator[tuple[FileId, Span]]:
    best = found.best
    for one in _searched(snapshot, file, best):
        text = snapshot.text(one)
        if text is None:
            continue
        for use in identifier_spans(text, found.name):
            if one == best.file and not _may_mean(best.index, snapshot, one, use):
                continue
            yield one, use


def _may_mean(index: int | None, snapshot: Snapshot, file: FileId, use: Span) -> bool:
    """*use* does not name another declaration of *file* than *index*, as far as scopes tell."""
    if index is None:
        return True
    text = snapshot.text(file)
    before = text.data[max(0, use.start - _LOOK_BACK) : use.start] if text else b""
    return bool(_DOT_BEFORE.search(before)) or may_mean(snapshot.summary(file), index, use.start)
