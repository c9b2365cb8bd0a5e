"""Names of the whole workspace: who declares them, who defines a macro, who instantiates, who includes.

Must not parse or read anything: it is built from summaries, and a changed file gives a new index that shares
the rest with the old one.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from hdl_lsp.semantics.summary import (
    DESIGN_UNITS,
    Decl,
    DeclKind,
    FileSummary,
    InstanceUse,
    MacroDef,
)
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.postings import Postings


@dataclass(frozen=True, slots=True)
class DeclRef:
    """A declaration somewhere in the workspace; *index* counts in the decls of the file's summary."""

    file: FileId
    index: int
    decl: Decl


@dataclass(frozen=True, slots=True)
class MacroRef:
    """A `` `define `` somewhere in the workspace."""

    file: FileId
    macro: MacroDef


@dataclass(frozen=True, slots=True)
class InstanceRef:
    """An instantiation somewhere in the workspace."""

    file: FileId
    instance: InstanceUse


OUTLINE_KINDS = DESIGN_UNITS | {
    DeclKind.CLASS,
    DeclKind.FUNCTION,
    DeclKind.TASK,
    DeclKind.TYPEDEF,
    DeclKind.COVERGROUP,
    DeclKind.PROPERTY,
    DeclKind.SEQUENCE,
    DeclKind.MODPORT,
}
"""Kinds that a search over the workspace always finds, wherever they stand."""

OPEN_SCOPES = frozenset({DeclKind.PACKAGE, DeclKind.CLASS, DeclKind.TYPEDEF})
"""Scopes whose items other files can name (26.2, 8.23); an enum's members may hang under its typedef."""

