"""Typed views of the nodes that features ask for: modules, instances, connections, procedures.

Must not resolve names, and must not raise on what is half-typed: a missing part is an empty string or None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import Span, span

HEADERS = frozenset(
    f"{unit}_{style}_header"
    for unit in ("module", "interface", "program")
    for style in ("ansi", "nonansi")
)
UNITS = frozenset(("module_declaration", "interface_declaration", "program_declaration"))
UNIT_ENDS = frozenset(("endmodule", "endinterface", "endprogram"))


@dataclass(frozen=True, slots=True)
class ModuleDecl:
    """A module, interface or program."""

    keyword: str
    """"module", "macromodule", "interface" or "program"."""
    name: str
    span: Span
    """To its end keyword; without one, to the next header or the end of the text."""
    header: Span
    """To the semicolon after the ports."""
    focus: Span
    """The name."""


@dataclass(frozen=True, slots=True)
class PortConnection:
    """One connection of a port or parameter of an instance."""

    name: str
    """The port's name; empty in an ordered list and for `.*`."""
    value: str
    """What is connected, as written; empty for `.name`, `.name()` and `.*`."""
    span: Span
    is_wildcard: bool
    """`.*`."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance. A list of several of one module gives one each."""

    definition: str
    name: str
    parameters: tuple[PortConnection, ...]
    ports: tuple[PortConnection, ...]
    span: Span
    """The whole statement, from the definition's name to the semicolon."""
    definition_span: Span
    focus: Span
    """The instance's name."""


@dataclass(frozen=True, slots=True)
class AlwaysBlock:
    """An always procedure."""

    keyword: str
    """"always", "always_comb", "always_ff" or "always_latch"."""
    sensitivity: str
    """What stands after `@`, as written; empty if nothing does."""
    span: Span


def modules(tree: SyntaxTree) -> tuple[ModuleDecl, ...]:
    """Modules, interfaces and programs in text order, also those that are not closed."""
    found: list[ModuleDecl] = []
    headers = list(tree.walk(HEADERS))
    for index, header in enumerate(headers):
        parent = header.parent()
        end = parent.span.end if parent is not None and parent.kind in UNITS else -1
        if end < 0:
            following = (
                headers[index + 1].span.start if index + 1 < len(headers) else tree.text.size_bytes
            )
            end = _first_end(parent, header.span.end, following) if parent else following
        found.append(_module(header, end))
    return tuple(found)


def enclosing_module(tree: SyntaxTree, offset: int) -> ModuleDecl | None:
    """Innermost module, interface or program around *offset*; None at file scope.

    An offset on or right after the end keyword is still inside. One that isn't closed extends to the next
    header, or to the end of the text (our rule; the LRM has none).
    """
    around = [module for module in modules(tree) if module.span.contains(offset)]
    return min(around, key=lambda module: module.span.length, default=None)


def instances(tree: SyntaxTree) -> tuple[Instance, ...]:
    """Instances of modules, interfaces and programs in text order, of all units of the text."""
    return tuple(
        instance
        for node in tree.walk(frozenset(("module_instantiation",)))
        for instance in _instances_of(node)
    )


def always_blocks(tree: SyntaxTree) -> tuple[AlwaysBlock, ...]:
    """Always procedures in text order."""
    return tuple(_always(node) for node in tree.walk(frozenset(("always_construct",))))


def _first_end(parent: Node, low: int, high: int) -> int:
    """End of the first end keyword directly in *parent* between *low* and *high*; else *high*."""
    ends = (
        each.span.end
        for each in parent.children()
        if each.kind in UNIT_ENDS and low <= each.span.start < high
    )
    return next(ends, high)


def _module(header: Node, end: int) -> ModuleDecl:
    name = header.field("name")
    keyword = header.child("module_keyword", "interface", "program")
    return ModuleDecl(
        keyword=keyword.text if keyword else header.kind.partition("_")[0],
        name=name.text if name else "",
        span=span(header.span.start, end),
        header=header.span,
        focus=name.span if name else span(header.span.start, header.span.start),
    )


def _instances_of(node: Node) -> Iterator[Instance]:
    definition = node.field("instance_type") or node
    assignment = node.child("parameter_value_assignment")
    parameters = _connections(
        assignment.child("list_of_parameter_value_assignments") if assignment else None
    )
    for each in node.children():
        if each.kind != "hierarchical_instance":
            continue
        names = each.child("name_of_instance")
        name = names.field("instance_name") if names else None
        yield Instance(
            definition=definition.text,
            name=name.text if name else "",
            parameters=parameters,
            ports=_connections(each.child("list_of_port_connections")),
            span=node.span,
            definition_span=definition.span,
            focus=name.span if name else span(each.span.start, each.span.start),
        )


def _connections(connected: Node | None) -> tuple[PortConnection, ...]:
    """The connections of a list of ports or parameters."""
    if connected is None:
        return ()
    return tuple(
        _connection(each)
        for each in connected.children()
        if each.is_named and each.kind.endswith(("_connection", "_assignment"))
    )


def _connection(node: Node) -> PortConnection:
    if node.kind.startswith("ordered_"):
        return PortConnection("", node.text, node.span, is_wildcard=False)
    name = node.field("port_name") or node.child("simple_identifier", "escaped_identifier")
    if name is None:
        return PortConnection("", "", node.span, is_wildcard=".*" in node.text)
    # The value is what stands between the parentheses, whatever the grammar makes of it.
    _, opened, rest = node.text.partition("(")
    value = rest.rstrip().removesuffix(")").strip() if opened else ""
    return PortConnection(name.text, value, node.span, is_wildcard=False)


def _always(node: Node) -> AlwaysBlock:
    keyword = node.child("always_keyword")
    event = _first_event(node)
    return AlwaysBlock(
        keyword=keyword.text if keyword else "always",
        sensitivity=event.text.lstrip("@").strip() if event else "",
        span=node.span,
    )


def _first_event(node: Node) -> Node | None:
    """The event control that the procedure's own statement starts with; None if it starts otherwise."""
    at: Node | None = node.child("statement")
    while at is not None and at.kind != "procedural_timing_control_statement":
        at = at.child("statement_item", "procedural_timing_control_statement")
    return at.child("event_control") if at is not None else None
