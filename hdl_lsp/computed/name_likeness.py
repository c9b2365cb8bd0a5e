"""How a signal's name follows from a port's: the same, without its direction, with the instance's name in it, ...

Must not know types or drivers.
"""

from __future__ import annotations

import functools
import re
from enum import IntEnum

_DIRECTIONS = frozenset({"i", "o", "io", "pi", "po", "in", "out", "input", "output"})
_NEGATED = {"ni": "n", "no": "n", "nio": "n"}
_STAGES = frozenset(
    {"q", "d", "r", "reg", "s", "w", "net", "sig", "wire", "lo", "li", "int", "internal"}
)
_EMPTY_WORDS = frozenset(
    {"u", "i", "inst", "gen", "x", "g", "instance", "the", "top", "dut", "wrapper", "wrap"}
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Likeness(IntEnum):
    """From exactly alike to not alike."""

    SAME = 0
    STEM = 1
    """Alike without what tells the direction."""
    STAGE = 2
    """Alike but for `_q`, `_d` and their like."""
    INSTANCE = 3
    """The port's words, and words of the instance's or module's name."""
    WIDER = 4
    """The port's words and others."""
    NARROWER = 5
    """Some of the port's words, the others being of the instance's or module's name."""
    NONE = 6


@functools.lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier in lower case: `axiReq_valid0` has axi, req, valid, 0."""
    return tuple(word.lower() for word in _WORD.findall(name))


@functools.lru_cache(maxsize=8192)
def stem_words(name: str) -> tuple[str, ...]:
    """words() without what tells a direction, at either end; a negation stays: `rst_ni` has rst, n."""
    found = list(words(name))
    if len(found) > 1 and found[-1] in _NEGATED:
        found[-1] = _NEGATED[found[-1]]
    elif len(found) > 1 and found[-1] in _DIRECTIONS:
        found.pop()
    elif len(found) > 1 and found[0] in _DIRECTIONS:
        del found[0]
    return tuple(found)


def instance_words(*names: str) -> frozenset[str]:
    """The words in the names of an instance and its module that say something."""
    return frozenset(word for name in names for word in words(name)) - _EMPTY_WORDS


@functools.lru_cache(maxsize=32_768)
def likeness(port: str, signal: str, around: frozenset[str]) -> Likeness:
    """How *signal* is named after *port* of an instance whose names have the words *around*."""
    if port == signal:
        return Likeness.SAME
    mine, other = stem_words(port), stem_words(signal)
    if mine == other or port.lower() == signal.lower():
        return Likeness.STEM
    if len(other) > 1 and other[-1] in _STAGES and other[:-1] == mine:
        return Likeness.STAGE
    own, others = set(mine), set(other)
    if own <= others:
        more = others - own - _STAGES
        return Likeness.INSTANCE if more <= set(around) else Likeness.WIDER
    if others <= own and own - others <= set(around):
        return Likeness.NARROWER
    return Likeness.NONE