CLOSED_KINDS = frozenset(
    {DeclKind.STRUCT_MEMBER, DeclKind.CONSTRAINT, DeclKind.BLOCK, DeclKind.PORT}
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the index and the names it puts into each table."""

    digest: str
    summary: FileSummary
    names: Mapping[str, frozenset[str]]


_TABLES = (
    "units",
    "packages",
    "interfaces",
    "outline",
    "macros",
    "macro_uses",
    "instances",
    "basenames",
    "includes",
)


@dataclass(frozen=True, slots=True)
class WorkspaceIndex:
    """Every file's summary and the tables over them.

    Replacing one file of 4,000 copies one mapping and the buckets whose names changed: well under a millisecond.
    """

    table: FileTable
    entries: Mapping[FileId, _Entry] = field(default_factory=dict[FileId, _Entry])
    postings: Mapping[str, Postings] = field(
        default_factory=lambda: {name: Postings() for name in _TABLES}
    )

    # -- building

    def with_files(self, files: Mapping[FileId, tuple[str, FileSummary]]) -> WorkspaceIndex:
        """This index with digest and summary of *files* put in or replaced."""
        fresh = {
            file: _Entry(digest, summary, _names_of(self.table.path_of(file), summary))
            for file, (digest, summary) in files.items()
        }
        return self._patched({**self.entries, **fresh}, fresh.keys())

    def without(self, file: FileId) -> WorkspaceIndex:
        """This index with *file* taken out."""
        rest = {known: entry for known, entry in self.entries.items() if known != file}
        return self._patched(rest, (file,))

    def _patched(
        self, entries: Mapping[FileId, _Entry], changed: Iterable[FileId]
    ) -> WorkspaceIndex:
        added: dict[str, dict[str, list[FileId]]] = {t: defaultdict(list) for t in _TABLES}
        removed: dict[str, dict[str, list[FileId]]] = {t: defaultdict(list) for t in _TABLES}
        for file in changed:
            old, new = self.entries.get(file), entries.get(file)
            for table in _TABLES:
                before = old.names[table] if old else frozenset[str]()
                after = new.names[table] if new else frozenset[str]()
                for name in before - after:
                    removed[table][name].append(file)
                for name in after - before:
                    added[table][name].append(file)
        postings = {t: self.postings[t].patched(added[t], removed[t]) for t in _TABLES}
        return replace(self, entries=entries, postings=postings)

    # -- files

    def files(self) -> tuple[FileId, ...]:
        """Every file, in no order that means anything."""
        return tuple(self.entries)

    def summary_of(self, file: FileId) -> FileSummary | None:
        """The summary of *file*; None when it is not in the index."""
        entry = self.entries.get(file)
        return entry.summary if entry else None

    def digest_of(self, file: FileId) -> str | None:
        """Digest of the text that *file*'s summary is about; None when it is not in the index."""
        entry = self.entries.get(file)
        return entry.digest if entry else None

    def files_named(self, basename: str) -> tuple[FileId, ...]:
        """The files called *basename*, in any folder."""
        return self.postings["basenames"].files(basename)

    def includers(self, basename: str) -> tuple[FileId, ...]:
        """The files with an `` `include `` whose last path component is *basename*."""
        return self.postings["includes"].files(basename)

    def files_naming(self, identifier: str) -> frozenset[FileId]:
        """The files in whose text *identifier* stands, macro bodies included.

        Walks all files (0.1 us each): a table of all identifiers would be larger than all other tables.
        """
        return frozenset(f for f, e in self.entries.items() if identifier in e.summary.identifiers)

    # -- names

    def units(self, name: str) -> tuple[DeclRef, ...]:
        """The design units called *name* at file scope."""
        return self._decls("units", name, lambda decl: decl.parent is None and _is_unit(decl))

    def outline(self, name: str) -> tuple[DeclRef, ...]:
        """What other files can name: units, classes, items of packages, functions; see OUTLINE_KINDS."""
        return tuple(
            ref
            for ref in self._decls("outline", name, lambda _: True)
            if _is_outline(self.entries[ref.file].summary.decls, ref.decl)
        )

    def declarations(self, name: str) -> tuple[DeclRef, ...]:
        """Every declaration called *name*, ports and local variables included; those that other files can name first.

        Walks the declarations of all files that hold the name: some 10 ms for `clk_i` in 4,000 files.
        """
        found = [
            DeclRef(file, index, decl)
            for file in sorted(self.files_naming(name))
            for index, decl in enumerate(self.entries[file].summary.decls)
            if decl.name == name
        ]
        found.sort(key=lambda r: not _is_outline(self.entries[r.file].summary.decls, r.decl))
        return tuple(found)

    def macros(self, name: str) -> tuple[MacroRef, ...]:
        """Every definition of the macro *name*."""
        return tuple(
            MacroRef(file, macro)
            for file in self.postings["macros"].files(name)
            for macro in self.entries[file].summary.macros
            if macro.name == name
        )

    def instances_of(self, definition: str) -> tuple[InstanceRef, ...]:
        """Every instantiation of the module, interface or primitive *definition*."""
        return tuple(
            InstanceRef(file, instance)
            for file in self.postings["instances"].files(definition)
            for instance in self.entries[file].summary.instances
            if instance.definition == definition
        )

    def instantiators(self, definition: str) -> tuple[FileId, ...]:
        """The files that instantiate *definition*."""
        return self.postings["instances"].files(definition)

    def unit_names(self) -> tuple[str, ...]:
        """Names of all design units, sorted."""
        return tuple(sorted(self.postings["units"].names()))

    def package_names(self) -> tuple[str, ...]:
        """Names of all packages, sorted."""
        return tuple(sorted(self.postings["packages"].names()))

    def interface_names(self) -> tuple[str, ...]:
        """Names of all interfaces, sorted."""
        return tuple(sorted(self.postings["interfaces"].names()))

    def macro_users(self, name: str) -> tuple[FileId, ...]:
        """The files that use the macro *name*, in an `` `ifdef `` too."""
        return self.postings["macro_uses"].files(name)

    def macro_names(self) -> tuple[str, ...]:
        """Names of all macros, sorted."""
        return tuple(sorted(self.postings["macros"].names()))

    def search(self, query: str, limit: int) -> tuple[DeclRef, ...]:
        """Up to *limit* outline() declarations whose name holds the letters of *query* in order, best first.

        An exact name beats a prefix, a prefix a word inside, that a scattered match; then the shorter name.
        Case counts only between equals. An empty query finds everything, by name.
        """
        wanted = query.lower()
        pattern = re.compile(".*?".join(map(re.escape, wanted)), re.IGNORECASE)
        ranked = sorted(
            (_rank(name, wanted, query), len(name), name)
            for name in self.postings["outline"].names()
            if pattern.search(name)
        )
        found: list[DeclRef] = []
        for _, _, name in ranked:
            found += sorted(self.outline(name), key=lambda r: (self.table.path_of(r.file), r.index))
            if len(found) >= limit:
                break
        return tuple(found[:limit])

    def _decls(self, table: str, name: str, wanted: Callable[[Decl], bool]) -> tuple[DeclRef, ...]:
        return tuple(
            DeclRef(file, index, decl)
            for file in self.postings[table].files(name)
            for index, decl in enumerate(self.entries[file].summary.decls)
            if decl.name == name and wanted(decl)
        )


def _rank(name: str, wanted: str, query: str) -> tuple[int, int]:
    """Lower is better."""
    lower = name.lower()
    case = 0 if query in name else 1
    if lower == wanted:
        return 0, case
    if lower.startswith(wanted):
        return 1, case
    if f"_{wanted}" in lower:
        return 2, case
    return (3, case) if wanted in lower else (4, case)


def _is_unit(decl: Decl) -> bool:
    return decl.kind in DESIGN_UNITS


def _is_outline(decls: tuple[Decl, ...], decl: Decl) -> bool:
    if decl.kind in OUTLINE_KINDS:
        return True
    if decl.kind in CLOSED_KINDS:
        return False
    parent = decl.parent
    while parent is not None:
        if decls[parent].kind not in OPEN_SCOPES:
            return False
        parent = decls[parent].parent
    return True


def _names_of(path: str, summary: FileSummary) -> Mapping[str, frozenset[str]]:
    decls = summary.decls
    top = [d for d in decls if d.parent is None]
    return {
        "units": frozenset(d.name for d in top if _is_unit(d)),
        "packages": frozenset(d.name for d in top if d.kind is DeclKind.PACKAGE),
        "interfaces": frozenset(d.name for d in top if d.kind is DeclKind.INTERFACE),
        "outline": frozenset(d.name for d in decls if d.name and _is_outline(decls, d)),
        "macros": frozenset(m.name for m in summary.macros),
        "macro_uses": frozenset(m.name for m in summary.macro_uses),
        "instances": frozenset(i.definition for i in summary.instances),
        "basenames": frozenset((os.path.basename(path),)),
        "includes": frozenset(i.path.rsplit("/", 1)[-1] for i in summary.includes),
    }
