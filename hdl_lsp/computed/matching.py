"""What is connected to one port: chosen by name, type, direction, drivers and habits, or nothing.

Must not write text (port_map.py does). A choice says what speaks for it; is_sure() holds what was right on real code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hdl_lsp.computed.habits import (
    IDENTIFIER,
    Renaming,
    Sibling,
    port_habits,
    siblings,
    unit_at,
    value_of,
)
from hdl_lsp.computed.name_likeness import Likeness, instance_words, likeness, stem_words, words
from hdl_lsp.computed.port_types import Fit, PortType, fit, port_type
from hdl_lsp.computed.signals import Signal, signals
from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.semantics.summary import DeclKind, InstanceUse
from hdl_lsp.syntax.loops import LoopAround, loops_around
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import parameters_of

_CLOCKS = frozenset({"clk", "clock", "rst", "reset", "ck", "rstn", "resetn", "aclk", "aresetn"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What is connected, "" for left open, what speaks for it, and whether that was enough on real code."""

    value: str
    why: str
    is_sure: bool


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
    taken: set[str] = field(default_factory=set[str])  # outputs of this instance drive these


def surroundings(asked: Asked, unit: Declared, name: str, use: InstanceUse | None) -> Surroundings:
    """What stands around the instance *name* of *unit*; *use* is what the summary has of it so far."""
    snapshot, site = asked.snapshot, asked.site
    summary = snapshot.summary(site.file)
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
        known=signals(asked),
        around=instance_words(name, unit.name),
        siblings=found,
        by_port=port_habits(summary, unit_at(summary, site.offset), site.offset),
        overrides={c.name: c.value_text for c in use.parameters if c.name} if use else {},
        defaults={
            p.name: p.decl.value_text for p in parameters_of(snapshot, unit) if p.decl is not None
        },
        loops=loops_around(site.text.data, site.offset),
    )


def choices(port: Declared, near: Surroundings) -> Iterator[Choice]:
    """Everything that speaks for something, strongest first; the caller takes the first that is sure."""
    wanted = port_type(port, near.overrides, near.defaults)
    direction = port.direction or "interface"
    yield from _as_siblings(port, direction, wanted, near)
    yield from _as_port_elsewhere(port, direction, wanted, near)
    yield from _by_name(port, direction, wanted, near)
    yield from _only_one_left(port, direction, wanted, near)


# -- other instances of the module


def _as_siblings(
    port: Declared, direction: str, wanted: PortType, near: Surroundings
) -> Iterator[Choice]:
    said: Counter[str] = Counter()
    first: dict[str, tuple[bool, bool]] = {}  # is near, is renamed
    total = 0
    for sibling, renaming in near.siblings:
        connection = next((c for c in sibling.use.ports if c.name == port.name), None)
        if connection is None:
            continue
        total += 1
        old = value_of(connection)
        new = renaming.applied(old)
        if not _exists(new, near, direction):
            continue
        said[new] += 1
        first.setdefault(new, (sibling.is_near, new != old))
    for value, count in said.most_common(1):
        is_near, is_renamed = first[value]
        signal = near.known.get(value)
        is_constant = not IDENTIFIER.search(value)
        typed = fit(signal, wanted) if signal else Fit.UNKNOWN
        driver = _driver(signal, direction)
        agree = count == total
        alike = likeness(port.name, value, near.around) if signal else Likeness.NONE
        if typed is Fit.OTHER:
            return
        if not value or (signal is None and is_constant):
            is_sure = is_near and agree and count > 1 and (bool(value) or not _has_free(port, near))
        elif signal is None:
            is_sure = is_renamed and agree and is_near and direction == "input"
        elif direction == "output":
            is_sure = driver == "free" or (driver == "?" and agree)
        elif direction == "input":
            is_sure = (agree and (count > 1 or driver == "src0" or alike <= Likeness.STAGE)) or (
                is_renamed and (driver == "src0" or (driver == "src" and typed is Fit.SAME))
            )
        else:
            is_sure = agree
        shape = "open" if not value else "plain" if signal else "const" if is_constant else "expr"
        yield Choice(
            value,
            f"sib:{direction}:{'near' if is_near else 'far'}:{'renamed' if is_renamed else 'kept'}:{shape}:"
            f"{'all' if agree else 'most'}{min(count, 3)}:{typed.value}:{driver}:{alike.name}",
            is_sure,
        )


def _has_free(port: Declared, near: Surroundings) -> bool:
    """Something that nothing drives is named after the output *port*."""
    return any(
        signal.is_undriven and likeness(port.name, signal.name, near.around) <= Likeness.INSTANCE
        for signal in near.known.values()
    )


def _exists(value: str, near: Surroundings, direction: str) -> bool:
    names = {n for n in IDENTIFIER.findall(value) if n not in KEYWORDS}
    if not names <= near.known.keys():
        return False
    signal = near.known.get(value)
    if direction == "output" and signal is not None:
        return value not in near.taken and signal.can_be_driven and not _is_outside(signal, near)
    return True


def _is_outside(signal: Signal, near: Surroundings) -> bool:
    """The instance is in a loop that the signal's declaration is outside of: driving it whole would be twice."""
    return bool(near.loops) and signal.start < near.loops[0].start


def _driver(signal: Signal | None, direction: str) -> str:
    if signal is None or signal.writes is None:
        return "?"
    if direction == "output":
        return "free" if signal.is_undriven else "driven"
    if direction == "input":
        return ("src" if signal.has_source else "nosrc") + ("" if signal.reads else "0")
    return "-"


# -- the same port of other modules


