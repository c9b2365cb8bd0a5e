"""The instance tree of an elaborated design, as far as it is asked for.

slang shares the bodies of equal instances; walking every path makes each anew (1.1 GB for the 32,800 instances
of OpenTitan's Earl Grey). So the tree is kept as a graph of the different bodies, and paths are only spelled.
Must not visit expressions.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pyslang import ast

from hdl_lsp.semantics.design_query import InstanceInfo, InstancePage
from hdl_lsp.semantics.locations import Locations
from hdl_lsp.semantics.values import value_text
from hdl_lsp.text.source import Span, span

MAX_VALUE_CHARS = 200
"""Parameter values longer than this are cut: ROM images are parameters too."""

SEGMENT = re.compile(r"\\[^ ]+ ?(?:\[[^\]]*\])*|[^.\\]+")
"""One name of a hierarchical path, with its indexes; an escaped one runs to the blank."""


@dataclass(frozen=True, slots=True)
class Child:
    """An instance inside a body. Without a body, nobody declares what it is an instance of."""

    name: str  # below the body: "gen_x[1].u_leaf"
    symbol: ast.InstanceSymbol | ast.UninstantiatedDefSymbol
    body: ast.InstanceBodySymbol | None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a path leads: an instance, and what is left of the path inside it."""

    path: str  # of the instance
    child: Child
    parents: tuple[Child, ...]  # from the top down, without the instance itself
    rest: str  # "" when the path is that of the instance


class DesignTree:
    """Instances by path, by body and by definition; made of a compilation whose diagnostics were asked for."""

    def __init__(self, compilation: ast.Compilation, locations: Locations) -> None:
        self._locations = locations
        # The stubs give `topInstances` a type that they do not define.
        tops = cast("Iterable[ast.InstanceSymbol]", compilation.getRoot().topInstances)
        self.tops = tuple(Child(top.name, top, _body(top)) for top in tops)
        self._children: dict[ast.InstanceBodySymbol, dict[str, Child]] = {}
        self._counts: dict[ast.InstanceBodySymbol, int] | None = None

    def children(self, body: ast.InstanceBodySymbol | None) -> dict[str, Child]:
        """Instances directly inside *body*, in the order of the text, by name."""
        if body is None:
            return {}
        known = self._children.get(body)
        if known is None:
            known = {}
            start = len(body.hierarchicalPath) + 1
            for symbol in _instances(body):
                name = symbol.hierarchicalPath[start:]
                inner = _body(symbol) if isinstance(symbol, ast.InstanceSymbol) else None
                known[name] = Child(name, symbol, inner)
            self._children[body] = known
        return known

    def bodies(self) -> tuple[ast.InstanceBodySymbol, ...]:
        """Every different body once, parents before children: a module comes once per set of parameters."""
        return tuple(self._paths_to())

    def count_of(self, body: ast.InstanceBodySymbol) -> int:
        """How many instances share *body*."""
        return self._paths_to().get(body, 0)

    def definition_counts(self) -> Counter[str]:
        """Number of instances by the name of their definition, tops included."""
        counts: Counter[str] = Counter()
        for body, count in self._paths_to().items():
            counts[body.definition.name] += count
        return counts

    def find(self, path: str) -> Found | None:
        """The innermost instance on *path*; None when not even the top is right."""
        segments = SEGMENT.findall(path)
        if not segments:
            return None
        here = next((top for top in self.tops if top.name == segments[0].strip()), None)
        if here is None:
            return None
        parents: list[Child] = []
        reached, taken = here.name, 1
        while True:
            name, inner = "", None
            for end in range(taken, len(segments)):
                name = ".".join(segments[taken : end + 1])
                inner = self.children(here.body).get(name)
                if inner is not None:
                    taken = end + 1
                    break
            if inner is None:
                return Found(reached, here, tuple(parents), ".".join(segments[taken:]))
            parents.append(here)
            here, reached = inner, f"{reached}.{name}"

    def paths_of(self, wanted: frozenset[ast.InstanceBodySymbol]) -> Iterator[tuple[str, Child]]:
        """Every path to one of the *wanted* bodies, in the order of the tree."""
        leading = self._leading_to(wanted)

        def below(path: str, child: Child) -> Iterator[tuple[str, Child]]:
            if child.body in wanted:
                yield path, child
            for inner in self.children(child.body).values():
                if inner.body in leading:
                    yield from below(f"{path}.{inner.name}", inner)

        for top in self.tops:
            if top.body in leading:
                yield from below(top.name, top)

    def bodies_of(self, definition: str) -> frozenset[ast.InstanceBodySymbol]:
        """The different bodies of one module, interface or program."""
        return frozenset(b for b in self._paths_to() if b.definition.name == definition)

    # --- pages ----------------------------------------------------------------------------------------------

    def page(self, path: str, start: int, limit: int) -> InstancePage:
        """Instances directly inside *path*; the tops for ""."""
        if not path:
            rows = [(top.name, top) for top in self.tops]
        else:
            found = self.find(path)
            if found is None or found.rest:
                return InstancePage((), start, 0, is_known=False)
            inside = self.children(found.child.body).values()
            rows = [(f"{found.path}.{child.name}", child) for child in inside]
        shown = rows[start : start + limit]
        return InstancePage(tuple(self.told(p, c) for p, c in shown), start, len(rows))

    def page_of(self, definition: str, start: int, limit: int) -> InstancePage:
        """Instances of *definition*."""
        wanted = self.bodies_of(definition)
        total = sum(self.count_of(body) for body in wanted)
        shown: list[InstanceInfo] = []
        for number, (path, child) in enumerate(self.paths_of(wanted)):
            if number >= start + limit:
                break
            if number >= start:
                shown.append(self.told(path, child))
        return InstancePage(tuple(shown), start, total, is_known=bool(total))

    def told(self, path: str, child: Child) -> InstanceInfo:
        """One instance in full."""
        symbol = child.symbol
        file, where = self.place(symbol)
        if isinstance(symbol, ast.UninstantiatedDefSymbol) or child.body is None:
            name = getattr(symbol, "definitionName", "")
            return InstanceInfo(
                child.name, name, path, "unknown", (), file, where, "", span(0, 0), 0
            )
        definition = symbol.definition
        definition_file, definition_span = self.place(definition)
        is_top = "." not in path and path == child.name and any(t is child for t in self.tops)
        if is_top:
            file, where = definition_file, definition_span
        return InstanceInfo(
            name=child.name,
            definition=definition.name,
            path=path,
            kind=definition.definitionKind.name.lower(),
            parameters=parameters(child.body),
            file=file,
            span=where,
            definition_file=definition_file,
            definition_span=definition_span,
            child_count=len(self.children(child.body)),
        )

    def place(self, symbol: ast.Symbol) -> tuple[str, Span]:
        """File and name of a declaration; ("", an empty span) when it is in no file."""
        name = symbol.name
        while (
            not name and symbol.parentScope is not None and isinstance(symbol, ast.InstanceSymbol)
        ):
            name = symbol.arrayName
        buffer, offset, is_verbatim = self._locations.written(symbol.location)
        length = len(name.encode()) * is_verbatim
        return self._locations.path(buffer) or "", span(offset, offset + length)

    # --- counting -------------------------------------------------------------------------------------------

    def _paths_to(self) -> dict[ast.InstanceBodySymbol, int]:
        """Every different body with the number of paths that lead to it, parents first."""
        if self._counts is None:
            order: list[ast.InstanceBodySymbol] = []
            seen: set[ast.InstanceBodySymbol] = set()
            # Depth first without recursion: a design may be deeper than Python's stack.
            for top in reversed(self.tops):
                if top.body is not None:
                    self._visit(top.body, seen, order)
            counts = dict.fromkeys(reversed(order), 0)
            for top in self.tops:
                if top.body is not None:
                    counts[top.body] += 1
            for body in counts:
                for child in self.children(body).values():
                    if child.body is not None:
                        counts[child.body] += counts[body]
            self._counts = counts
        return self._counts

    def _visit(
        self,
        start: ast.InstanceBodySymbol,
        seen: set[ast.InstanceBodySymbol],
        order: list[ast.InstanceBodySymbol],
    ) -> None:
        if start in seen:
            return
        seen.add(start)
        todo = [(start, self._inner(start))]
        while todo:
            body, inner = todo[-1]
            child = next((b for b in inner if b not in seen), None)
            if child is None:
                order.append(body)
                todo.pop()
                continue
            seen.add(child)
            todo.append((child, self._inner(child)))

    def _inner(self, body: ast.InstanceBodySymbol) -> Iterator[ast.InstanceBodySymbol]:
        inner = [c.body for c in self.children(body).values() if c.body is not None]
        return iter(inner[::-1])

    def _leading_to(
        self, wanted: frozenset[ast.InstanceBodySymbol]
    ) -> frozenset[ast.InstanceBodySymbol]:
        """The bodies from which one of *wanted* can be reached, those themselves included."""
        leading = set(wanted)
        for body in reversed(self.bodies()):
            if any(child.body in leading for child in self.children(body).values()):
                leading.add(body)
        return frozenset(leading)


