"""How registers are clocked and reset at a place: as the file's other registers are, else by the module's ports.

Must not choose among several clocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.reset_around import reset_at
from hdl_lsp.syntax.tokens import line_start
from hdl_lsp.text.source import span
from hdl_lsp.workspace.scopes import names_in, scope_chain

_PROCEDURE = re.compile(rb"(?<![\w`$.])always(?:_ff)?\s*@\s*\(")
_CONDITION = re.compile(r"if\s*\(([^()]*)\)")
_EVENTS = re.compile(r"@\s*\(([^()]*)\)")
_EDGE = re.compile(r"(posedge|negedge)\s+([A-Za-z_][\w$]*)")
_CLOCK = re.compile(r"(?:\w+_)?(?:clk|clock)(?:_\w+)?", re.IGNORECASE)
_RESET = re.compile(r"(?:\w+_)?a?(?:rst|reset)n?(?:_\w+)?", re.IGNORECASE)
_ACTIVE_LOW = re.compile(r".*(?:_n|_ni|_b|[a-z]n|_n_i|_bi)|.*N", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Clocking:
    """The head of a clocked procedure, and when it resets; no condition: it never does."""

    head: str
    condition: str


def clocking(asked: Asked, *, head_line: int | None = None) -> Clocking | None:
    """The clocking of a new register; None where several clocks are possible.

    *head_line*: an offset in the line of a head that is written already; then only the condition is looked for.
    """
    head = None if head_line is None else _written_head(asked, head_line)
    if head is not None:
        edges = _EDGE.findall(head.head)
        if len(edges) == 2:
            return Clocking(head.head, _condition(edges[1][1], is_low=edges[1][0] == "negedge"))
    habits = _of_file(asked)
    if habits is not None and (head is None or _same_clock(habits.head, head.head)):
        return habits
    return head or _of_ports(asked)


def _written_head(asked: Asked, offset: int) -> Clocking | None:
    text = asked.site.text
    line = text.slice(span(line_start(text.data, offset), offset))
    return Clocking(line.strip(), "") if _EVENTS.search(line) else None


def _same_clock(one: str, other: str) -> bool:
    return _EDGE.findall(one)[:1] == _EDGE.findall(other)[:1]


def _of_file(asked: Asked) -> Clocking | None:
    """The one way in which this module's other registers are clocked and reset."""
    site = asked.site
    data, text = site.text.data, site.text
    summary = asked.snapshot.summary(site.file)
    around = [scope for scope in scope_chain(summary, site.offset) if scope >= 0]
    module = summary.decls[around[-1]].span if around else text.full_span()
    found: set[Clocking] = set()
    for place in _PROCEDURE.finditer(data, module.start, module.end):
        branch = reset_at(data, place.start())
        if branch is None:
            continue
        condition = _CONDITION.match(text.slice(span(branch.start, branch.start + 200)))
        if condition is not None:
            found.add(Clocking(text.slice(branch.head), condition.group(1).strip()))
    return found.pop() if len(found) == 1 else None


def _of_ports(asked: Asked) -> Clocking | None:
    summary = asked.snapshot.summary(asked.site.file)
    inputs = [
        decl.name
        for scope in scope_chain(summary, asked.site.offset)
        for decl in (summary.decls[index] for index in names_in(summary, scope))
        if decl.kind is DeclKind.PORT and decl.direction == "input"
    ]
    clocks = [name for name in inputs if _CLOCK.fullmatch(name)]
    resets = [name for name in inputs if _RESET.fullmatch(name)]
    if len(clocks) != 1 or len(resets) > 1:
        return None
    if not resets:
        return Clocking(f"always_ff @(posedge {clocks[0]})", "")
    if _ACTIVE_LOW.fullmatch(resets[0]):
        head = f"always_ff @(posedge {clocks[0]} or negedge {resets[0]})"
        return Clocking(head, _condition(resets[0], is_low=True))
    return Clocking(f"always_ff @(posedge {clocks[0]})", resets[0])


def _condition(reset: str, *, is_low: bool) -> str:
    return f"!{reset}" if is_low else reset
