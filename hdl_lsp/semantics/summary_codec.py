"""A FileSummary as bytes and back: small, quick, and safe to read from a damaged cache.

Must not look at what a summary says, nor read or write files.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any, cast, overload

from hdl_lsp.semantics.sealed import Row, seal, unseal
from hdl_lsp.semantics.summary import (
    DESIGN_UNITS,
    Connection,
    Decl,
    DeclKind,
    FileSummary,
    IncludeUse,
    InstanceUse,
    MacroDef,
    Named,
    PackageImport,
    SyntaxProblem,
)
from hdl_lsp.text.source import span

SUMMARY_VERSION = 2
"""Raise it when a row changes shape, or summarise() or index_names() give another answer for a text."""

_UNITS = frozenset(number for number, kind in enumerate(DeclKind) if kind in DESIGN_UNITS)

_Share = Callable[[str], str]  # a text to the object that stands for all its equals

_KIND = b"summary %d" % SUMMARY_VERSION
_KINDS: tuple[DeclKind, ...] = tuple(DeclKind)
_NUMBERS = {kind.value: number for number, kind in enumerate(_KINDS)}


def encode(summary: FileSummary) -> bytes:
    """*summary* as bytes that decode() takes.

    Equal texts are made one object, which marshal writes once: a fifth less to write and to read. Each field is
    a section of its own, so that one can be read without the others: in a tenth of the time.
    """
    texts: dict[str, str] = {}

    def share(text: str) -> str:
        return texts.setdefault(text, text)

    sections: tuple[Row, ...] = (
        tuple(_decl_row(decl, share) for decl in summary.decls),
        tuple(_instance_row(use, share) for use in summary.instances),
        tuple((i.package, i.item, i.span.start, i.span.end, i.parent) for i in summary.imports),
        tuple(map(_macro_row, summary.macros)),
        tuple((share(n.name), n.span.start, n.span.end) for n in summary.macro_uses),
        tuple((i.path, i.span.start, i.span.end, i.is_system) for i in summary.includes),
        tuple((share(n.name), n.span.start, n.span.end) for n in summary.scoped_names),
        tuple((p.code, p.message, p.span.start, p.span.end, p.is_error) for p in summary.problems),
        tuple(map(share, sorted(summary.identifiers))),
    )
    return seal(_KIND, tuple(marshal.dumps(section) for section in sections))


def decode(data: bytes) -> FileSummary:
    """The summary that encode() made *data* of; raises DamagedError for all other bytes.

    Each field is made when somebody looks at it: most who want a summary want its instances or its imports.
    """
    found: _Decoded = object.__new__(_Decoded)
    object.__setattr__(found, "_sections", unseal(_KIND, data))
    return found


class _Decoded(FileSummary):
    """A summary whose fields are made of their sections one by one."""

    __slots__ = ("_sections",)
    _sections: Row
    __hash__ = FileSummary.__hash__

    def __getattr__(self, name: str) -> object:
        """A field that nobody has looked at; Python asks only while its slot is empty."""
        section = _SECTIONS.get(name)
        if section is None:
            raise AttributeError(name)
        number, make = section
        value = make(_rows(self._sections[number]))
        object.__setattr__(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        """Equal to any summary that says the same."""
        if not isinstance(other, FileSummary):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _SECTIONS)

    def units(self) -> tuple[Decl, ...]:
        """As FileSummary.units(), without making all declarations."""
        return tuple(
            _decl(row) for row in _rows(self._sections[0]) if row[6] is None and row[1] in _UNITS
        )


def _decls(rows: Row) -> tuple[Decl, ...]:
    return tuple(map(_decl, rows))


def _instances(rows: Row) -> tuple[InstanceUse, ...]:
    return tuple(map(_instance, rows))


def _macros(rows: Row) -> tuple[MacroDef, ...]:
    return tuple(map(_macro, rows))


def _named(rows: Row) -> tuple[Named, ...]:
    return tuple(Named(name, span(start, end)) for name, start, end in rows)


def _imports(rows: Row) -> tuple[PackageImport, ...]:
    return tuple(PackageImport(p, i, span(s, e), parent) for p, i, s, e, parent in rows)


def _includes(rows: Row) -> tuple[IncludeUse, ...]:
    return tuple(IncludeUse(path, span(s, e), system) for path, s, e, system in rows)


def _problems(rows: Row) -> tuple[SyntaxProblem, ...]:
    return tuple(SyntaxProblem(c, m, span(s, e), is_error) for c, m, s, e, is_error in rows)


class Decls(Sequence[Decl]):
    """FileSummary.decls of some bytes, each made when it is looked at."""

    def __init__(self, data: bytes) -> None:
        """Raises DamagedError for bytes that encode() did not make."""
        self._decls = _rows(unseal(_KIND, data)[0])

    def named(self, name: str) -> Iterator[tuple[int, Decl]]:
        """Those called *name*, with their numbers."""
        return ((n, _decl(row)) for n, row in enumerate(self._decls) if row[0] == name)

    @overload
    def __getitem__(self, index: int) -> Decl: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Decl, ...]: ...
    def __getitem__(self, index: int | slice) -> Decl | tuple[Decl, ...]:
        if isinstance(index, slice):
            return tuple(map(_decl, self._decls[index]))
        return _decl(self._decls[index])

    def __len__(self) -> int:
        return len(self._decls)


def decode_instances(data: bytes, definition: str) -> tuple[InstanceUse, ...]:
    """The instances of *definition* alone."""
    return tuple(_instance(row) for row in _rows(unseal(_KIND, data)[1]) if row[1] == definition)


def _rows(section: bytes) -> tuple[Any, ...]:
    """The rows of one section, or its names."""
    # a part of what unseal() has checked
    return cast("tuple[Any, ...]", marshal.loads(section))  # noqa: S302


def _decl_row(decl: Decl, share: _Share) -> Row:
    where, whole = decl.name_span, decl.span
    return (
        share(decl.name),
        _NUMBERS[decl.kind.value],
        where.start,
        where.end,
        whole.start,
        whole.end,
        decl.parent,
        share(decl.type_text),
        share(decl.direction),
        share(decl.value_text),
        share(decl.definition),
    )


def _decl(row: Row) -> Decl:
    name, kind, name_start, name_end, start, end, parent, *texts = row
    where, whole = span(name_start, name_end), span(start, end)
    return Decl(name, _KINDS[int(kind)], where, whole, parent, *texts)


def _instance_row(use: InstanceUse, share: _Share) -> Row:
    return (
        share(use.name),
        share(use.definition),
        use.name_span.start,
        use.name_span.end,
        use.definition_span.start,
        use.definition_span.end,
        use.span.start,
        use.span.end,
        use.decl,
        tuple(_connection_row(given, share) for given in use.parameters),
        tuple(_connection_row(given, share) for given in use.ports),
    )


def _instance(row: Row) -> InstanceUse:
    name, definition, name_start, name_end, def_start, def_end, start, end, decl, given, ports = row
    return InstanceUse(
        name,
        definition,
        span(name_start, name_end),
        span(def_start, def_end),
        span(start, end),
        decl,
        tuple(map(_connection, given)),
        tuple(map(_connection, ports)),
    )


def _connection_row(connection: Connection, share: _Share) -> Row:
    where, whole = connection.name_span, connection.span
    return (
        share(connection.name),
        where.start,
        where.end,
        whole.start,
        whole.end,
        share(connection.value_text),
    )


def _connection(row: Row) -> Connection:
    name, name_start, name_end, start, end, value = row
    return Connection(name, span(name_start, name_end), span(start, end), value)


def _macro_row(macro: MacroDef) -> Row:
    where, whole = macro.name_span, macro.span
    return (
        macro.name,
        where.start,
        where.end,
        whole.start,
        whole.end,
        macro.arguments,
        macro.body,
    )


def _macro(row: Row) -> MacroDef:
    name, name_start, name_end, start, end, arguments, body = row
    return MacroDef(name, span(name_start, name_end), span(start, end), arguments, body)


_MAKERS: tuple[Callable[[Row], object], ...] = (
    _decls,
    _instances,
    _imports,
    _macros,
    _named,
    _includes,
    _named,
    _problems,
    frozenset[str],
)
_SECTIONS = {
    field.name: (number, _MAKERS[number]) for number, field in enumerate(fields(FileSummary))
}
"""The fields of a summary in the order of their sections, and how each is made."""
