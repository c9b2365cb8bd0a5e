"""A FileSummary as bytes and back: small, quick, and safe to read from a damaged cache.

Must not look at what a summary says, nor read or write files.
"""

from __future__ import annotations

from collections.abc import Callable

from hdl_lsp.semantics.sealed import Row, seal, unseal
from hdl_lsp.semantics.summary import (
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

SUMMARY_VERSION = 1
"""Raise it when a row changes shape, or summarise() or index_names() give another answer for a text."""

_Share = Callable[[str], str]  # a text to the object that stands for all its equals

_KIND = b"summary %d" % SUMMARY_VERSION
_KINDS: tuple[DeclKind, ...] = tuple(DeclKind)
_NUMBERS = {kind.value: number for number, kind in enumerate(_KINDS)}


def encode(summary: FileSummary) -> bytes:
    """*summary* as bytes that decode() takes.

    Equal texts are made one object, which marshal writes once: a fifth less to write and to read.
    """
    texts: dict[str, str] = {}

    def share(text: str) -> str:
        return texts.setdefault(text, text)

    return seal(
        _KIND,
        (
            tuple(_decl_row(decl, share) for decl in summary.decls),
            tuple(_instance_row(use, share) for use in summary.instances),
            tuple((i.package, i.item, i.span.start, i.span.end, i.parent) for i in summary.imports),
            tuple(map(_macro_row, summary.macros)),
            tuple((share(n.name), n.span.start, n.span.end) for n in summary.macro_uses),
            tuple((i.path, i.span.start, i.span.end, i.is_system) for i in summary.includes),
            tuple((share(n.name), n.span.start, n.span.end) for n in summary.scoped_names),
            tuple(
                (p.code, p.message, p.span.start, p.span.end, p.is_error) for p in summary.problems
            ),
            tuple(map(share, sorted(summary.identifiers))),
        ),
    )


def decode(data: bytes) -> FileSummary:
    """The summary that encode() made *data* of; raises DamagedError for all other bytes."""
    decls, instances, imports, macros, uses, includes, scoped, problems, identifiers = unseal(
        _KIND, data
    )
    return FileSummary(
        decls=tuple(map(_decl, decls)),
        instances=tuple(map(_instance, instances)),
        imports=tuple(PackageImport(p, i, span(s, e), parent) for p, i, s, e, parent in imports),
        macros=tuple(map(_macro, macros)),
        macro_uses=tuple(Named(name, span(start, end)) for name, start, end in uses),
        includes=tuple(IncludeUse(path, span(s, e), system) for path, s, e, system in includes),
        scoped_names=tuple(Named(name, span(start, end)) for name, start, end in scoped),
        problems=tuple(
            SyntaxProblem(code, message, span(s, e), is_error)
            for code, message, s, e, is_error in problems
        ),
        identifiers=frozenset(identifiers),
    )


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
