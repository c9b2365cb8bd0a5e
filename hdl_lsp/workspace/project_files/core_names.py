"""Names of FuseSoC cores, `vendor:library:name:version`, and what a dependency on one asks for.

Must not look for cores.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

Key = tuple[str, str, str]
"""Vendor, library, name."""

_WISH = re.compile(r"\s*(?P<relation>[<>=~^]*)\s*(?P<name>.*?)\s*\Z", re.DOTALL)
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Vlnv:
    """A core's name. `version` () when none is given."""

    vendor: str
    library: str
    name: str
    version: tuple[int, ...] = ()

    @property
    def key(self) -> Key:
        """The name without its version."""
        return (self.vendor, self.library, self.name)

    def __str__(self) -> str:
        """As it is written, without the version: `lowrisc:ip:uart`, `serv`."""
        return ":".join(self.key).lstrip(":")


@lru_cache(maxsize=8192)
def vlnv_of(text: str) -> Vlnv:
    """The name in *text*; missing parts are ""."""
    parts = text.strip().split(":")
    match parts:
        case [name]:
            return Vlnv("", "", name)
        case [library, name]:
            return Vlnv("", library, name)
        case [vendor, library, name]:
            return Vlnv(vendor, library, name)
        case [vendor, library, name, version, *_]:
            return Vlnv(vendor, library, name, tuple(map(int, _NUMBERS.findall(version))))
        case _:
            return Vlnv("", "", "")


@dataclass(frozen=True, slots=True)
class Wish:
    """A dependency: a name, and how the version must compare."""

    core: Vlnv
    relation: str  # "", "=", "==", ">=", ">", "<=", "<", "~", "^"

    def is_met_by(self, version: tuple[int, ...]) -> bool:
        """*version* will do."""
        wanted = self.core.version
        if not wanted:
            return True
        size = max(len(wanted), len(version))
        here = version + (0,) * (size - len(version))
        there = wanted + (0,) * (size - len(wanted))
        match self.relation:
            case ">=":
                return there <= here
            case ">":
                return there < here
            case "<=":
                return here <= there
            case "<":
                return here < there
            case "~":  # the same but for the last number
                return (
                    there <= here
                    and here[: max(1, len(wanted) - 1)] == there[: max(1, len(wanted) - 1)]
                )
            case "^":  # the same first number that is not 0
                first = next((i for i, n in enumerate(there) if n), 0)
                return there <= here and here[: first + 1] == there[: first + 1]
            case _:
                return here == there


@lru_cache(maxsize=8192)
def wish_of(text: str) -> Wish:
    """The dependency written as *text*, e.g. `>=lowrisc:prim:fifo:0.1`."""
    match = _WISH.match(text)
    assert match is not None  # it matches every string
    return Wish(vlnv_of(match["name"]), match["relation"])
