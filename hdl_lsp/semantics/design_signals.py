"""One signal of an elaborated design: what drives it and what reads it, through ports one level up and down.

Must run in an analysis process only. Signals are looked for where they can be named: in their module, in its
parent (port connections, `u_x.signal`), and, for those of an interface, in the modules that it is connected to.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyslang import ast

from hdl_lsp.semantics.design_query import SignalAnswer, SignalOf, Site, SiteKind
from hdl_lsp.semantics.design_sites import Scan
from hdl_lsp.semantics.design_tree import Child, Found
from hdl_lsp.semantics.design_values import declared_at, meaning
from hdl_lsp.semantics.elaborated import Elaborated

MAX_INTERFACE_LEVELS = 8
"""Modules below each other through which an interface is followed."""

NOTHING = SignalAnswer("")


@dataclass(frozen=True, slots=True)
class _Signal:
    """A signal in one instance."""

    found: Found  # the instance; `rest` is the signal's path in it
    symbol: ast.ValueSymbol

    @property
    def path(self) -> str:
        """Hierarchical path."""
        return f"{self.found.path}.{self.found.rest}"


def signal_at(design: Elaborated, question: SignalOf) -> SignalAnswer:
    """What is known of the signal asked for, its cone included."""
    signal = _located(design, question)
    if signal is None:
        return NOTHING
    drivers, loads = _sites(design, signal)
    file, where = design.tree.place(signal.symbol)
    type_text, width, value = meaning(signal.symbol) or ("", None, None)
    driving = _cone(design, signal, drivers, question, is_driving=True)
    reading = _cone(design, signal, loads, question, is_driving=False)
    return SignalAnswer(
        path=signal.path,
        kind=signal.symbol.kind.name.lower(),
        type_text=type_text,
        bit_width=width,
        value=value,
        file=file,
        span=where,
        drivers=tuple(driving[: question.limit]),
        loads=tuple(reading[: question.limit]),
        is_cut=len(driving) > question.limit or len(reading) > question.limit,
    )


def _located(design: Elaborated, question: SignalOf) -> _Signal | None:
    tree = design.tree
    if question.signal:
        return _on_path(design, question.signal)
    bodies = [b for b in tree.bodies() if tree.place(b.definition)[0] == question.file]
    chosen = tree.find(question.instance) if question.instance else None
    if chosen is not None and chosen.child.body in bodies and chosen.child.body is not None:
        bodies = [chosen.child.body]
    for body in bodies:
        for symbol in declared_at(design, body, "", question.file, question.offset):
            if not isinstance(symbol, ast.ValueSymbol):
                continue
            rest = symbol.hierarchicalPath[len(body.hierarchicalPath) + 1 :]
            if chosen is not None and body is chosen.child.body:
                path = chosen.path
            else:
                path = next((p for p, _ in tree.paths_of(frozenset({body}))), "")
            found = tree.find(path)
            if found is not None:
                return _Signal(replace(found, rest=rest), symbol)
    return None


def _on_path(design: Elaborated, path: str) -> _Signal | None:
    found = design.tree.find(path)
    if found is None or not found.rest or found.child.body is None:
        return None
    body = found.child.body
    symbol = body.lookupName(found.rest)
    inside = f"{body.hierarchicalPath}.{found.rest}"
    if not isinstance(symbol, ast.ValueSymbol) or symbol.hierarchicalPath != inside:
        return None
    return _Signal(found, symbol)


def _cone(
    design: Elaborated, start: _Signal, first: list[Site], question: SignalOf, *, is_driving: bool
) -> list[Site]:
    """*first* and, level by level, what drives (or reads) the signals behind it; every place once."""
    told = {site: site for site in first}
    seen = {start.path}
    edge = first
    for level in range(2, question.depth + 1):
        names = dict.fromkeys(name for site in edge for name in site.through)
        edge = []
        for name in names:
            if name in seen or len(told) > question.limit:
                continue
            seen.add(name)
            signal = _on_path(design, name)
            if signal is None:
                continue
            for site in _sites(design, signal)[0 if is_driving else 1]:
                if site not in told:
                    told[site] = replace(site, level=level)
                    edge.append(told[site])
    return list(told.values())


def _sites(design: Elaborated, signal: _Signal) -> tuple[list[Site], list[Site]]:
    """Drivers and loads of one signal, each once, in the order of the text."""
    found, symbol = signal.found, signal.symbol
    body = found.child.body
    assert body is not None
    scan = Scan(design, found.path, body, symbol)
    scan.scope(body)
    parent = found.parents[-1] if found.parents else None
    if parent is None or parent.body is None:
        _top_port(scan, body, symbol)
    else:
        above = found.path[: -len(found.child.name) - 1]
        outside = Scan(design, above, parent.body, symbol, found.child.name)
        outside.scope(parent.body)
        _port_above(outside, found.child, symbol)
        scan.drivers += outside.drivers
        scan.loads += outside.loads
        if isinstance(found.child.symbol, ast.InstanceSymbol) and found.child.symbol.isInterface:
            through = _Interface(design, symbol, scan)
            through.follow(above, parent.body, found.child.name, 0)
    return _ordered(scan.drivers), _ordered(scan.loads)


def _ordered(sites: Iterable[Site]) -> list[Site]:
    return sorted(dict.fromkeys(sites), key=lambda s: (s.instance, s.file, s.span))


def _port_of(body: ast.InstanceBodySymbol, symbol: ast.ValueSymbol) -> ast.PortSymbol | None:
    for port in body.portList:
        if isinstance(port, ast.PortSymbol) and port.internalSymbol == symbol:
            return port
    return None


def _top_port(scan: Scan, body: ast.InstanceBodySymbol, symbol: ast.ValueSymbol) -> None:
    """The world outside drives a top's inputs and reads its outputs."""
    port = _port_of(body, symbol)
    if port is None:
        return
    site = scan.declaration(SiteKind.TOP_PORT, symbol)
    if port.direction is not ast.ArgumentDirection.Out:
        scan.drivers.append(site)
    if port.direction is not ast.ArgumentDirection.In:
        scan.loads.append(site)


