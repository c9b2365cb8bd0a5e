"""The reset branch of a clocked procedure: every register that the rest of it assigns, set to its reset value.

Must not guess which registers there are: they are read from the other branches. Silent without those.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from hdl_lsp.computed.layout import column_of, indent_at, is_free, lead, starts_line, step_of
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.computed.zero_value import (
    Shape,
    Zeros,
    register,
    reset_parameter,
    reset_value,
    shape_of,
    zeros,
)
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.reset_around import Assigned, ResetBranch, reset_around, reset_at

RULE = "reset branch"
MOST_REGISTERS = 100

_NEIGHBOURS = 10
_NEAR_BYTES = 60_000
_MOST_HABITS = 40  # assignments whose signals are looked up
_PROCEDURE = re.compile(rb"(?<![\w`$.])always(?:_ff)?\s*@\s*\(")
_SYSTEM_VERILOG = re.compile(rb"\b(?:always_ff|always_comb|logic|typedef)\b|(?<!\w)'[01](?!\w)")
_DELAY = re.compile(r"#\s*(?:[\w.`]+|\([^()]*\))\s*")


def reset_branch(asked: Asked) -> tuple[Computed, ...]:
    """The registers that the reset branch at the cursor does not set yet, one assignment a line."""
    site = asked.site
    data = site.text.data
    start, typed = _statement_start(site)
    if start < 0:
        return ()
    branch = reset_around(data, start, max(int(site.cursor.word_span.end), int(site.offset)))
    if branch is None or (not branch.has_block and branch.after):
        return ()
    names = _missing(asked, branch)
    if typed:
        first = next((n for n, name in enumerate(names) if name.startswith(typed)), len(names))
        names = names[first:]
    if not names or names[0] == typed or len(names) > MOST_REGISTERS:
        return ()
    if not branch.has_block and len(names) > 1:
        return ()
    others = tuple(_neighbours(data, branch))
    if 2 * sum(_is_partial(other) for other in others) > len(others):
        return ()
    written = _zeros(asked, branch, others)
    values = {name: _value(asked, branch, name, written) for name in names}
    delay = _delay(data, branch)
    indent = _indent(site, branch)
    width = _width(data, branch, names)
    lines = [f"{name.ljust(width)} <= {delay}{values[name]};" for name in names]
    text = lead(site, indent) if site.is_fresh_line else ""
    text += ("\n" + indent).join(lines)
    return (Computed(text[len(typed) :], RULE),)


def _statement_start(site: CompletionSite) -> tuple[int, str]:
    """Where the statement at the cursor starts, and what of its first name is typed; -1 where none may start."""
    at = site.cursor
    if at.kind is not CursorKind.IDENTIFIER or not is_free(site):
        return -1, ""
    start = int(at.word_span.start)
    if not at.word:
        return int(site.offset), ""
    is_first = at.typed == at.word and starts_line(site.text.data, start)
    return (start, at.typed) if is_first else (-1, "")


def _missing(asked: Asked, branch: ResetBranch) -> list[str]:
    """The registers that the rest assigns and the branch does not, in the order of the rest."""
    done = {name for one in (*branch.before, *branch.after) for name in one.names}
    rest = dict.fromkeys(name for one in branch.rest for name in one.names)
    snapshot, site = asked.snapshot, asked.site
    whole = {name for one in branch.rest if one.is_whole for name in one.names}
    order = list(rest)
    missing = [name for name in order if name not in done]
    # Between two assignments of the branch stands what stands between these registers in the rest.
    low = max((order.index(n) for one in branch.before for n in one.names if n in rest), default=-1)
    after = [order.index(n) for one in branch.after for n in one.names if n in rest]
    gap = [name for name in order[low + 1 : min(after)] if name in missing] if after else []
    return [
        name
        for name in gap or missing
        if name in whole
        or shape_of(snapshot, register(snapshot, site.file, site.offset, name))
        is not Shape.UNPACKED
    ]


def _value(asked: Asked, branch: ResetBranch, name: str, written: Zeros) -> str:
    snapshot, site = asked.snapshot, asked.site
    declared = register(snapshot, site.file, site.offset, name)
    if len({each for one in branch.rest for each in one.names}) == 1:
        parameter = reset_parameter(snapshot, site.file, site.offset, declared)
        if parameter:
            return parameter
    return reset_value(snapshot, site.file, site.offset, declared, written)


def _neighbours(data: bytes, branch: ResetBranch) -> Iterator[ResetBranch]:
    """Other reset branches of the file, the nearest above first, then those below."""
    low = int(branch.head.start)
    above = [m.start() for m in _PROCEDURE.finditer(data, max(0, low - _NEAR_BYTES), low)]
    below = (m.start() for m in _PROCEDURE.finditer(data, low + 1, low + _NEAR_BYTES))
    for place in itertools.islice(itertools.chain(reversed(above), below), _NEIGHBOURS):
        other = reset_at(data, place)
        if other is not None:
            yield other


def _is_partial(branch: ResetBranch) -> bool:
    """It leaves registers out on purpose."""
    done = {name for one in branch.after for name in one.names}
    return any(name not in done for one in branch.rest for name in one.names)


def _zeros(asked: Asked, branch: ResetBranch, others: Sequence[ResetBranch]) -> Zeros:
    """How zero is written in this branch and in the file's other reset branches."""
    own = (*branch.before, *branch.after)
    assigned = itertools.chain(own, *(other.after for other in others))
    found = itertools.islice(_habits(asked, assigned), _MOST_HABITS)
    return zeros(tuple(found), is_verilog=_is_verilog(asked.site))


