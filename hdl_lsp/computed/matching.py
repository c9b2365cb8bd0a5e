"""What is connected to one port: chosen by name, type, direction, drivers and habits, or nothing.

Must not write text (port_map.py does). The rules here are those that held on real code, measured with its port maps
taken out; what they cannot be sure of they leave to the user.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hdl_lsp.computed.habits import IDENTIFIER, value_of
from hdl_lsp.computed.name_likeness import Likeness, stem_words, words
from hdl_lsp.computed.port_types import Fit, fit
from hdl_lsp.computed.signals import Signal
from hdl_lsp.computed.surroundings import Form, State, Surroundings, Wanted, state_of
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.workspace.declared import Declared

_CLOCKS = frozenset({"clk", "clock", "rst", "reset", "ck", "rstn", "resetn", "aclk", "aresetn"})
_WAITING = frozenset({State.FREE, State.UNREAD})
_UNFIT = frozenset({State.DRIVEN, State.NO_SOURCE})


def choice(port: Declared, near: Surroundings) -> str | None:
    """What is connected to *port*, "" for left open; None where nothing is certain."""
    wanted = near.wanted(port)
    for source in (_as_siblings, _as_other_ports, _by_name, _only_one_left):
        value = source(wanted, near)
        if value is not None:
            return value
    return None


# -- other instances of the module


@dataclass(frozen=True, slots=True)
class _Said:
    """What most instances of the module connect, as it would be here."""

    value: str
    count: int
    is_agreed: bool  # all say so
    is_near: bool  # the nearest that says so is in this module
    is_renamed: bool  # it names something else there


def _as_siblings(wanted: Wanted, near: Surroundings) -> str | None:
    """What other instances of the module connect to this port, their names carried over."""
    said = _said(wanted, near)
    if said is None:
        return None
    signal = near.known.get(said.value)
    if signal is not None:
        return said.value if _is_signal_trusted(wanted, near, said, signal) else None
    is_repeated = said.is_near and said.is_agreed and said.count > 1
    if not said.value:
        return "" if is_repeated and not _has_free(wanted, near) else None
    if not IDENTIFIER.search(said.value):
        return said.value if is_repeated else None
    is_counterpart = said.is_renamed and said.is_agreed and said.is_near
    return said.value if is_counterpart else None


def _said(wanted: Wanted, near: Surroundings) -> _Said | None:
    said: Counter[str] = Counter()
    first: dict[str, tuple[bool, bool]] = {}
    total = 0
    for sibling, renaming in near.siblings:
        one = next((c for c in sibling.use.ports if c.name == wanted.name), None)
        if one is None:
            continue
        total += 1
        old = value_of(one)
        new = renaming.applied(old)
        if _can_stand(new, wanted, near):
            said[new] += 1
            first.setdefault(new, (sibling.is_near, new != old))
    for value, count in said.most_common(1):
        is_near, is_renamed = first[value]
        return _Said(value, count, count == total, is_near, is_renamed)
    return None


def _can_stand(value: str, wanted: Wanted, near: Surroundings) -> bool:
    signal = near.known.get(value)
    if signal is None or wanted.direction != "output":
        return near.has_names_of(value)
    return value not in near.taken and signal.can_be_driven and not near.is_outside(signal)


def _is_signal_trusted(wanted: Wanted, near: Surroundings, said: _Said, signal: Signal) -> bool:
    """The signal that others connect, or its counterpart, is right here too."""
    fits = fit(signal, wanted.type)
    state = state_of(signal, wanted.direction)
    if fits is Fit.OTHER:
        return False
    if wanted.direction == "output":
        return state is State.FREE or (state is State.UNKNOWN and said.is_agreed)
    if wanted.direction != "input":
        return said.is_agreed
    if state is State.UNREAD:
        return said.is_agreed or said.is_renamed
    is_last = fits is Fit.SAME and not (
        state is State.READ and _has_unread(wanted, near, said.value)
    )
    alike = near.likeness(wanted, signal)
    if said.is_renamed:
        is_named = alike is not Likeness.NONE and state is State.READ and is_last
        return said.is_near and (said.count > 1 or is_named)
    return said.is_agreed and (said.count > 1 or (alike <= Likeness.STAGE and is_last))


def _has_unread(wanted: Wanted, near: Surroundings, but: str) -> bool:
    """Another signal of the type, with a word in common, waits to be read: rather that than one already in use."""
    own = set(stem_words(wanted.name))
    return any(
        form.state is State.UNREAD
        and form.fit is Fit.SAME
        and form.value != but
        and form.signal.direction != "output"
        and not form.signal.is_constant
        and own & set(stem_words(form.signal.name))
        for form in near.forms(wanted)
    )


def _has_free(wanted: Wanted, near: Surroundings) -> bool:
    """Something that nothing drives is named after the output."""
    return any(
        signal.is_undriven and near.likeness(wanted, signal) <= Likeness.INSTANCE
        for signal in near.known.values()
    )


# -- the same port of other modules


def _as_other_ports(wanted: Wanted, near: Surroundings) -> str | None:
    """What all ports of this name in the module around are connected to: clocks, resets, flushes."""
    said = near.by_port.get(wanted.name)
    if not said or wanted.direction == "output" or len(said) > 1:
        return None
    (value, count) = said.most_common(1)[0]
    signal = near.known.get(value)
    if signal is None or fit(signal, wanted.type) is not Fit.SAME:
        return None
    alike = near.likeness(wanted, signal)
    if _is_clock(wanted):
        return value if alike <= Likeness.STEM or count > 2 else None
    return value if alike <= Likeness.STEM and count > 1 else None


def _is_clock(wanted: Wanted) -> bool:
    return bool(_CLOCKS & set(words(wanted.name)))


# -- names


@dataclass(frozen=True, slots=True)
class _Best:
    """The form whose name is most like the port's, and what else could have been meant."""

    form: Form
    alike: Likeness
    has_rival: bool  # another one, less alike, waits for a port
    has_double: bool  # another signal has almost the same name


