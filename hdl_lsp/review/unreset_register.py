"""Rule `unreset-register`: a register of a block with reset that the reset branch leaves out.

Must not judge blocks without a reset branch: registers of a data path need none. With an asynchronous reset the
left out register is a warning, because the reset becomes its clock enable. With a synchronous one it is usual for
data, and mentioned only where all the other registers of the block are reset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hdl_lsp.review.findings import Evidence, Finding, Origin
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import Span

RULE = "unreset-register"

MANY = 3
"""So many registers with a synchronous reset make the one without it stand out."""

_RESET_NAME = re.compile(r"(?i)(?<![a-z])[ashp]?(?:rst|reset)n?(?:$|_(?:n?i?|ni|n_i|q|[a-z]*n)$)")
_IS_RESET = re.compile(
    r"\(*\s*[!~]?\s*\(?\s*(?P<name>[A-Za-z_]\w*)\s*\)?\s*(?:[!=]==?\s*(?:1'b)?[01]\s*)?\)*"
)
_ALWAYS = frozenset({"always_construct"})
_CONDITIONALS = frozenset({"conditional_statement"})
_ASSIGNMENTS = frozenset({"nonblocking_assignment"})
_EVENTS = frozenset({"event_expression"})
_TARGETS = frozenset({"variable_lvalue"})


@dataclass(frozen=True, slots=True)
class _Block:
    """A clocked block whose first `if` asks for the reset."""

    reset: str
    is_asynchronous: bool
    condition: Node
    branch: Node
    others: tuple[Node, ...]  # the branches after the reset branch


def unreset_registers(tree: SyntaxTree, path: str) -> tuple[Finding, ...]:
    """One finding for each register that is assigned only where its block is not in reset."""
    found: list[Finding] = []
    for always in tree.walk(_ALWAYS):
        block = _block(always)
        if block is None:
            continue
        running = [_assigned(branch) for branch in block.others]
        late = {name: where for names in reversed(running) for name, where in names.items()}
        elsewhere = _assigned_outside(always, block.others)
        missing = {name: where for name, where in late.items() if name not in elsewhere}
        cleared = _assigned(block.branch)
        if not cleared or not (
            block.is_asynchronous or (len(missing) == 1 and len(cleared) >= MANY)
        ):
            continue
        found += [_finding(tree, path, block, name, where) for name, where in missing.items()]
    return tuple(found)


def _finding(tree: SyntaxTree, path: str, block: _Block, name: str, where: Span) -> Finding:
    line = tree.text.line_of(block.condition.span.start) + 1
    if block.is_asynchronous:
        severity = Severity.WARNING
        message = f"'{name}' is not set in the reset branch of its block, so the reset '{block.reset}' enables it"
    else:
        severity = Severity.INFORMATION
        message = f"'{name}' is the only register of its block that '{block.reset}' does not reset"
    return Finding(
        rule=RULE,
        severity=severity,
        path=path,
        span=where,
        message=message,
        evidence=(
            Evidence(
                f"the reset branch at line {line} sets {_listed(_assigned(block.branch))}",
                path,
                block.condition.span,
            ),
        ),
        origin=Origin.RULE,
        line_text=tree.text.line_text(tree.text.line_of(where.start)).strip(),
    )


def _listed(names: dict[str, Span]) -> str:
    shown = ", ".join(f"'{name}'" for name in list(names)[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _block(always: Node) -> _Block | None:
    """*always* as a block with a reset; None where its first `if` asks for something else."""
    conditional = next(always.walk(_CONDITIONALS), None)
    condition = conditional.child("cond_predicate") if conditional else None
    if conditional is None or condition is None:
        return None
    branches = [c for c in conditional.children() if c.kind == "statement_or_null"]
    asked = _IS_RESET.fullmatch(condition.text)
    edges = _edges(always)
    if asked is None or len(branches) < 2 or not edges:
        return None
    name = asked["name"]
    is_asynchronous = len(edges) > 1 and name in edges
    if not is_asynchronous and not _RESET_NAME.search(name):
        return None
    return _Block(name, is_asynchronous, condition, branches[0], tuple(branches[1:]))


def _edges(always: Node) -> frozenset[str]:
    """Signals whose edges start the block."""
    single = (e for e in always.walk(_EVENTS) if e.child("edge_identifier"))
    signals = (event.child("expression") for event in single)
    return frozenset(signal.text for signal in signals if signal)


def _targets(branch: Node) -> Iterator[tuple[str, Span]]:
    """Name and place of each register that is written; subscripts and members are left out."""
    for assignment in branch.walk(_ASSIGNMENTS):
        target = assignment.child("variable_lvalue")
        for part in target.walk(_TARGETS) if target else ():
            name = part.child("hierarchical_identifier")
            first = name.child("simple_identifier", "escaped_identifier") if name else None
            if first:
                yield first.text, first.span


def _assigned(branch: Node) -> dict[str, Span]:
    """Names on the left of nonblocking assignments, with the place of the first."""
    names: dict[str, Span] = {}
    for name, where in _targets(branch):
        names.setdefault(name, where)
    return names


def _assigned_outside(always: Node, branches: tuple[Node, ...]) -> frozenset[str]:
    """Names that are assigned in the block, reset branch included, but not in *branches*."""
    return frozenset(
        name
        for name, where in _targets(always)
        if not any(branch.span.covers(where) for branch in branches)
    )
