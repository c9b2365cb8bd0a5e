"""What a plain name means at a place, proved from summaries and texts alone, or the admission that they can't tell.

Must not guess: lookup.py finds the likeliest declaration, this one says only what is certain (IEEE 1800-2023 23.9,
26.3, 6.21). Made for one question; it remembers what it has read.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from hdl_lsp.semantics.summary import DeclKind, FileSummary, PackageImport
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.inference import includers
from hdl_lsp.workspace.names import in_package, packages, units
from hdl_lsp.workspace.occurrences import Code
from hdl_lsp.workspace.scopes import FILE_SCOPE, SCOPES, scope_of
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.unnamed_blocks import is_hidden

Place = tuple[FileId, int]
"""A declaration: its file and where its name starts."""

Answer = frozenset[Place] | None
"""The declarations a name means: empty when nobody declares it, None when the texts alone can't tell."""

NOBODY: frozenset[Place] = frozenset()

ELSEWHERE: frozenset[Place] = frozenset({(FileId(-1), -1)})
"""Some declaration that is not the one in question."""

_DEPTH = 6  # headers inside headers
_MAX_INCLUDERS = 12  # files around one header that are asked what a name means there
_EXTENDS = re.compile(r"\bextends\b")
_ROUTINES = frozenset({DeclKind.FUNCTION, DeclKind.TASK})


@dataclass(slots=True)
class _Scopes:
    """The scopes of one file, as spans."""

    spans: list[tuple[int, int, int]]  # start, end, index of the declaration; outer before inner

    def chain(self, offset: int) -> tuple[int, ...]:
        inside = [index for start, end, index in self.spans if start <= offset <= end]
        return (*reversed(inside), FILE_SCOPE)