def parameters(body: ast.InstanceBodySymbol) -> tuple[tuple[str, str], ...]:
    """Names and values of the parameters one can set."""
    found: list[tuple[str, str]] = []
    # A bare list in the stubs.
    for parameter in cast("list[object]", body.parameters):
        if isinstance(parameter, ast.ParameterSymbol) and not parameter.isLocalParam:
            text = value_text(parameter.value, parameter.type) or ""
        elif isinstance(parameter, ast.TypeParameterSymbol) and not parameter.isLocalParam:
            text = str(parameter.targetType.type)
        else:
            continue
        cut = text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"
        found.append((parameter.name, cut))
    return tuple(found)


def _body(instance: ast.InstanceSymbol) -> ast.InstanceBodySymbol:
    """The body that slang has elaborated for *instance*: its own, or that of an equal one."""
    return instance.canonicalBody or instance.body


HOLDERS = frozenset(
    {
        ast.InstanceSymbol,
        ast.UninstantiatedDefSymbol,
        ast.InstanceArraySymbol,
        ast.GenerateBlockSymbol,
        ast.GenerateBlockArraySymbol,
    }
)
"""Classes of members that are instances or hold some; one look-up passes over the million others of a big design."""


def _instances(
    scope: Iterable[ast.Symbol],
) -> list[ast.InstanceSymbol | ast.UninstantiatedDefSymbol]:
    """Instances in *scope* and in the generate blocks in it that are there."""
    found: list[ast.InstanceSymbol | ast.UninstantiatedDefSymbol] = []
    for symbol in scope:
        if type(symbol) not in HOLDERS:
            continue
        if isinstance(symbol, ast.InstanceSymbol | ast.UninstantiatedDefSymbol):
            found.append(symbol)
        elif isinstance(symbol, ast.InstanceArraySymbol):
            found += _instances(cast("Iterable[ast.Symbol]", symbol.elements))
        elif isinstance(symbol, ast.GenerateBlockSymbol):
            if not symbol.isUninstantiated:
                found += _instances(symbol)
        elif isinstance(symbol, ast.GenerateBlockArraySymbol):
            found += _instances(cast("Iterable[ast.Symbol]", symbol.entries))
    return found
