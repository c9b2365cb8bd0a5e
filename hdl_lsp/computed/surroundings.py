"""What stands around an instance: the signals its ports may be connected to, other instances, loops.

Must not choose a connection (matching.py does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from hdl_lsp.computed.habits import (
    IDENTIFIER,
    Renaming,
    Sibling,
    port_habits,
    siblings,
    unit_at,
    value_of,
)
from hdl_lsp.computed.name_likeness import Likeness, instance_words, likeness
from hdl_lsp.computed.port_types import Fit, PortType, fit, port_type
from hdl_lsp.computed.signals import Signal, bound_unit, signals, signals_of
from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.semantics.summary import DeclKind, InstanceUse
from hdl_lsp.syntax.loops import LoopAround, loops_around
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import parameters_of


class State(Enum):
    """Whether a signal waits for the port."""

    FREE = auto()  # an output: nothing drives it yet
    DRIVEN = auto()
    UNREAD = auto()  # an input: it has a source, and nothing reads it yet
    READ = auto()
    NO_SOURCE = auto()
    UNKNOWN = auto()  # slang has not said, or the port is neither input nor output


@dataclass(frozen=True, slots=True)
class Wanted:
    """A port at one instance. `direction` is "" for interfaces."""

    name: str
    direction: str
    type: PortType


@dataclass(frozen=True, slots=True)
class Form:
    """One way to connect a signal: whole, or in a loop one element of it."""

    value: str
    signal: Signal
    fit: Fit
    state: State


@dataclass(frozen=True)
class Surroundings:
    """What all ports of one instance are matched against."""

    known: Mapping[str, Signal]
    around: frozenset[str]  # words of the instance's and its module's name
    siblings: Sequence[tuple[Sibling, Renaming]]
    by_port: Mapping[str, Counter[str]]
    overrides: Mapping[str, str]
    defaults: Mapping[str, str]
    loops: Sequence[LoopAround]
    taken: set[str] = field(default_factory=set[str])
    """What outputs of this instance drive; grows while its ports are connected in order."""
    found_forms: dict[str, tuple[Form, ...]] = field(default_factory=dict[str, tuple[Form, ...]])
    """forms() by port, for the port that is connected now."""

    def wanted(self, port: Declared) -> Wanted:
        """*port* with its type at this instance."""
        return Wanted(port.name, port.direction, port_type(port, self.overrides, self.defaults))

    def likeness(self, wanted: Wanted, signal: Signal) -> Likeness:
        """How *signal* is named after the port; the results of the module around are no inputs of an instance."""
        alike = likeness(wanted.name, signal.name, self.around)
        is_result = wanted.direction == "input" and signal.direction == "output"
        if is_result and Likeness.SAME < alike < Likeness.WIDER:
            return Likeness.WIDER
        return alike

    def forms(self, wanted: Wanted) -> tuple[Form, ...]:
        """Every way to connect the port that its type and direction allow."""
        if wanted.name not in self.found_forms:
            self.found_forms[wanted.name] = tuple(
                form for signal in self.known.values() for form in self._forms_of(signal, wanted)
            )
        return self.found_forms[wanted.name]

    def _forms_of(self, signal: Signal, wanted: Wanted) -> Iterator[Form]:
        if not _can_meet(signal, wanted) or (
            wanted.direction != "input" and signal.name in self.taken
        ):
            return
        state = state_of(signal, wanted.direction)
        is_outside = self.is_outside(signal)
        if not (is_outside and wanted.direction == "output"):
            whole = fit(signal, wanted.type)
            if whole is not Fit.OTHER:
                yield Form(signal.name, signal, whole, state)
        if is_outside and not signal.is_constant:
            element = fit(signal, wanted.type, 1)
            if element is not Fit.OTHER:
                yield Form(f"{signal.name}[{self.loops[0].variable}]", signal, element, state)

    def is_outside(self, signal: Signal) -> bool:
        """The instance is in a loop that *signal* is declared outside of: to drive it whole would be twice."""
        return bool(self.loops) and signal.start < self.loops[0].start

    def has_names_of(self, value: str) -> bool:
        """Every name in *value* is one of the signals."""
        names = {name for name in IDENTIFIER.findall(value) if name not in KEYWORDS}
        return names <= self.known.keys()


def _can_meet(signal: Signal, wanted: Wanted) -> bool:
    match wanted.direction:
        case "":
            return signal.kind is DeclKind.INSTANCE or (
                signal.kind is DeclKind.PORT and not signal.direction
            )
        case "input":
            return signal.kind is not DeclKind.INSTANCE
        case _:
            return signal.can_be_driven


def state_of(signal: Signal, direction: str) -> State:
    """Whether *signal* waits for a port of *direction*."""
    if signal.writes is None:
        return State.UNKNOWN
    match direction:
        case "output":
            return State.FREE if signal.is_undriven else State.DRIVEN
        case "input":
            if not signal.has_source:
                return State.NO_SOURCE
            return State.READ if signal.reads else State.UNREAD
        case _:
            return State.UNKNOWN


def surroundings(asked: Asked, unit: Declared, name: str, use: InstanceUse | None) -> Surroundings:
    """What stands around the instance *name* of *unit*; *use* is what the summary has of it so far."""
    snapshot, site = asked.snapshot, asked.site
    summary = snapshot.summary(site.file)
    bound = bound_unit(asked)
    typed = {c.name: value_of(c) for c in use.ports if c.name} if use else {}
    found: list[tuple[Sibling, Renaming]] = []
    for sibling in siblings(snapshot, site.file, site.offset, unit.name):
        pairs = [
            (value_of(c), typed[c.name])
            for c in sibling.use.ports
            if c.name in typed and value_of(c).isidentifier() and typed[c.name].isidentifier()
        ]
        found.append((sibling, Renaming([(sibling.use.name, name), *pairs])))
    return Surroundings(
        known=signals_of(asked.snapshot, bound) if bound else signals(asked),
        around=instance_words(name, unit.name),
        siblings=found,
        by_port=port_habits(summary, unit_at(summary, site.offset), site.offset),
        overrides={c.name: c.value_text for c in use.parameters if c.name} if use else {},
        defaults={
            p.name: p.decl.value_text for p in parameters_of(snapshot, unit) if p.decl is not None
        },
        loops=loops_around(site.text.data, site.offset),
    )
