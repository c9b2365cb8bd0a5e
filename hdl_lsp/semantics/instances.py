"""Instances of one slang tree: what is instantiated, and what is connected to it.

Must not resolve names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyslang import parsing
from pyslang.syntax import SyntaxKind

from hdl_lsp.semantics.places import Node, Places
from hdl_lsp.semantics.summary import Connection
from hdl_lsp.text.source import Offset, Span, span

_PLAIN = re.compile(
    rb"""
    \s*+ (?P<dot>\.) \s*+
    (?: (?P<name>[A-Za-z_][\w$]*+) \s*+
        (?: \(
            (?P<value> [^()]*+
                (?: \( [^()]*+ (?: \( [^()]*+ (?: \([^()]*+\) [^()]*+ )*+ \) [^()]*+ )*+ \) [^()]*+ )*+
            )
        \) \s*+ )?
      | (?P<star>\*) \s*+
    )
    (?: , | \Z )
    """,
    re.VERBOSE,
)
"""`.name`, `.name(value)` or `.*` and what ends it; parentheses of a value up to three deep."""


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
    """Connections in order, *within* the offsets inside the parentheses."""
    if places.code is not None:
        found = _plain_connections(places, places.code, within)
        if found is not None:
            return found
    return _parsed_connections(items, within, places)


def _plain_connections(places: Places, code: bytes, within: Span) -> tuple[Connection, ...] | None:
    """Named connections without any macro, read from the text; None when there is anything else.

    Asking slang for the five tokens of each takes ten times as long, and most of a summary's time.
    """
    at, end = within.start, within.end
    if code.find(b"`", at, end) >= 0:
        return None
    found: list[Connection] = []
    while (match := _PLAIN.match(code, at, end)) is not None:
        dot = match.start("dot")
        name, value = match.span("name"), match.span("value")
        if match["star"]:
            where = span(dot, match.end("star"))
            found.append(Connection("*", where, where))
        elif match["value"] is None:
            found.append(Connection(match["name"].decode(), span(*name), span(dot, name[1])))
        else:
            where, whole = span(*value), span(dot, value[1] + 1)
            found.append(Connection(match["name"].decode(), span(*name), whole, places.text(where)))
        at = match.end()
        if at == end:
            return None if code.endswith(b",", at - 1, at) else tuple(found)
    return None


def _parsed_connections(
    items: Iterable[object], within: Span, places: Places
) -> tuple[Connection, ...]:
    """As slang has them; a blank is an ordered one.

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