def _is_verilog(site: CompletionSite) -> bool:
    """The file keeps to Verilog-2005, which knows no `'0`."""
    return site.path.endswith((".v", ".vh")) and not _SYSTEM_VERILOG.search(site.text.data)


def _habits(asked: Asked, assigned: Iterable[Assigned]) -> Iterator[tuple[Shape, str]]:
    """The shapes of what is assigned, and the values."""
    text, snapshot = asked.site.text, asked.snapshot
    for one in assigned:
        if one.is_whole:
            value = _DELAY.sub("", text.slice(one.value), count=1).strip()
            declared = register(snapshot, asked.site.file, int(one.target.start), one.names[0])
            yield shape_of(snapshot, declared), value


def _delay(data: bytes, branch: ResetBranch) -> str:
    """The delay that every other assignment has: "#1 "; "" where one has none."""
    delays = set[str]()
    for one in (*branch.before, *branch.after, *branch.rest):
        value = data[one.value.start : one.value.end].decode("utf-8", "replace")
        found = _DELAY.match(value)
        delays.add(found.group().strip() + " " if found else "")
    return delays.pop() if len(delays) == 1 else ""


def _indent(site: CompletionSite, branch: ResetBranch) -> str:
    data = site.text.data
    for one in (*branch.before, *branch.after):
        if starts_line(data, one.target.start):
            return indent_at(data, one.target.start)
    if site.is_fresh_line and site.line_prefix:
        return site.line_prefix
    return indent_at(data, branch.start) + step_of(data)


def _width(data: bytes, branch: ResetBranch, names: Sequence[str]) -> int:
    """How wide names are filled up so that the arrows stand in one column; 0 where the file does not do so."""
    own = [one for one in (*branch.before, *branch.after) if one.is_whole]
    rest = [one for one in branch.rest if one.is_whole]
    for group in (own, rest):
        widths = {_arrow_column(data, one) for one in group}
        lengths = {one.target.length for one in group}
        if len(group) > 1 and len(lengths) > 1:
            is_aligned = len(widths) == 1
            longest = max(map(len, names))
            least = min(widths) if group is own else 0
            return max(longest, least) if is_aligned else 0
    return 0


def _arrow_column(data: bytes, one: Assigned) -> int:
    """Bytes from the start of the name to the blank before the arrow."""
    arrow = data.find(b"<=", one.target.end)
    return column_of(data, arrow) - column_of(data, one.target.start) - 1
