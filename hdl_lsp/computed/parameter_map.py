"""The parameters that an instance overrides: those of the same name in scope, and what other instances set.

Must not guess numbers: a parameter that nobody sets alike and that has no namesake here keeps its default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hdl_lsp.computed.habits import IDENTIFIER, Renaming, Sibling, siblings, value_of
from hdl_lsp.computed.name_likeness import words
from hdl_lsp.computed.open_list import inserted, open_list
from hdl_lsp.computed.signals import Signal, signals
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import parameters_of
from hdl_lsp.workspace.names import resolve, units

RULE = "parameter map"

_NEAREST = 3
"""Instances of this module right around the cursor; what they all set counts even if others set something else."""
_ENOUGH = 2  # instances elsewhere that agree


def parameter_map(asked: Asked) -> tuple[Computed, ...]:
    """The remaining overrides at a cursor inside `#(`; () unless at least one is certain."""
    instance = asked.site.cursor.instance
    if instance is None or not instance.is_in_parameters or not instance.name:
        return ()  # overrides without an instance's name after them would be an error more
    found = open_list(asked)
    if found is None or (instance.argument0 and not instance.connected_parameters):
        return ()
    unit = next(iter(units(asked.snapshot, asked.site.file, instance.definition)), None)
    if unit is None:
        return ()
    typed = found.typed.lstrip(".").strip()
    declared = parameters_of(asked.snapshot, unit)
    free = [p for p in declared if p.name not in instance.connected_parameters]
    start = next((n for n, p in enumerate(free) if p.name.startswith(typed)), len(free))
    pairs, is_whole = _overrides(asked, unit, instance.name, free[start:])
    if not pairs:
        return ()
    names = [*instance.connected_parameters, *(name for name, _ in pairs)]
    text = inserted(found, pairs, names, is_whole=is_whole)
    return (Computed(text, RULE),) if text else ()


def _overrides(
    asked: Asked, unit: Declared, name: str, free: Sequence[Declared]
) -> tuple[list[tuple[str, str]], bool]:
    """Names and values up to the first parameter of which nothing is known, and whether there is none such."""
    known = signals(asked)
    constants: dict[tuple[str, ...], list[str]] = {}
    for signal in known.values():
        if signal.is_constant:
            constants.setdefault(words(signal.name), []).append(signal.name)
    near = siblings(asked.snapshot, asked.site.file, asked.site.offset, unit.name)
    renamed = [(one, Renaming([(one.use.name, name)] if name else [])) for one in near]
    pairs: list[tuple[str, str]] = []
    for parameter in free:
        said = [_said(parameter.name, one, renaming) for one, renaming in renamed]
        value = _chosen(asked, parameter.name, said, known, constants)
        if value is None:
            return pairs, False
        if value:
            pairs.append((parameter.name, value))
    return pairs, True


def _said(name: str, sibling: Sibling, renaming: Renaming) -> tuple[str, bool]:
    """What a sibling sets the parameter *name* to, "" where it does not; and whether it stands in this module."""
    one = next((c for c in sibling.use.parameters if c.name == name), None)
    return "" if one is None else renaming.applied(value_of(one)), sibling.is_near


def _chosen(
    asked: Asked,
    name: str,
    said: Sequence[tuple[str, bool]],
    known: Mapping[str, Signal],
    constants: Mapping[tuple[str, ...], Sequence[str]],
) -> str | None:
    """The value; "" to leave the parameter alone; None where that is not known."""
    namesake = _namesake(asked, name, known, constants)
    values = {value for value, _ in said}
    nearest = [value for value, is_near in said[:_NEAREST] if is_near]
    if len(nearest) > 1 and len(set(nearest)) == 1 and (nearest[0] or not namesake):
        return nearest[0] if _exists(nearest[0], known) else None
    if namesake:
        return namesake if not values or namesake in values else None
    if len(values) == 1 and len(said) >= _ENOUGH and _exists(said[0][0], known):
        return said[0][0]
    return None


def _exists(value: str, known: Mapping[str, Signal]) -> bool:
    return all(n in known for n in IDENTIFIER.findall(value) if n not in KEYWORDS)


def _namesake(
    asked: Asked,
    name: str,
    known: Mapping[str, Signal],
    constants: Mapping[tuple[str, ...], Sequence[str]],
) -> str:
    """The parameter or type in scope that is called *name*, or so but for upper and lower case; "" if none is."""
    if name in known:
        return name if known[name].is_constant else ""
    site = asked.site
    found = resolve(asked.snapshot, site.file, site.offset, name)
    if found and found[0].kind == DeclKind.TYPEDEF.value:
        return name
    alike = constants.get(words(name), ())
    return alike[0] if len(alike) == 1 else ""
