"""Whether a signal fits a port: their types and widths, as far as they can be told from text and facts.

Must not elaborate: a width that hangs on more than plain parameters is unknown, and fits everything.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.computed.signals import Signal
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.members import type_name
from hdl_lsp.workspace.written import bare_type

_RANGE = re.compile(r"\[([^\[\]:]+):([^\[\]:]+)\]")
_DIMENSION = re.compile(r"\[[^\[\]]*\]")
_TERM = re.compile(r"\s*(?:(?P<number>\d+)|(?P<name>[A-Za-z_]\w*))\s*(?P<sign>[-+*]?)")
_LITERAL = re.compile(r"(?:\d*'s?(?P<base>[dhb]))?(?P<digits>[0-9a-fA-F_]+)")
_BASES = {"d": 10, "h": 16, "b": 2, None: 10}
_ONE_BIT = frozenset({"", "logic", "wire", "reg", "bit", "tri"})
_NOISE = re.compile(r"\b(?:input|output|inout|ref|var|wire|tri|reg|logic|bit|signed|unsigned)\b")
_INTEGERS = {"int": 32, "integer": 32, "byte": 8, "shortint": 16, "longint": 64}
_LONGEST_CHAIN = 4  # parameters that are defined by parameters


class Fit(Enum):
    """How a signal's type goes with a port's."""

    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PortType:
    """The type of a port at one instance."""

    name: str  # typedef or interface, without package; "" for plain vectors
    bit_width: int | None
    dimensions: str  # as written, names of overridden parameters replaced
    count: int  # of dimensions, packed and unpacked


def port_type(
    port: Declared, overrides: Mapping[str, str], defaults: Mapping[str, str]
) -> PortType:
    """The type of *port*, whose module's parameters have the values *overrides*, else *defaults*, as written."""
    text = bare_type(port)
    name = (type_name(text) or ("",))[-1]
    found = _DIMENSION.findall(text)
    dimensions = "".join(found)
    for parameter, value in overrides.items():
        dimensions = re.sub(rf"\b{re.escape(parameter)}\b", value, dimensions)
    values = {**defaults, **overrides}
    width = None if name else _width(text, values)
    return PortType(name, width, "".join(dimensions.split()), len(found))


def number(text: str, values: Mapping[str, str], depth: int = _LONGEST_CHAIN) -> int | None:
    """The value of a sum or product of numbers and parameters, read from the left; None for everything else."""
    literal = _LITERAL.fullmatch(text.strip())
    if literal and (text.strip()[0].isdigit() or literal["base"]):
        try:
            return int(literal["digits"].replace("_", ""), _BASES[literal["base"]])
        except ValueError:
            return None
    total, at, sign = 0, 0, "+"
    while at < len(text) or sign:
        term = _TERM.match(text, at)
        if term is None or depth == 0:
            return None
        if term["number"]:
            value: int | None = int(term["number"])
        else:
            meaning = values.get(term["name"])
            value = None if meaning is None else number(meaning, values, depth - 1)
        if value is None or (sign == "*" and at and "+" in text[:at]):
            return None
        total = {"+": total + value, "-": total - value, "*": total * value}[sign]
        at, sign = term.end(), term["sign"]
        if not sign:
            return total if at >= len(text.rstrip()) else None
    return total


def fit(signal: Signal, port: PortType, taken_off: int = 0) -> Fit:
    """How *signal*, with *taken_off* dimensions selected away, goes with a port of *port*."""
    written, dimensions = _parts(signal.type_text)
    held = signal.type_name or written
    if signal.is_constant:
        return Fit.UNKNOWN if not taken_off else Fit.OTHER
    if len(dimensions) < taken_off:
        return Fit.OTHER
    if port.name:
        if held != port.name:
            return Fit.UNKNOWN
        return Fit.SAME if len(dimensions) - taken_off == port.count else Fit.OTHER
    if not taken_off and port.bit_width is not None and signal.bit_width is not None:
        return Fit.SAME if port.bit_width == signal.bit_width else Fit.OTHER
    if held:
        return Fit.UNKNOWN
    if len(dimensions) - taken_off != port.count:
        return Fit.OTHER
    return Fit.SAME if "".join(dimensions[taken_off:]) == port.dimensions else Fit.UNKNOWN


@functools.lru_cache(maxsize=4_096)
def _parts(type_text: str) -> tuple[str, tuple[str, ...]]:
    """The user-defined name in a type as written, without its package, and its dimensions without blanks."""
    name = (type_name(type_text) or ("",))[-1]
    return name, tuple("".join(one.split()) for one in _DIMENSION.findall(type_text))


def _width(text: str, values: Mapping[str, str]) -> int | None:
    """Bits of a vector type as written; None where its bounds are not plain, or it is unpacked."""
    bare = _DIMENSION.sub(" ", text).strip()
    width = _INTEGERS.get(bare, 1)
    if bare not in _INTEGERS and _NOISE.sub("", bare).strip():
        return None
    for dimension in _DIMENSION.findall(text):
        bounds = _RANGE.fullmatch(dimension)
        if bounds is None:
            return None
        left, right = number(bounds[1], values), number(bounds[2], values)
        if left is None or right is None:
            return None
        width *= abs(left - right) + 1
    return width
