"""What can be connected at a place: the signals and constants in scope, their widths, and who drives them.

Must not choose between them (matching.py does) and must not need facts: without them widths and drivers are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.names import units
from hdl_lsp.workspace.scopes import FILE_SCOPE, names_in, scope_chain
from hdl_lsp.workspace.snapshot import Snapshot

VALUES = frozenset(
    {
        DeclKind.PORT,
        DeclKind.NET,
        DeclKind.VARIABLE,
        DeclKind.PARAMETER,
        DeclKind.LOCALPARAM,
        DeclKind.GENVAR,
        DeclKind.INSTANCE,
    }
)
CONSTANTS = frozenset({DeclKind.PARAMETER, DeclKind.LOCALPARAM, DeclKind.GENVAR})
DRIVABLE = frozenset({DeclKind.NET, DeclKind.VARIABLE})

_BIND = re.compile(rb"\bbind\s+([A-Za-z_][\w$]*)\s*(?::[^;:]*)?\s*\Z")
_LOOK_BACK = 400  # bytes


@dataclass(frozen=True, slots=True)
class Signal:
    """A name that a value may be made of. `bit_width`, `writes` and `reads` are None while slang has not said."""

    name: str
    kind: DeclKind
    start: int  # offset of its declaration
    direction: str = ""  # of a port of the module around
    type_text: str = ""  # as written; of an instance its module or interface
    type_name: str = ""  # typedef's name, without its package
    bit_width: int | None = None
    value: str | None = None  # constants
    writes: int | None = None  # places that drive it, outputs of instances included
    reads: int | None = None

    @property
    def is_constant(self) -> bool:
        """A parameter, local parameter or genvar."""
        return self.kind in CONSTANTS

    @property
    def can_be_driven(self) -> bool:
        """An output may be connected to it."""
        return self.kind in DRIVABLE or (self.kind is DeclKind.PORT and self.direction != "input")

    @property
    def is_undriven(self) -> bool:
        """Nothing in this file drives it yet."""
        return self.can_be_driven and self.writes == 0

    @property
    def has_source(self) -> bool:
        """Something gives it a value: it is an input, a constant, or driven."""
        return self.is_constant or not self.can_be_driven or self.writes is None or self.writes > 0


def signals(asked: Asked) -> Mapping[str, Signal]:
    """The signals and constants around the cursor by name; the innermost declaration of a name counts."""
    site = asked.site
    summary = asked.snapshot.summary(site.file)
    found: dict[str, Signal] = {}
    chain = scope_chain(summary, site.offset)
    for scope in chain:
        for index in names_in(summary, scope):
            decl = summary.decls[index]
            if decl.name in found and not (decl.direction and not found[decl.name].direction):
                continue
            if decl.kind in VALUES and (scope != FILE_SCOPE or decl.kind in CONSTANTS):
                found[decl.name] = _written(decl)
    containers = {summary.decls[index].name for index in chain if index >= 0}
    if asked.facts is not None:
        path = asked.snapshot.path(site.file)
        found |= dict(_facts(asked.facts, path, found, containers))
    return found


def bound_unit(asked: Asked) -> Declared | None:
    """The module that the instance at the cursor is bound into: it sees that module's names (23.11)."""
    instance = asked.site.cursor.instance
    data = asked.site.text.data
    start = instance.span.start if instance else 0
    found = _BIND.search(data, max(0, start - _LOOK_BACK), start)
    if found is None:
        return None
    named = units(asked.snapshot, asked.site.file, found[1].decode("utf-8", "replace"))
    return named[0] if named else None


def signals_of(snapshot: Snapshot, unit: Declared) -> Mapping[str, Signal]:
    """The signals and constants of *unit* itself; what drives them is unknown."""
    if unit.file is None or unit.index is None:
        return {}
    summary = snapshot.summary(unit.file)
    decls = [summary.decls[index] for index in names_in(summary, unit.index)]
    return {decl.name: _written(decl) for decl in decls if decl.kind in VALUES}


def _written(decl: Decl) -> Signal:
    return Signal(
        name=decl.name,
        kind=decl.kind,
        start=decl.name_span.start,
        direction=decl.direction,
        type_text=decl.type_text or decl.definition,
        value=decl.value_text or None,
    )


def _facts(
    facts: FileFacts, path: str, known: Mapping[str, Signal], containers: set[str]
) -> Iterator[tuple[str, Signal]]:
    """What slang knows of the signals *known*, which may be of a text a few keys older."""
    best: dict[str, int] = {}
    for index, symbol in enumerate(facts.symbols):
        if symbol.path == path and symbol.name in known and symbol.container in containers | {""}:
            best.setdefault(symbol.name, index)
    numbers = set(best.values())
    writes: dict[int, int] = {}
    reads: dict[int, int] = {}
    for use in facts.references:
        if use.symbol in numbers and not use.is_declaration:
            counted = writes if use.is_write else reads
            counted[use.symbol] = counted.get(use.symbol, 0) + 1
    for name, index in best.items():
        symbol = facts.symbols[index]
        yield (
            name,
            replace(
                known[name],
                type_name=symbol.type_name.rpartition("::")[2],
                bit_width=symbol.bit_width,
                value=symbol.value or known[name].value,
                writes=writes.get(index, 0),
                reads=reads.get(index, 0),
            ),
        )
