"""Which signals are clocks and resets: by the edges of always blocks, by the habits of naming where nothing is said.

Must not need elaboration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hdl_lsp.presentation.tokens import modifier_bit
from hdl_lsp.semantics.summary import DESIGN_UNITS, FileSummary
from hdl_lsp.text.source import SourceText, Span

CLOCK = modifier_bit("clock")
RESET = modifier_bit("reset")

_EDGES = re.compile(rb"\balways(?:_ff)?\s*@\s*\(([^()]*\b(?:pos|neg)edge\b[^()]*)\)")
_EDGE = re.compile(rb"\b(?:pos|neg)edge\s+([A-Za-z_][\w$]*)(?=\s*(?:,|\bor\b|\biff\b|\Z))")
_FIRST_IF = re.compile(rb"\s*(?:begin\b(?:\s*:\s*\w+)?\s*)?if\s*\(([^;]{0,200})")
_WORD = re.compile(rb"[A-Za-z_][\w$]*")
_CLOCK_HABIT = re.compile(r"(?:.*_)?(?:clk|clock)\d*(?:_?(?:i|o|n|p|ni|no))?", re.IGNORECASE)
_RESET_HABIT = re.compile(
    r"(?:.*_)?(?:[as]?rst|[as]?reset|[as]?resetn|[as]?rstn)\d*(?:_?(?:i|o|n|b|l|ni|no))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UnitClocks:
    """What the always blocks between the ends of one design unit say."""

    span: Span
    roles: dict[str, int]


def clocks_of(text: SourceText, summary: FileSummary) -> tuple[UnitClocks, ...]:
    """The clocks and resets of each design unit of *text*, by use."""
    found: list[UnitClocks] = []
    units = [d.span for d in summary.decls if d.parent is None and d.kind in DESIGN_UNITS]
    for where in units:
        roles: dict[str, int] = {}
        for match in _EDGES.finditer(text.data, where.start, where.end):
            _add_roles(text.data, match, roles)
        if roles:
            found.append(UnitClocks(where, roles))
    return tuple(found)


def role(units: tuple[UnitClocks, ...], name: str, offset: int) -> int:
    """CLOCK, RESET or 0 of the signal *name* at *offset*."""
    for unit in units:
        if unit.span.contains(offset) and name in unit.roles:
            return unit.roles[name]
    return habit(name)


@lru_cache(maxsize=4096)
def habit(name: str) -> int:
    """CLOCK or RESET for a name like `clk_i` or `rst_ni`; 0 for any other, `clk_en` and `clk_div` too."""
    if _CLOCK_HABIT.fullmatch(name):
        return CLOCK
    return RESET if _RESET_HABIT.fullmatch(name) else 0


def _add_roles(data: bytes, match: re.Match[bytes], roles: dict[str, int]) -> None:
    """One edge is a clock; of several, those that the first `if` asks for are resets."""
    names = [name.decode() for name in _EDGE.findall(match[1])]
    if len(names) == 1:
        roles.setdefault(names[0], CLOCK)
        return
    condition = _FIRST_IF.match(data, match.end())
    asked: set[str] = set()
    if condition is not None:
        asked = {word.decode() for word in _WORD.findall(_closed(condition[1]))}
    for name in names:
        if name in asked:
            roles[name] = RESET
        elif asked:
            roles.setdefault(name, CLOCK)


def _closed(rest: bytes) -> bytes:
    """*rest* up to the parenthesis that closes the one before it."""
    depth = 1
    for at, byte in enumerate(rest):
        depth += (byte == 0x28) - (byte == 0x29)
        if depth == 0:
            return rest[:at]
    return rest
