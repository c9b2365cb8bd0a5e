"""Instances of one slang tree: what is instantiated, and what is connected to it.

Must not resolve names.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyslang import parsing
from pyslang.syntax import SyntaxKind

from hdl_lsp.semantics.places import Node, Places
from hdl_lsp.semantics.summary import Connection
from hdl_lsp.text.source import Offset, Span, span


def definition_token(instantiation: Node) -> parsing.Token:
    """The name of what is instantiated; of `package::checker` the part after the colons."""
    if instantiation.kind == SyntaxKind.CheckerInstantiation:
        return instantiation.type.getLastToken()
    return instantiation.type


def parameter_connections(instantiation: Node, places: Places) -> tuple[Connection, ...]:
    """What stands in `#(...)`; () when there is none, or a gate's delay."""
    given = getattr(instantiation, "parameters", None)
    if given is None:
        return ()
    return _connections(given.parameters, _inside(given, places), places)


def port_connections(instance: Node, places: Places) -> tuple[Connection, ...]:
    """What stands in the parentheses after the instance's name."""
    return _connections(instance.connections, _inside(instance, places), places)


def _connections(items: Iterable[object], within: Span, places: Places) -> tuple[Connection, ...]:
    """Connections in order, *within* the offsets inside the parentheses; a blank is an ordered one.

    Ordered ones are cut at the commas: asking slang where a long expression starts recurses.
    """
    found: list[Connection] = []
    start = within.start
    node: Node = None
    for item in [*items, None]:
        if item is not None and not isinstance(item, parsing.Token):
            node = item
            continue
        end = within.end if item is None else places.token(item).start
        if node is not None:
            found.append(_connection(node, span(start, end), places))
        start, node = Offset(within.end if item is None else places.token(item).end), None
    return tuple(found)


def _connection(node: Node, between: Span, places: Places) -> Connection:
    """One connection, which lies somewhere *between* two commas."""
    match node.kind:
        case SyntaxKind.NamedPortConnection | SyntaxKind.NamedParamAssignment:
            dot, name = places.token(node.dot), places.token(node.name)
            end, value = name.end, ""
            if node.openParen:
                opened, closed = places.token(node.openParen), places.token(node.closeParen)
                end, value = closed.end, places.text(span(opened.end, closed.start))
            return Connection(node.name.valueText, name, span(dot.start, end), value)
        case SyntaxKind.WildcardPortConnection:
            where = span(places.token(node.dot).start, places.token(node.star).end)
            return Connection("*", where, where)
        case _:
            data = places.data[between.start : between.end]
            start = between.start + len(data) - len(data.lstrip())
            where = span(start, start + len(data.strip()))
            return Connection("", span(start, start), where, places.text(where))


def _inside(node: Node, places: Places) -> Span:
    """From after the node's opening to before its closing parenthesis."""
    return span(places.token(node.openParen).end, places.token(node.closeParen).start)