def _as_port_elsewhere(
    port: Declared, direction: str, wanted: PortType, near: Surroundings
) -> Iterator[Choice]:
    said = near.by_port.get(port.name)
    if not said or direction == "output":
        return
    (value, count), total = said.most_common(1)[0], sum(said.values())
    if not _exists(value, near, direction) or not value:
        return
    signal = near.known.get(value)
    if signal is None:
        return
    typed = fit(signal, wanted)
    if typed is Fit.OTHER:
        return
    agree = count == total
    alike = likeness(port.name, value, near.around)
    driver = _driver(signal, direction)
    is_clock = bool(_CLOCKS & set(words(port.name)))
    is_sure = agree and typed is Fit.SAME
    is_sure = is_sure and (
        (alike <= Likeness.STEM and (count > 1 or is_clock)) or (is_clock and count > 2)
    )
    yield Choice(
        value,
        f"port:{direction}:{'clk' if is_clock else '-'}:{'all' if agree else 'most'}{min(count, 3)}:{typed.value}:{driver}:{alike.name}",
        is_sure,
    )


# -- names


def _by_name(
    port: Declared, direction: str, wanted: PortType, near: Surroundings
) -> Iterator[Choice]:
    found: dict[Likeness, list[tuple[Signal, Fit, str]]] = {}
    for signal in near.known.values():
        for value, fits in _forms(signal, direction, wanted, near):
            alike = likeness(port.name, signal.name, near.around)
            if alike is Likeness.STEM and direction == "input" and signal.direction == "output":
                alike = Likeness.WIDER
            if alike is not Likeness.NONE:
                found.setdefault(alike, []).append((signal, fits, value))
    if not found:
        return
    best = min(found)
    everything = [one for group in found.values() for one in group]
    good = [one for one in found[best] if _driver(one[0], direction) in _GOOD]
    group = good or found[best]
    if len(group) > 1:
        group = [one for one in group if one[1] is Fit.SAME] or group
    signal, fits, value = group[0]
    driver = _driver(signal, direction)
    rivals = [
        (s, f)
        for s, f, v in everything
        if v != value and f is not Fit.OTHER and _driver(s, direction) in {"free", "src0"}
    ]
    close = [
        s
        for s in near.known.values()
        if s is not signal
        and not s.is_constant
        and likeness(port.name, s.name, near.around) <= Likeness.STAGE
    ]
    clocks = bool(_CLOCKS & set(words(port.name)))
    is_sure = False
    alone = len(group) == 1
    if direction == "output":
        is_sure = (driver == "free" or (driver == "?" and best is Likeness.SAME)) and alone
        is_sure = is_sure and fits is Fit.SAME
        if best is Likeness.WIDER:
            is_sure = is_sure and not rivals and len(stem_words(port.name)) > 1
        elif rivals:
            is_sure = is_sure and not close and signal.kind is not DeclKind.PORT
            is_sure = is_sure and best <= Likeness.STAGE
    elif direction == "input" and clocks:
        others = near.by_port.get(port.name)
        is_sure = alone and best is Likeness.SAME and not close
        is_sure = is_sure and (others is None or others[value] * 2 >= sum(others.values()))
    elif direction == "input":
        if driver == "src0":
            is_sure = alone and fits is Fit.SAME and best < Likeness.WIDER
        elif driver == "src":
            is_same = best is Likeness.SAME or (
                best is Likeness.STEM and signal.kind is DeclKind.PORT
            )
            is_sure = alone and not rivals and not close and is_same and fits is Fit.SAME
            is_sure = is_sure and value == signal.name
    elif direction == "interface":
        is_sure = alone and fits is Fit.SAME and best <= Likeness.STEM
    else:
        is_sure = alone and best <= Likeness.STEM
    kind = "const" if signal.is_constant else signal.kind.value + signal.direction
    yield Choice(
        value,
        f"name:{direction}:{'clk' if clocks else '-'}:{best.name}:{fits.value}:{driver}:{'one' if alone else 'many'}:"
        f"rivals{min(len(rivals), 2)}:close{min(len(close), 2)}:{kind}{':[]' if value != signal.name else ''}",
        is_sure,
    )


_GOOD = frozenset({"free", "src", "src0", "?", "-"})


def _forms(
    signal: Signal, direction: str, wanted: PortType, near: Surroundings
) -> Iterator[tuple[str, Fit]]:
    """How *signal* may be connected: whole, and in a loop one element of it."""
    if (direction == "interface") != (signal.kind is DeclKind.INSTANCE) and not (
        direction == "interface" and signal.kind is DeclKind.PORT and not signal.direction
    ):
        return
    if direction in {"output", "inout"} and (not signal.can_be_driven or signal.name in near.taken):
        return
    is_outside = _is_outside(signal, near)
    if not (is_outside and direction == "output"):
        whole = fit(signal, wanted)
        if whole is not Fit.OTHER:
            yield signal.name, whole
    if is_outside and not signal.is_constant:
        element = fit(signal, wanted, 1)
        if element is not Fit.OTHER:
            yield f"{signal.name}[{near.loops[0].variable}]", element


def _only_one_left(
    port: Declared, direction: str, wanted: PortType, near: Surroundings
) -> Iterator[Choice]:
    """The one signal of that type which nothing drives, or which nothing reads yet."""
    good = {"free"} if direction == "output" else {"src0"} if direction == "input" else set[str]()
    left = [
        (signal, value)
        for signal in near.known.values()
        if _driver(signal, direction) in good and not signal.is_constant
        for value, fits in _forms(signal, direction, wanted, near)
        if fits is Fit.SAME and value not in near.taken
    ]
    if len(left) == 1:
        signal, value = left[0]
        kind = signal.kind.value + signal.direction
        yield Choice(
            value,
            f"left:{direction}:{len(words(port.name))}:{kind}:{'[]' if value != signal.name else ''}",
            False,
        )
