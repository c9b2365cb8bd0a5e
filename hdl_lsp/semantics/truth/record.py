"""What is asked of the full walk of a design, and what it answers.

Must not import pyslang: the lab reads these. Frozen and picklable; paths are absolute, offsets are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[str, int]
"""A file and the first byte of a name in it."""


@dataclass(frozen=True, slots=True)
class TruthRequest:
    """A design: a file list as slang reads it, or its files and options one by one."""

    filelist: str = ""
    files: tuple[str, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()  # name, value ("" for a bare define)
    tops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TruthSymbol:
    """Something that is declared. Several places: it is declared in pieces (a non-ANSI port, a prototype)."""

    name: str
    kinds: frozenset[str]  # of slang's SymbolKind, or "Macro", "MacroFormal"
    places: frozenset[Place]
    widths: frozenset[int]  # bits, in any instance; empty where the type is not integral
    direction: str = ""  # of a port or argument


@dataclass(frozen=True, slots=True)
class TruthName:
    """An identifier in a file and what it means; several symbols where instances differ or the name has two ends."""

    start: int
    name: str
    category: str
    symbols: tuple[int, ...]  # indexes of DesignTruth.symbols


@dataclass(frozen=True, slots=True)
class DesignTruth:
    """Everything the walk found."""

    names: Mapping[str, tuple[TruthName, ...]] = field(
        default_factory=dict[str, tuple[TruthName, ...]]
    )  # path -> sorted by start; every file that was read, headers too
    symbols: tuple[TruthSymbol, ...] = ()
    unresolved: Mapping[str, Mapping[int, str]] = field(
        default_factory=dict[str, Mapping[int, str]]
    )  # path -> start of an identifier in live code that the walk can't resolve -> its syntax
    errors: int = 0  # errors slang reports for the design: above 0 the list or the top may be wrong
    first_errors: tuple[str, ...] = ()
    instances: int = 0
    failure: str = ""