def _by_name(wanted: Wanted, near: Surroundings) -> str | None:
    """The one signal that is named after the port and fits it."""
    best = _best(wanted, near)
    if best is None:
        return None
    match wanted.direction:
        case "output":
            is_sure = _is_sure_output(wanted, best)
        case "input" if _is_clock(wanted):
            is_sure = _is_sure_clock(wanted, near, best)
        case "input":
            is_sure = _is_sure_input(wanted, near, best)
        case "":
            is_sure = best.form.fit is Fit.SAME and best.alike <= Likeness.STEM
        case _:
            is_sure = best.alike <= Likeness.STEM
    return best.form.value if is_sure else None


def _best(wanted: Wanted, near: Surroundings) -> _Best | None:
    """None where no name is like the port's, or where several are equally."""
    found: list[tuple[Likeness, Form]] = []
    for form in near.forms(wanted):
        alike = near.likeness(wanted, form.signal)
        if alike is not Likeness.NONE:
            found.append((alike, form))
    if not found:
        return None
    alike = min(one for one, _ in found)
    group: Sequence[Form] = [form for one, form in found if one is alike]
    group = [form for form in group if form.state not in _UNFIT] or group
    if len(group) > 1:
        group = [form for form in group if form.fit is Fit.SAME]
    if len(group) != 1:
        return None
    form = group[0]
    has_rival = any(o.value != form.value and o.state in _WAITING for _, o in found)
    has_double = any(
        signal is not form.signal
        and not signal.is_constant
        and near.likeness(wanted, signal) <= Likeness.STAGE
        for signal in near.known.values()
    )
    return _Best(form, alike, has_rival, has_double)


def _is_sure_output(wanted: Wanted, best: _Best) -> bool:
    form = best.form
    is_known = form.state is State.FREE or (
        form.state is State.UNKNOWN and best.alike is Likeness.SAME
    )
    if not is_known or form.fit is not Fit.SAME:
        return False
    if best.alike is Likeness.SAME and form.state is State.FREE:
        return True
    if best.alike is Likeness.WIDER:
        return not best.has_rival and len(stem_words(wanted.name)) > 1
    if best.has_rival:
        is_own = not best.has_double and form.signal.kind is not DeclKind.PORT
        return is_own and best.alike <= Likeness.STAGE
    return True


def _is_sure_clock(wanted: Wanted, near: Surroundings, best: _Best) -> bool:
    said = near.by_port.get(wanted.name)
    is_usual = said is None or said[best.form.value] * 2 >= sum(said.values())
    is_only = not best.has_double and not best.has_rival
    return best.alike is Likeness.SAME and is_only and is_usual


def _is_sure_input(wanted: Wanted, near: Surroundings, best: _Best) -> bool:
    form = best.form
    if form.fit is not Fit.SAME:
        return False
    match form.state:
        case State.UNREAD:
            return best.alike < Likeness.WIDER
        case State.UNKNOWN:
            return best.alike is Likeness.SAME
        case State.READ:
            is_named = best.alike is Likeness.SAME or (
                best.alike is Likeness.STEM and form.signal.kind is DeclKind.PORT
            )
            is_only = not best.has_rival and not best.has_double
            is_whole = form.value == form.signal.name
            is_last = is_whole and not _has_unread(wanted, near, form.value)
            return is_named and is_only and is_last and not _is_contradicted(wanted, near, best)
        case _:
            return False


def _is_contradicted(wanted: Wanted, near: Surroundings, best: _Best) -> bool:
    """Instances of the same module in the module around connect the port, and none of them to this."""
    said = {
        renaming.applied(value_of(one))
        for sibling, renaming in near.siblings
        for one in sibling.use.ports
        if sibling.is_near and one.name == wanted.name
    }
    return bool(said) and best.form.value not in said


# -- what is left


def _only_one_left(wanted: Wanted, near: Surroundings) -> str | None:
    """The one signal of the port's type that waits for a port of this direction, if their names share a word."""
    left = [
        form
        for form in near.forms(wanted)
        if form.state in _WAITING and form.fit is Fit.SAME and not form.signal.is_constant
    ]
    if len(left) != 1 or len(words(wanted.name)) < 2:
        return None
    signal = left[0].signal
    is_shared = bool(set(stem_words(wanted.name)) & set(stem_words(signal.name)))
    is_port = wanted.direction == "input" and signal.kind is DeclKind.PORT
    return left[0].value if is_shared and not is_port else None
