"""Hints at instances: port directions and types, names of ordered connections, what `.*` connects.

Must not need facts: ports and parameters come from the index (IEEE 1800-2023 23.3.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from hdl_lsp.features.inlay_hints.hint import HintKind, InlayHint
from hdl_lsp.presentation.markup import one_line
from hdl_lsp.semantics.summary import Connection, InstanceUse
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.declared import Declared, target
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.names import units
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.written import bare_type, parameter_line, port_line

_ARROWS = {"input": "←", "output": "→", "inout": "↔", "ref": "↔"}
_ONE_BIT = frozenset({"", "logic", "wire", "reg", "bit", "wire logic", "var logic"})
_LONGEST_TYPE = 40
_LONGEST_LIST = 120


def connection_hints(snapshot: Snapshot, file: FileId, within: Span) -> Iterator[InlayHint]:
    """Hints at the connections of every instance that touches *within*."""
    wanted = snapshot.config.hints
    if not (wanted.ports or wanted.ordered or wanted.wildcards):
        return
    for use in snapshot.summary(file).instances:
        if use.span.end < within.start or use.span.start > within.end:
            continue
        unit = next(iter(units(snapshot, file, use.definition)), None)
        if unit is None:
            continue
        ports = ports_of(snapshot, unit)
        yield from _ports(snapshot, use, ports)
        if wanted.ordered:
            yield from _ordered(snapshot, use.ports, ports, port_line)
            if any(not one.name and one.value_text for one in use.parameters):
                parameters = parameters_of(snapshot, unit)
                yield from _ordered(snapshot, use.parameters, parameters, parameter_line)


def _ports(snapshot: Snapshot, use: InstanceUse, ports: Sequence[Declared]) -> Iterator[InlayHint]:
    by_name: Mapping[str, Declared] = {port.name: port for port in ports}
    connected = {one.name for one in use.ports}
    for one in use.ports:
        if one.name == "*" and snapshot.config.hints.wildcards:
            rest = [port.name for port in ports if port.name not in connected]
            if rest:
                shown = one_line(", ".join(rest), _LONGEST_LIST)
                yield InlayHint(one.span.end, shown, HintKind.PARAMETER, tooltip=", ".join(rest))
        port = by_name.get(one.name)
        if port is None or not snapshot.config.hints.ports:
            continue
        arrow = _ARROWS.get(port.direction, "")
        written = one_line(bare_type(port), _LONGEST_TYPE)
        label = arrow if arrow and written in _ONE_BIT else f"{arrow} {written}".strip()
        if label:
            yield InlayHint(
                one.span.end,
                label,
                HintKind.TYPE,
                tooltip=port_line(port),
                target=target(snapshot, port),
            )


def _ordered(
    snapshot: Snapshot,
    connections: Sequence[Connection],
    declared: Sequence[Declared],
    line: Callable[[Declared], str],
) -> Iterator[InlayHint]:
    for one, meant in zip(connections, declared, strict=False):
        if one.name or not one.value_text or one.value_text == meant.name:
            continue
        yield InlayHint(
            one.span.start,
            f"{meant.name}:",
            HintKind.PARAMETER,
            is_before=True,
            tooltip=line(meant),
            target=target(snapshot, meant),
        )
