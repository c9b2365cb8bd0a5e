"""Names of the whole workspace: who declares them, who defines a macro, who instantiates, who includes.

Must not parse or read anything by itself: names come from tables, and what a file says of them from its summary,
which Summaries fetches. A changed file gives a new index that shares the rest with the old one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hdl_lsp.semantics.index_names import TABLES, index_names, is_outline, is_unit
from hdl_lsp.semantics.summary import Decl, FileSummary, InstanceUse, MacroDef
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.name_search import NameList, ranked
from hdl_lsp.workspace.name_tables import NameTables
from hdl_lsp.workspace.store import Store
from hdl_lsp.workspace.summaries import Summaries


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


MAX_EDITED = 64  # files whose names stand beside the tables; each costs every look-up 50 ns
_NO_SLOT = -1
_NUMBERS = {kind: number for number, kind in enumerate(TABLES)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the index. Its names are in the slot, or in `names` while there is none."""

    digest: str
    slot: int = _NO_SLOT
    names: Mapping[str, frozenset[str]] | None = None
    summary: FileSummary | None = None  # None: Summaries has it


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the analysis process or the store knows of one text."""

    file: FileId
    digest: str
    names: Sequence[Iterable[str]]  # in the order of TABLES


def _nowhere(_path: str) -> None:
    """No file can be read."""


def _no_summaries() -> Summaries:
    return Summaries(Store(None, ""), _nowhere)


@dataclass(frozen=True, slots=True)
class WorkspaceIndex:
    """Every file with its digest, and tables from names to files.

    Replacing one file of 4,000 copies one mapping: some 50 us. The tables are shared by all versions and only
    grow; the names of the few files that were edited stand beside them.
    """

    table: FileTable
    summaries: Summaries = field(default_factory=_no_summaries)
    names: NameTables = field(default_factory=lambda: NameTables(TABLES))
    entries: Mapping[FileId, _Entry] = field(default_factory=dict[FileId, _Entry])
    edited: frozenset[FileId] = frozenset()  # those without a slot
    versions: Mapping[str, object] = field(
        default_factory=lambda: {kind: object() for kind in TABLES}
    )

    # -- building

    def with_files(self, files: Mapping[FileId, tuple[str, FileSummary]]) -> WorkspaceIndex:
        """This index with digest and summary of *files* put in or replaced."""
        fresh = {
            file: _Entry(
                digest,
                names=index_names(self.table.path_of(file), summary),
                summary=summary,
            )
            for file, (digest, summary) in files.items()
        }
        edited = self.edited | fresh.keys()
        entries = {**self.entries, **fresh}
        if len(edited) > MAX_EDITED:
            settled = edited - fresh.keys() if len(fresh) <= MAX_EDITED else edited
            for file in settled:
                entry = entries[file]
                slot = self.names.add(file, _in_order(entry.names))
                entries[file] = replace(entry, slot=slot, names=None)
            edited -= settled
        changed = frozenset[str]().union(
            *(self._changed_tables(file, entry.names) for file, entry in fresh.items())
        )
        return self._next(entries, edited, changed)

    def with_indexed(self, files: Iterable[Indexed]) -> WorkspaceIndex:
        """This index with *files* put in or replaced, whose summaries Summaries has."""
        entries = dict(self.entries)
        fresh = frozenset[FileId]()
        for one in files:
            entries[one.file] = _Entry(one.digest, self.names.add(one.file, one.names))
            fresh |= {one.file}
        return self._next(entries, self.edited - fresh, TABLES) if fresh else self

    def with_slots(self, slots: Mapping[FileId, tuple[str, int]]) -> WorkspaceIndex:
        """This index with files put in whose names stand in `names` already: digest and slot of each."""
        entries = dict(self.entries)
        entries |= {file: _Entry(digest, slot) for file, (digest, slot) in slots.items()}
        return self._next(entries, self.edited - slots.keys(), TABLES)

    def with_tables(self, names: NameTables) -> WorkspaceIndex:
        """This index with *names* instead of its own tables; files that have their names there are gone."""
        entries = {file: self.entries[file] for file in self.edited}
        return self._next(entries, self.edited, TABLES, names)

    def slots(self) -> Mapping[FileId, tuple[str, int]]:
        """Digest and slot of every file whose names stand in the tables, and whose summary Summaries has."""
        return {
            file: (entry.digest, entry.slot)
            for file, entry in self.entries.items()
            if entry.slot != _NO_SLOT and entry.summary is None
        }

    def without(self, *files: FileId) -> WorkspaceIndex:
        """This index with *files* taken out."""
        gone = frozenset(files)
        changed = frozenset[str]().union(*(self._changed_tables(file, None) for file in gone))
        rest = {known: entry for known, entry in self.entries.items() if known not in gone}
        return self._next(rest, self.edited - gone, changed)

    def _next(
        self,
        entries: Mapping[FileId, _Entry],
        edited: frozenset[FileId],
        changed: Iterable[str],
        names: NameTables | None = None,
    ) -> WorkspaceIndex:
        versions = {**self.versions, **{kind: object() for kind in changed}}
        return replace(
            self, names=names or self.names, entries=entries, edited=edited, versions=versions
        )

    def _changed_tables(
        self, file: FileId, names: Mapping[str, frozenset[str]] | None
    ) -> frozenset[str]:
        """The tables in which *file* stands under other names when it holds *names*."""
        after = names or dict.fromkeys(TABLES, frozenset[str]())
        before = self._names_of(file)
        if before is None:
            return frozenset(TABLES)
        return frozenset(
            kind
            for kind, old in zip(TABLES, before, strict=True)
            if len(after[kind]) != len(old) or not after[kind].issuperset(old)
        )

    def _names_of(self, file: FileId) -> Sequence[frozenset[str] | tuple[str, ...]] | None:
        entry = self.entries.get(file)
        if entry is None:
            return ((),) * len(TABLES)
        if entry.summary is not None:
            return _in_order(entry.names or index_names(self.table.path_of(file), entry.summary))
        return self.summaries.names(self.table.path_of(file), entry.digest)

    # -- tables

    def version(self, *kinds: str) -> tuple[object, ...]:
        """Equal for two indexes when these tables hold the same names of the same files: a cache's key."""
        return tuple(self.versions[kind] for kind in kinds)

    def files_in(self, kind: str, name: str) -> tuple[FileId, ...]:
        """The files that hold *name* in the table *kind*, ascending by id."""
        entries, owners = self.entries, self.names.owners
        found = [
            file
            for slot in self.names.slots(kind, name)
            if (entry := entries.get(file := owners[slot])) is not None and entry.slot == slot
        ]
        found += (file for file in self.edited if name in _held(entries[file], kind))
        found.sort()
        return tuple(found)

    def names_in(self, kind: str) -> frozenset[str]:
        """Every name of the table *kind*."""
        entries, owners, names = self.entries, self.names.owners, self.names
        found = {
            name
            for name in names.names(kind)
            if any(
                (entry := entries.get(owners[slot])) is not None and entry.slot == slot
                for slot in names.slots(kind, name)
            )
        }
        return frozenset(found.union(*(_held(entries[file], kind) for file in self.edited)))

    def holds_any(self, file: FileId, kind: str) -> bool:
        """*file* holds some name in the table *kind*."""
        entry = self.entries.get(file)
        if entry is None:
            return False
        if entry.slot == _NO_SLOT:
            return bool(_held(entry, kind))
        return bool(self.names.holds[entry.slot] >> _NUMBERS[kind] & 1)

    # -- files

    def files(self) -> tuple[FileId, ...]:
        """Every file, in no order that means anything."""
        return tuple(self.entries)

    def summary_of(self, file: FileId) -> FileSummary | None:
        """The summary of *file*; None when it is not in the index. Of a closed file it is decoded (up to 1 ms)."""
        entry = self.entries.get(file)
        if entry is None:
            return None
        return entry.summary or self.summaries.summary(self.table.path_of(file), entry.digest)

    def digest_of(self, file: FileId) -> str | None:
        """Digest of the text that *file*'s summary is about; None when it is not in the index."""
        entry = self.entries.get(file)
        return entry.digest if entry else None

    def files_named(self, basename: str) -> tuple[FileId, ...]:
        """The files called *basename*, in any folder."""
        return self.files_in("basenames", basename)

    def includers(self, basename: str) -> tuple[FileId, ...]:
        """The files with an `` `include `` whose last path component is *basename*."""
        return self.files_in("includes", basename)

    def include_paths(self, basename: str) -> tuple[str, ...]:
        """The paths in `` `include `` whose last component is *basename*; some may be of older texts."""
        paths = dict.fromkeys(self.names.paths_to(basename))
        for file in self.edited:
            held = _held(self.entries[file], "include_paths")
            paths |= dict.fromkeys(p for p in held if os.path.basename(p) == basename)
        return tuple(paths)

    def files_naming(self, identifier: str) -> frozenset[FileId]:
        """The files in whose text *identifier* stands, macro bodies included."""
        return frozenset(self.files_in("identifiers", identifier))

    # -- names

    def units(self, name: str) -> tuple[DeclRef, ...]:
        """The design units called *name* at file scope."""
        return self._decls("units", name, lambda _, decl: decl.parent is None and is_unit(decl))

    def outline(self, name: str) -> tuple[DeclRef, ...]:
        """What other files can name: units, classes, items of packages, functions; see OUTLINE_KINDS."""
        return self._decls("outline", name, is_outline)

    def declarations(self, name: str) -> tuple[DeclRef, ...]:
        """Every declaration called *name*, ports and local variables included; those that other files can name first.

        Looks into all files that hold the name: 0.1 s and more for `clk_i` in 4,000 files.
        """
        found = [
            (not is_outline(decls, decl), DeclRef(file, number, decl))
            for file in self.files_in("identifiers", name)
            for decls, named in (self._named(file, name),)
            for number, decl in named
        ]
        found.sort(key=lambda pair: pair[0])
        return tuple(ref for _, ref in found)

    def macros(self, name: str) -> tuple[MacroRef, ...]:
        """Every definition of the macro *name*."""
        return tuple(
            MacroRef(file, macro)
            for file in self.files_in("macros", name)
            for macro in self._macros(file, name)
        )

    def instances_of(self, definition: str) -> tuple[InstanceRef, ...]:
        """Every instantiation of the module, interface or primitive *definition*."""
        return tuple(
            InstanceRef(file, instance)
            for file in self.files_in("instances", definition)
            for instance in self._instances(file, definition)
        )

    def instantiators(self, definition: str) -> tuple[FileId, ...]:
        """The files that instantiate *definition*."""
        return self.files_in("instances", definition)

    def unit_names(self) -> tuple[str, ...]:
        """Names of all design units, sorted."""
        return tuple(sorted(self.names_in("units")))

    def package_names(self) -> tuple[str, ...]:
        """Names of all packages, sorted."""
        return tuple(sorted(self.names_in("packages")))

    def interface_names(self) -> tuple[str, ...]:
        """Names of all interfaces, sorted."""
        return tuple(sorted(self.names_in("interfaces")))

    def macro_users(self, name: str) -> tuple[FileId, ...]:
        """The files that use the macro *name*, in an `` `ifdef `` too."""
        return self.files_in("macro_uses", name)

    def macro_names(self) -> tuple[str, ...]:
        """Names of all macros, sorted."""
        return tuple(sorted(self.names_in("macros")))

    def search(self, query: str, limit: int) -> tuple[DeclRef, ...]:
        """Up to *limit* outline() declarations whose name holds the letters of *query* in order, best first.

        An exact name beats a prefix, a prefix a word inside, that a scattered match; then the shorter name.
        Case counts only between equals. An empty query finds everything, by name.
        """
        path_of = self.table.path_of
        found: list[DeclRef] = []
        for name in ranked(self._ever_in("outline"), query):
            # A name may stand in a thousand files: no more of them are looked into than are shown.
            for file in sorted(self.files_in("outline", name), key=path_of):
                decls, named = self._named(file, name)
                found += (DeclRef(file, n, decl) for n, decl in named if is_outline(decls, decl))
                if len(found) >= limit:
                    return tuple(found[:limit])
        return tuple(found)

    def _ever_in(self, kind: str) -> tuple[NameList, NameList]:
        """names_in(), and names that only older texts hold: those of the tables, and those of edited files alone."""
        known = self.names.names(kind)
        fresh = frozenset[str]().union(*(_held(self.entries[f], kind) for f in self.edited))
        return self.names.listed(kind), NameList(fresh - known)

    # -- parts of summaries: those of closed files are decoded no further than needed

    def _macros(self, file: FileId, name: str) -> Iterable[MacroDef]:
        return (macro for macro in self._summary(file).macros if macro.name == name)

    def _instances(self, file: FileId, definition: str) -> Iterable[InstanceUse]:
        entry = self.entries[file]
        if entry.summary is None:
            part = self.summaries.instances(self.table.path_of(file), entry.digest, definition)
            if part is not None:
                return part
        return (use for use in self._summary(file).instances if use.definition == definition)

    def _named(self, file: FileId, name: str) -> tuple[Sequence[Decl], Iterable[tuple[int, Decl]]]:
        """All declarations of *file*, and those called *name* with their numbers."""
        entry = self.entries[file]
        if entry.summary is None:
            part = self.summaries.decls(self.table.path_of(file), entry.digest)
            if part is not None:
                return part, part.named(name)
        decls = self._summary(file).decls
        return decls, ((number, decl) for number, decl in enumerate(decls) if decl.name == name)

    def _summary(self, file: FileId) -> FileSummary:
        return self.summary_of(file) or FileSummary()

    def _decls(
        self, kind: str, name: str, wanted: Callable[[Sequence[Decl], Decl], bool]
    ) -> tuple[DeclRef, ...]:
        return tuple(
            DeclRef(file, number, decl)
            for file in self.files_in(kind, name)
            for decls, named in (self._named(file, name),)
            for number, decl in named
            if wanted(decls, decl)
        )


def _held(entry: _Entry, kind: str) -> frozenset[str]:
    return entry.names[kind] if entry.names is not None else frozenset()


def _in_order(names: Mapping[str, frozenset[str]] | None) -> tuple[frozenset[str], ...]:
    return tuple((names or {}).get(kind, frozenset()) for kind in TABLES)