def _port_above(outside: Scan, child: Child, symbol: ast.ValueSymbol) -> None:
    """What the parent connects to the port that *symbol* is."""
    if child.body is None or not isinstance(child.symbol, ast.InstanceSymbol):
        return
    port = _port_of(child.body, symbol)
    if port is None:
        return
    for connection in child.symbol.portConnections:
        expression = connection.expression
        if connection.port.name == port.name and isinstance(expression, ast.Expression):
            site = outside.connection(expression)
            if port.direction is not ast.ArgumentDirection.Out:
                outside.drivers.append(site)
            if port.direction is not ast.ArgumentDirection.In:
                outside.loads.append(site)


@dataclass(slots=True)
class _Interface:
    """Follows one interface instance into the modules that it is connected to."""

    design: Elaborated
    symbol: ast.ValueSymbol
    into: Scan

    def follow(self, path: str, body: ast.InstanceBodySymbol, name: str, level: int) -> None:
        """*name*: what the interface is called in *body*: an instance on level 0, a port below."""
        if level == MAX_INTERFACE_LEVELS:
            return
        for child in self.design.tree.children(body).values():
            if child.body is None or not isinstance(child.symbol, ast.InstanceSymbol):
                continue
            for connection in child.symbol.portConnections:
                if not isinstance(connection.port, ast.InterfacePortSymbol):
                    continue
                if not self._is_meant(connection, body, name, level):
                    continue
                port = connection.port.name
                below = f"{path}.{child.name}"
                scan = Scan(self.design, below, child.body, self.symbol, port)
                scan.scope(child.body)
                self.into.drivers += scan.drivers
                self.into.loads += scan.loads
                self.follow(below, child.body, port, level + 1)

    def _is_meant(
        self, connection: ast.PortConnection, body: ast.InstanceBodySymbol, name: str, level: int
    ) -> bool:
        """The connection gives our interface to a port.

        Below the first level slang knows only the interface of one of several equal instances: there
        the name of the port that is handed on decides.
        """
        if level == 0:
            given, _ = connection.ifaceConn
            own = f"{body.hierarchicalPath}.{name}"
            return given is not None and given.hierarchicalPath == own
        expression = connection.expression
        text = self.into.text_of(expression) if expression is not None else ""
        return text == name or text.startswith((f"{name}.", f"{name}["))
