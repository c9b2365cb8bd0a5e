"""The walk's book-keeping: which name means which symbols, and which places are one and the same symbol.

Must not know syntax, scopes or expressions.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pyslang
from pyslang import ast

from hdl_lsp.semantics.truth.record import DesignTruth, Place, TruthName, TruthSymbol

MACRO_DEPTH = 64  # macro arguments inside macro arguments; deeper ones are not followed


@dataclass(slots=True)
class _Entry:
    """One declared thing under the place of its name."""

    name: str
    kinds: set[str] = field(default_factory=set[str])
    widths: set[int] = field(default_factory=set[int])
    direction: str = ""


@dataclass(slots=True)
class _Use:
    name: str
    category: str
    places: dict[Place, None] = field(default_factory=dict[Place, None])


class Ledger:
    """What the walk has found. A place in a macro's body is no place: nothing is noted for it."""

    def __init__(self, manager: pyslang.SourceManager) -> None:
        self._manager = manager
        self._paths: dict[int, str] = {}
        self._texts: dict[str, bytes] = {}
        self._entries: dict[Place, _Entry] = {}
        self._uses: dict[Place, _Use] = {}
        self._same: dict[Place, Place] = {}
        self.unresolved: dict[Place, str] = {}

    def path(self, buffer: pyslang.BufferID) -> str:
        """Absolute path of a file's buffer; "" for texts that are no file."""
        known = self._paths.get(buffer.id)
        if known is None:
            full = str(self._manager.getFullPath(buffer))
            known = os.path.normpath(full) if full and Path(full).is_file() else ""
            self._paths[buffer.id] = known
        return known

    def text(self, path: str) -> bytes:
        """The bytes of the file at *path*."""
        known = self._texts.get(path)
        if known is None:
            known = self._texts[path] = Path(path).read_bytes()
        return known

    def place(self, location: pyslang.SourceLocation) -> Place | None:
        """Where in a file the characters at *location* are written; None for what a macro's body made."""
        for _ in range(MACRO_DEPTH):
            if not self._manager.isMacroLoc(location):
                path = self.path(location.buffer)
                return (path, location.offset) if path else None
            if not self._manager.isMacroArgLoc(location):
                return None
            location = self._manager.getOriginalLoc(location)
        return None

    def is_at(self, place: Place, name: str) -> bool:
        """*name* is really written at *place*."""
        return self.text(place[0]).startswith(name.encode(), place[1]) and bool(name)

    def symbol(self, symbol: ast.Symbol) -> Place | None:
        """The place of a symbol's declaration, noted with its kind and type; None when it is in no file."""
        if isinstance(symbol, ast.TransparentMemberSymbol):
            symbol = symbol.wrapped
        elif isinstance(symbol, ast.InstanceBodySymbol):
            symbol = symbol.definition
        place = self.place(symbol.location)
        if place is None or not self.is_at(place, symbol.name):
            return None
        entry = self._entries.setdefault(place, _Entry(symbol.name))
        entry.kinds.add(symbol.kind.name)
        if isinstance(symbol, ast.PortSymbol | ast.FormalArgumentSymbol | ast.ModportPortSymbol):
            entry.direction = symbol.direction.name
        type_ = (
            symbol.type
            if isinstance(symbol, ast.ValueSymbol | ast.PortSymbol)
            else symbol
            if isinstance(symbol, ast.TypeAliasType)
            else None
        )
        if type_ is not None and type_.isIntegral and not type_.isError:
            entry.widths.add(int(type_.bitWidth))
        return place

    def written(self, place: Place, name: str, kind: str) -> None:
        """Notes a declaration that has no symbol: a macro, a label."""
        self._entries.setdefault(place, _Entry(name)).kinds.add(kind)

    def is_named(self, place: Place) -> bool:
        """Something is known about the name at *place*."""
        return place in self._uses

    def use(self, place: Place, name: str, category: str, target: Place) -> None:
        """The name at *place* means what is declared at *target*."""
        use = self._uses.setdefault(place, _Use(name, category))
        use.places.setdefault(target)

    def refer(self, place: Place | None, symbol: ast.Symbol | None, category: str) -> bool:
        """The name at *place* means *symbol*; false when one of them is nowhere in a file."""
        if place is None or symbol is None or not self.is_at(place, symbol.name):
            return False
        target = self.symbol(symbol)
        if target is None:
            return False
        self.use(place, symbol.name, category, target)
        return True

    def same(self, one: Place | None, other: Place | None) -> None:
        """Both places declare one and the same thing."""
        if one is not None and other is not None:
            first, second = self._root(one), self._root(other)
            if first != second:
                self._same[second] = first

    def _root(self, place: Place) -> Place:
        while place in self._same:
            place = self._same[place]
        return place

    def truth(self) -> DesignTruth:
        """Everything that was noted."""
        members: dict[Place, list[Place]] = {}
        for place in self._entries:
            members.setdefault(self._root(place), []).append(place)
        numbers: dict[Place, int] = {}
        symbols: list[TruthSymbol] = []
        for root, places in members.items():
            entries = [self._entries[place] for place in places]
            numbers[root] = len(symbols)
            symbols.append(
                TruthSymbol(
                    name=entries[0].name,
                    kinds=frozenset(kind for entry in entries for kind in entry.kinds),
                    places=frozenset(places),
                    widths=frozenset(width for entry in entries for width in entry.widths),
                    direction=next((e.direction for e in entries if e.direction), ""),
                )
            )
        names: dict[str, list[TruthName]] = {}
        for (path, start), use in self._uses.items():
            meant = dict.fromkeys(
                numbers[self._root(p)] for p in use.places if self._root(p) in numbers
            )
            if meant:
                names.setdefault(path, []).append(
                    TruthName(start, use.name, use.category, tuple(meant))
                )
        unresolved: dict[str, dict[int, str]] = {}
        for (path, start), syntax in self.unresolved.items():
            if (path, start) not in self._uses:
                unresolved.setdefault(path, {})[start] = syntax
        return DesignTruth(
            names={path: tuple(sorted(n, key=lambda one: one.start)) for path, n in names.items()},
            symbols=tuple(symbols),
            unresolved=unresolved,
        )
