"""What a name most likely is, from this file's summary and the index: where slang has not looked yet, or never does.

Must not wait, and must not guess a declaration that nobody wrote.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hdl_lsp.features.semantic_tokens.clocks import UnitClocks, clocks_of, habit, role
from hdl_lsp.features.semantic_tokens.kinds import (
    DECLARATION,
    MACRO_ARGUMENT,
    MEMBER,
    MODPORT,
    SIGNALS,
    UNIT,
    WRITE,
    code_of_decl,
    code_of_declared,
)
from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary, MacroDef
from hdl_lsp.syntax.name_tokens import base_of, is_scope, is_target, joined_by
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.names import resolve, resolve_scoped, scope_named, units
from hdl_lsp.workspace.scopes import find_local
from hdl_lsp.workspace.snapshot import Snapshot

_WRITABLE = SIGNALS | {DeclKind.GENVAR.value}


@dataclass(frozen=True, slots=True)
class Tables:
    """What a summary says about places in its text."""

    declared_at: Mapping[int, Decl] = field(default_factory=dict[int, Decl])
    """Declarations by the start of their name."""
    by_name: Mapping[str, Sequence[int]] = field(default_factory=dict[str, Sequence[int]])
    """Indexes of declarations that a plain name can mean."""
    connections: Mapping[int, tuple[str, str]] = field(default_factory=dict[int, tuple[str, str]])
    """Definition and name behind every named connection with parentheses, by the start of its name."""
    implicit: frozenset[int] = frozenset()
    """Starts of the names of the others: `.clk_i` alone names the signal here, as slang has it too (23.3.2.3)."""
    definitions: frozenset[int] = frozenset()
    """Starts of the names of what is instantiated."""
    macros: tuple[MacroDef, ...] = ()
    clocks: tuple[UnitClocks, ...] = ()


def tables_of(text: SourceText, summary: FileSummary) -> Tables:
    """The tables of the summary of exactly *text*."""
    named = [
        (use.definition, connection)
        for use in summary.instances
        for connection in (*use.ports, *use.parameters)
        if connection.name not in {"", "*"}
    ]
    return Tables(
        declared_at={decl.name_span.start: decl for decl in summary.decls if decl.name},
        by_name=_by_name(summary),
        connections={
            one.name_span.start: (definition, one.name)
            for definition, one in named
            if one.span.end > one.name_span.end
        },
        implicit=frozenset(
            one.name_span.start for _, one in named if one.span.end <= one.name_span.end
        ),
        definitions=frozenset(use.definition_span.start for use in summary.instances),
        macros=tuple(sorted(summary.macros, key=lambda m: m.span)),
        clocks=clocks_of(text, summary),
    )


def _by_name(summary: FileSummary) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for index, decl in enumerate(summary.decls):
        if decl.kind is not DeclKind.STRUCT_MEMBER:
            found.setdefault(decl.name, []).append(index)
    return found


class ByName:
    """Codes of names in one file at one snapshot; what was looked up once is remembered."""

    def __init__(self, snapshot: Snapshot, file: FileId, text: SourceText) -> None:
        self._snapshot = snapshot
        self._file = file
        self._text = text
        summary = self._summary = snapshot.summary(file)
        digest = snapshot.index.digest_of(file)
        # While the text is ahead of its summary, places in the summary mean nothing.
        self._tables = (
            snapshot.memo.remember(("token tables", digest), lambda: tables_of(text, summary))
            if digest == text.digest
            else Tables(by_name=_by_name(summary))
        )
        self._resolved: dict[tuple[str, str], Declared | None] = {}
        self._connected: dict[str, Mapping[str, Declared]] = {}

    @property
    def declared_at(self) -> Mapping[int, Decl]:
        """Declarations by the start of their name; empty while the text is ahead of its summary."""
        return self._tables.declared_at

    def macro_at(self, offset: int) -> MacroDef | None:
        """The `` `define `` that *offset* is in."""
        macros = self._tables.macros
        at = bisect.bisect_right(macros, offset, key=lambda m: m.span.start) - 1
        return macros[at] if at >= 0 and offset < macros[at].span.end else None

    def code_of(self, name: str, start: int, end: int) -> int | None:
        """The code of the plain word *name* at *start*; None where nobody declares it."""
        macro = self.macro_at(start)
        if macro is not None:
            return MACRO_ARGUMENT if name in (macro.arguments or ()) else None
        decl = self.declared_at.get(start)
        if decl is not None:
            return self.with_role(code_of_decl(decl), decl.kind.value, name, start) | DECLARATION
        connection = self._tables.connections.get(start)
        if connection is not None:
            port = self._ports(connection[0]).get(name)
            return None if port is None else _foreign(port)
        if start in self._tables.definitions:
            found = self._first("", name, start)
            return UNIT if found is None else code_of_declared(found)
        data = self._text.data
        joint = joined_by(data, start)
        if joint == "::":
            return self._scoped(base_of(data, start), name, start)
        if joint == "." and start not in self._tables.implicit:
            holders = self._snapshot.index.units(base_of(data, start))
            return MODPORT if any(h.decl.kind is DeclKind.INTERFACE for h in holders) else MEMBER
        if is_scope(data, end):
            holders = scope_named(self._snapshot, self._file, start, (name,))
            return code_of_declared(holders[0]) if holders else None
        return self._plain(name, start, end)

    def with_role(self, of: int, kind: str, name: str, start: int) -> int:
        """*of* with the modifiers of clocks and resets."""
        return of | role(self._tables.clocks, name, start) if kind in SIGNALS else of

    def _plain(self, name: str, start: int, end: int) -> int | None:
        found = self._local(name, start)
        if found is not None:
            of = self.with_role(code_of_decl(found), found.kind.value, name, start)
            is_written = found.kind.value in _WRITABLE and is_target(self._text.data, start, end)
            return of | WRITE if is_written else of
        declared = self._first("", name, start)
        return None if declared is None else code_of_declared(declared)

    def _local(self, name: str, start: int) -> Decl | None:
        indexes = self._tables.by_name.get(name, ())
        decls = self._summary.decls
        if len({code_of_decl(decls[index]) for index in indexes}) > 1:
            indexes = find_local(self._summary, start, name) or indexes
        return decls[indexes[0]] if indexes else None

    def _scoped(self, base: str, name: str, start: int) -> int | None:
        if not base:
            return None
        declared = self._first(base, name, start)
        return None if declared is None else code_of_declared(declared)

    def _first(self, base: str, name: str, start: int) -> Declared | None:
        key = (base, name)
        if key not in self._resolved:
            snapshot, file = self._snapshot, self._file
            found = (
                resolve_scoped(snapshot, file, start, (base,), name)
                if base
                else resolve(snapshot, file, start, name)
            )
            self._resolved[key] = found[0] if found else None
        return self._resolved[key]

    def _ports(self, definition: str) -> Mapping[str, Declared]:
        if definition not in self._connected:
            found: dict[str, Declared] = {}
            for unit in units(self._snapshot, self._file, definition)[:1]:
                both = (*ports_of(self._snapshot, unit), *parameters_of(self._snapshot, unit))
                found = {one.name: one for one in both}
            self._connected[definition] = found
        return self._connected[definition]


def _foreign(port: Declared) -> int:
    of = code_of_declared(port)
    return of | habit(port.name) if port.kind in SIGNALS else of
