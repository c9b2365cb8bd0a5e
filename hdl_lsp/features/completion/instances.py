"""Ports and parameters inside an instance, and whole instantiations.

Must not list signals; scope.py does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hdl_lsp.features.completion.items import (
    CompletionItem,
    ItemKind,
    Rank,
    described,
    matches,
    plain_item,
    snippet_text,
)
from hdl_lsp.features.completion.site import Site, stem
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.cursor import CursorKind, InstanceAt
from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.names import resolve_scoped, units

INSTANTIATION_LIMIT = 30
"""Modules whose ports are written out in one answer; the others come when more letters are typed."""

_NOT_INSTANTIATED = frozenset(
    {DeclKind.PACKAGE.value, DeclKind.CONFIG.value, DeclKind.PROGRAM.value}
)


def connection_items(site: Site, instance: InstanceAt) -> Iterator[CompletionItem]:
    """What is not connected yet, in the order of the declaration, and all of it at once."""
    found = units(site.snapshot, site.file, instance.definition)
    if not found:
        return
    if instance.is_in_parameters:
        declared = parameters_of(site.snapshot, found[0])
        taken = frozenset(instance.connected_parameters)
        signals: Mapping[str, str] = {}
    else:
        declared = ports_of(site.snapshot, found[0])
        taken = frozenset(instance.connected_ports)
        signals = site.signals
    typed = site.cursor.word if site.cursor.kind in _NAMED else ""
    free = [one for one in declared if one.name not in taken or one.name == typed]
    replace, dot = _replaced(site)
    is_called = site.text.data[replace.end : replace.end + 40].lstrip(b" \t").startswith(b"(")
    for number, one in enumerate(free):
        value = "" if is_called else f"({_value(one, signals, 1)})"
        kind = ItemKind.CONSTANT if instance.is_in_parameters else ItemKind.PROPERTY
        yield CompletionItem(
            label=one.name,
            kind=kind,
            detail=described(one),
            documentation="",
            insert_text=f".{one.name}{value}",
            is_snippet=not is_called,
            replace=replace,
            sort_key=f"{Rank.EXPECTED.value}{number:04}",
            filter_text=f"{dot}{one.name}",
        )
    if len(free) > 1 and not is_called:
        yield _remaining(site, free, signals, replace, dot)


_NAMED = frozenset({CursorKind.PORT_NAME, CursorKind.PARAMETER_NAME})


def _replaced(site: Site) -> tuple[Span, str]:
    """The typed part with its dot, and the dot if there is one."""
    start = site.replace.start
    line_start = site.text.line_span(site.text.line_of(start)).start
    before = site.text.data[line_start:start].rstrip(b" \t")
    if before.endswith(b"."):
        return span(line_start + len(before) - 1, site.replace.end), "."
    return site.replace, ""


def _remaining(
    site: Site, free: Sequence[Declared], signals: Mapping[str, str], replace: Span, dot: str
) -> CompletionItem:
    widest = max(len(one.name) for one in free)
    lines = [
        f".{one.name:<{widest}} ({_value(one, signals, stop)})"
        for stop, one in enumerate(free, start=1)
    ]
    after = site.text.data[replace.end : replace.end + 400].lstrip()
    text = ",\n".join(lines) + ("," if after.startswith(b".") else "")
    what = "parameters" if free[0].kind == DeclKind.PARAMETER.value else "ports"
    label = f"all {len(free)} remaining {what}"
    return CompletionItem(
        label=label,
        kind=ItemKind.SNIPPET,
        detail=", ".join(one.name for one in free)[:80],
        documentation="",
        insert_text=text,
        is_snippet=True,
        replace=replace,
        sort_key=f"{Rank.EXPECTED.value}9999",
        filter_text=f"{dot}{label}",
    )


def _value(declared: Declared, signals: Mapping[str, str], stop: int) -> str:
    if declared.kind == DeclKind.PARAMETER.value:
        return f"${{{stop}:{declared.name}}}"
    signal = signals.get(declared.name) or signals.get(stem(declared.name))
    return f"${{{stop}:{snippet_text(signal or declared.name)}}}"


def argument_items(site: Site) -> Iterator[CompletionItem]:
    """After `.` in a call: the formal arguments of the function or task."""
    call = site.cursor.call
    if call is None:
        return
    base = tuple(call.base)
    for called in resolve_scoped(site.snapshot, site.file, site.offset, base, call.name)[:1]:
        for number, one in enumerate(ports_of(site.snapshot, called)):
            replace, dot = _replaced(site)
            yield CompletionItem(
                label=one.name,
                kind=ItemKind.PROPERTY,
                detail=described(one),
                documentation="",
                insert_text=f".{one.name}(${{1:{one.name}}})",
                is_snippet=True,
                replace=replace,
                sort_key=f"{Rank.EXPECTED.value}{number:04}",
                filter_text=f"{dot}{one.name}",
            )


def module_items(site: Site) -> tuple[list[CompletionItem], bool]:
    """Modules and interfaces, as instantiations where only few fit what was typed; True if some are names only."""
    names = [name for name in site.snapshot.index.unit_names() if matches(site.cursor.typed, name)]
    expanded = len(names) <= INSTANTIATION_LIMIT
    items: list[CompletionItem] = []
    for name in names:
        if not expanded:
            items.append(
                plain_item(name, ItemKind.MODULE, Rank.GLOBAL, site.replace, detail="design unit")
            )
            continue
        found = units(site.snapshot, site.file, name)
        if not found or found[0].kind in _NOT_INSTANTIATED or name == site.cursor.container:
            continue
        items.append(_instantiation(site, found[0]))
    return items, not expanded


def _instantiation(site: Site, unit: Declared) -> CompletionItem:
    text = f"{unit.name}{_body(site, unit, first_stop=1)}"
    kind = ItemKind.INTERFACE if unit.kind == DeclKind.INTERFACE.value else ItemKind.MODULE
    return CompletionItem(
        label=unit.name,
        kind=kind,
        detail=f"{unit.kind}, instantiate",
        documentation="",
        insert_text=text,
        is_snippet=True,
        replace=site.replace,
        sort_key=Rank.GLOBAL.value + unit.name.lower(),
        filter_text=unit.name,
    )


def instance_name_items(site: Site) -> Iterator[CompletionItem]:
    """After the name of a module: `u_name` with its ports."""
    definition = site.before.decode("ascii", "replace")
    found = units(site.snapshot, site.file, definition)
    if not found or found[0].kind in _NOT_INSTANTIATED:
        return
    unit = found[0]
    label = f"u_{unit.name}"
    yield CompletionItem(
        label=label,
        kind=ItemKind.REFERENCE,
        detail=f"instance of {unit.name}",
        documentation="",
        insert_text=_ports(site, unit, label, 1),
        is_snippet=True,
        replace=site.replace,
        sort_key=Rank.EXPECTED.value,
        filter_text=label,
    )


def _body(site: Site, unit: Declared, first_stop: int) -> str:
    parameters = parameters_of(site.snapshot, unit)
    text = " "
    stop = first_stop
    if parameters:
        widest = max(len(one.name) for one in parameters)
        lines: list[str] = []
        for one in parameters:
            value = one.decl.value_text if one.decl and one.decl.value_text else one.name
            flat = snippet_text(" ".join(value.split()))
            lines.append(f"  .{one.name:<{widest}} (${{{stop}:{flat}}})")
            stop += 1
        text = " #(\n" + ",\n".join(lines) + "\n) "
    return text + _ports(site, unit, f"u_{unit.name}", stop)


def _ports(site: Site, unit: Declared, name: str, stop: int) -> str:
    ports = ports_of(site.snapshot, unit)
    if not ports:
        return f"${{{stop}:{name}}} ();"
    signals = site.signals
    widest = max(len(one.name) for one in ports)
    lines = [
        f"  .{one.name:<{widest}} ({_value(one, signals, number)})"
        for number, one in enumerate(ports, start=stop + 1)
    ]
    return f"${{{stop}:{name}}} (\n" + ",\n".join(lines) + "\n);"
