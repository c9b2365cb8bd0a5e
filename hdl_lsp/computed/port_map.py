"""The rest of an instance's port map: every port that is not connected yet, up to the first that nothing suits.

Must not choose signals (matching.py does) nor know layouts (list_layout.py does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdl_lsp.computed.matching import choice
from hdl_lsp.computed.open_list import inserted, open_list, written_use
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.computed.surroundings import Surroundings, surroundings
from hdl_lsp.syntax.cursor import CursorKind, InstanceAt
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import ports_of
from hdl_lsp.workspace.names import units

RULE = "port map"
CONNECTION = "port connection"

_MOST_PORTS = 400
"""Of a module with more ports, the rest is not looked at."""


def port_map(asked: Asked) -> tuple[Computed, ...]:
    """The remaining connections at the cursor, or the one value that is being written."""
    instance = asked.site.cursor.instance
    if instance is None or instance.is_in_parameters:
        return ()
    if instance.connection is not None:
        return _one_value(asked, instance, instance.connection)
    found = open_list(asked)
    if found is None or (instance.argument0 and not instance.connected_ports):
        return ()
    unit = _unit(asked, instance)
    if unit is None:
        return ()
    ports = ports_of(asked.snapshot, unit)[:_MOST_PORTS]
    free = [port for port in ports if port.name not in instance.connected_ports]
    near = surroundings(asked, unit, instance.name, found.use)
    pairs = list(_connected(_from_typed(free, found.typed), near))
    if not pairs:
        return ()
    names = [port.name for port in ports]
    is_whole = len(pairs) == len(free)
    text = inserted(found, pairs, names, is_whole=is_whole)
    return (Computed(text, RULE),) if text else ()


def _unit(asked: Asked, instance: InstanceAt) -> Declared | None:
    found = units(asked.snapshot, asked.site.file, instance.definition)
    return found[0] if found else None


def _from_typed(free: Sequence[Declared], typed: str) -> Sequence[Declared]:
    """The ports from the first whose name begins as *typed*; those before it are left for later."""
    start = typed.lstrip(".").strip()
    at = next((n for n, port in enumerate(free) if port.name.startswith(start)), len(free))
    return [*free[at:], *free[:at]] if at < len(free) else ()


def _connected(ports: Sequence[Declared], near: Surroundings) -> Iterator[tuple[str, str]]:
    """Name and value of each port, up to the first of which nothing is sure."""
    for port in ports:
        value = choice(port, near)
        if value is None:
            return
        if port.direction == "output":
            near.taken.add(value)
        yield port.name, value


def _one_value(asked: Asked, instance: InstanceAt, name: str) -> tuple[Computed, ...]:
    """What is connected to the port *name*, whose parentheses the cursor is in."""
    site = asked.site
    cursor = site.cursor
    opened = site.line_prefix.removesuffix(cursor.typed).rstrip()
    if cursor.kind is not CursorKind.IDENTIFIER or not opened.endswith("("):
        return ()
    head = opened[:-1].rstrip()
    unit = _unit(asked, instance)
    if unit is None or cursor.call is not None or not head.endswith("." + name):
        return ()
    port = next((p for p in ports_of(asked.snapshot, unit) if p.name == name), None)
    if port is None:
        return ()
    near = surroundings(asked, unit, instance.name, written_use(asked, instance))
    value = choice(port, near)
    if not value or not value.startswith(cursor.typed) or value == cursor.typed:
        return ()
    closing = "" if site.line_suffix.lstrip().startswith(")") else ")"
    return (Computed(value[len(cursor.typed) :] + closing, CONNECTION),)