@dataclass(slots=True)
class Meanings:
    """Resolves plain and scoped names over one snapshot."""

    snapshot: Snapshot
    _codes: dict[FileId, Code | None] = field(default_factory=dict[FileId, "Code | None"])
    _scopes: dict[FileId, _Scopes] = field(default_factory=dict[FileId, _Scopes])
    _named: dict[tuple[FileId, str], dict[int, list[int]]] = field(
        default_factory=dict[tuple[FileId, str], dict[int, list[int]]]
    )
    _packages: dict[tuple[FileId, str, str], Answer] = field(
        default_factory=dict[tuple[FileId, str, str], Answer]
    )
    _hiding: dict[tuple[FileId, str], bool] = field(default_factory=dict[tuple[FileId, str], bool])

    def code(self, file: FileId) -> Code | None:
        """The text of *file*; None when it can't be read."""
        if file not in self._codes:
            text = self.snapshot.text(file)
            self._codes[file] = None if text is None else Code(text)
        return self._codes[file]

    def siblings(self, file: FileId, index: int) -> frozenset[Place]:
        """Declaration *index* with the others of its name in its scope: a port's net, both branches of an `ifdef."""
        summary = self.snapshot.summary(file)
        decl = summary.decls[index]
        scope = scope_of(summary, index)
        if scope < FILE_SCOPE:
            same = [
                i
                for i, d in enumerate(summary.decls)
                if d.name == decl.name and d.parent == decl.parent
            ]
        else:
            same = self._by_scope(file, decl.name).get(scope, [])
            if self.hides(file, decl.name):
                same = [index]
        return frozenset((file, int(summary.decls[i].name_span.start)) for i in {*same, index})

    def plain(self, file: FileId, offset: int, name: str, depth: int = 0) -> Answer:
        """What *name* means as a plain identifier at *offset*."""
        summary = self.snapshot.summary(file)
        local = self._by_scope(file, name)
        chain = self._scopes_of(file, summary).chain(offset)
        for scope in chain:
            if scope in local:
                if self.hides(file, name):
                    return None
                return frozenset(
                    (file, int(summary.decls[i].name_span.start)) for i in local[scope]
                )
            found = self._brought_in(file, summary, scope, offset, name, depth)
            if found is None or found:
                return found
            if scope >= 0 and self._is_open(summary, scope):
                return None
        return self._outside(file, name, depth)

    def in_package(self, file: FileId, package: str, name: str) -> Answer:
        """What `package::name` means in *file*, re-exported names too (26.6)."""
        key = (file, package, name)
        if key not in self._packages:
            self._packages[key] = NOBODY  # ends a cycle of exports
            self._packages[key] = self._package_item(file, package, name)
        return self._packages[key]

    def is_package(self, name: str) -> bool:
        """Some file declares the package *name*."""
        return any(ref.decl.kind is DeclKind.PACKAGE for ref in self.snapshot.index.units(name))

    def hides(self, file: FileId, name: str) -> bool:
        """A declaration of *name* in *file* stands in a scope without a name, whose end a summary doesn't tell."""
        key = (file, name)
        if key not in self._hiding:
            summary, code = self.snapshot.summary(file), self.code(file)
            self._hiding[key] = code is not None and any(
                decl.name == name and is_hidden(summary, index, code.code)
                for index, decl in enumerate(summary.decls)
            )
        return self._hiding[key]

    # -- parts

    def _scopes_of(self, file: FileId, summary: FileSummary) -> _Scopes:
        if file not in self._scopes:
            spans = [
                (int(decl.span.start), int(decl.span.end), index)
                for index, decl in enumerate(summary.decls)
                if decl.kind in SCOPES
            ]
            # Declarations of dead branches come last in a summary, wherever they stand.
            spans.sort(key=lambda one: (one[0], -one[1]))
            self._scopes[file] = _Scopes(spans)
        return self._scopes[file]

    def _by_scope(self, file: FileId, name: str) -> dict[int, list[int]]:
        key = (file, name)
        known = self._named.get(key)
        if known is None:
            known = self._named[key] = {}
            summary = self.snapshot.summary(file)
            for index, decl in enumerate(summary.decls):
                if decl.name == name:
                    known.setdefault(scope_of(summary, index), []).append(index)
        return known

    def _brought_in(
        self,
        file: FileId,
        summary: FileSummary,
        scope: int,
        offset: int,
        name: str,
        depth: int,
    ) -> Answer:
        """What included files and imports put into *scope*: single names before wildcards (26.3)."""
        included = self._included(file, summary, scope, name, depth)
        if included is None or included:
            return included
        parent = None if scope == FILE_SCOPE else scope
        here = [one for one in summary.imports if one.parent == parent]
        for wanted in (name, "*"):
            found: frozenset[Place] = NOBODY
            for one in here:
                if one.item != wanted:
                    continue
                items = self.in_package(file, one.package, name)
                if items is None:
                    return None
                if items and one.span.start > offset and wanted == "*":
                    return None  # imported below: which one counts depends on the order (26.3)
                found |= items
            if found:
                return found
        return NOBODY

    def _included(
        self, file: FileId, summary: FileSummary, scope: int, name: str, depth: int
    ) -> Answer:
        """What headers that *scope* includes declare at their file scope."""
        if not summary.includes or depth > _DEPTH:
            return NOBODY
        naming = self.snapshot.index.files_naming(name)
        scopes = self._scopes_of(file, summary)
        for use in summary.includes:
            if scopes.chain(use.span.start)[0] != scope:
                continue
            for header in find_include(self.snapshot, file, use.path)[:1]:
                inner = self.snapshot.summary(header)
                if header in naming:
                    local = self._by_scope(header, name).get(FILE_SCOPE)
                    if local:
                        starts = (int(inner.decls[i].name_span.start) for i in local)
                        return frozenset((header, start) for start in starts)
                if inner.includes or inner.imports:
                    found = self._brought_in(header, inner, FILE_SCOPE, 1 << 60, name, depth + 1)
                    if found is None or found:
                        return found
        return NOBODY

    def _is_open(self, summary: FileSummary, scope: int) -> bool:
        """Names from elsewhere can be seen in *scope*: a class with a base, the body of a method outside its class."""
        decl = summary.decls[scope]
        if decl.kind is DeclKind.CLASS:
            return _EXTENDS.search(decl.type_text) is not None
        return decl.kind in _ROUTINES and "::" in decl.type_text

    def _outside(self, file: FileId, name: str, depth: int) -> Answer:
        """What *name* means where no scope of *file* knows it: around an included file, and as a design unit."""
        if depth <= _DEPTH:
            around = self._around(file, name, depth)
            if around is None or around:
                return around
        found = units(self.snapshot, file, name)
        if found:
            return frozenset(_place(one) for one in found[:1])
        others = [
            ref
            for ref in self.snapshot.index.outline(name)
            if ref.decl.parent is None and ref.file != file
        ]
        # Another file's declaration outside every unit counts if both are one compilation unit (3.12.1).
        return None if others else NOBODY

    def _around(self, file: FileId, name: str, depth: int) -> Answer:
        answers: set[frozenset[Place]] = set()
        basename = os.path.basename(self.snapshot.path(file))
        if not self.snapshot.index.includers(basename):
            return NOBODY
        for number, outer in enumerate(includers(self.snapshot.index, file)):
            if number >= _MAX_INCLUDERS:
                return None
            if outer == file:
                continue
            for use in self.snapshot.summary(outer).includes:
                if use.path.rsplit("/", 1)[-1] != basename:
                    continue
                found = self.plain(outer, use.span.start, name, depth + 1)
                if found is None:
                    return None
                answers.add(found)
        return answers.pop() if len(answers) == 1 else (None if answers - {NOBODY} else NOBODY)

    def _package_item(self, file: FileId, package: str, name: str) -> Answer:
        found = in_package(self.snapshot, file, package, name)
        if found:
            return frozenset(_place(one) for one in found)
        for unit in packages(self.snapshot, file, package)[:1]:
            if unit.file is None or not self._exports(unit):
                continue
            for one in self._imports_in(unit):
                if one.item in {"*", name}:
                    items = self.in_package(unit.file, one.package, name)
                    if items is None or items:
                        return items
        return NOBODY

    def _exports(self, unit: Declared) -> bool:
        code = None if unit.file is None else self.code(unit.file)
        return code is not None and b"export" in code.data

    def _imports_in(self, unit: Declared) -> tuple[PackageImport, ...]:
        if unit.file is None:
            return ()
        summary = self.snapshot.summary(unit.file)
        return tuple(one for one in summary.imports if one.parent == unit.index)


def _place(declared: Declared) -> Place:
    return (declared.file if declared.file is not None else FileId(-1), int(declared.focus.start))
