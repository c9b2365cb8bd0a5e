"""Rule `unreset-register`: a register of a block with reset that the reset branch leaves out.

Must not judge blocks without a reset branch: registers of a data path need none.
"""

from __future__ import annotations

import re

from hdl_lsp.review.findings import Evidence, Finding, Origin
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import Span

RULE = "unreset-register"
_RESET = re.compile(r"(?i)(?<![a-z])(a|s|h|p)?(rst|reset|arst|srst)n?(?![a-z])")
_ALWAYS = frozenset({"always_construct"})
_ASSIGNMENTS = frozenset({"nonblocking_assignment"})


def unreset_registers(tree: SyntaxTree, path: str) -> tuple[Finding, ...]:
    """One finding for each register that is assigned in the `else` of a reset `if` and not in its reset branch."""
    found: list[Finding] = []
    for block in tree.walk(_ALWAYS):
        branches = _reset_branches(block)
        if branches is None:
            continue
        condition, reset, run = branches
        cleared = _assigned(reset)
        if not cleared:
            continue
        for name, where in _assigned(run).items():
            if name not in cleared:
                found.append(_finding(tree, path, name, where, condition))
    return tuple(found)


def _finding(tree: SyntaxTree, path: str, name: str, where: Span, condition: Node) -> Finding:
    line = tree.text.line_of(condition.span.start) + 1
    return Finding(
        rule=RULE,
        severity=Severity.WARNING,
        path=path,
        span=where,
        message=f"'{name}' is assigned here but not in the reset branch of the same block, so it starts as X",
        evidence=(
            Evidence(
                f"the reset branch at line {line} assigns other registers only",
                path,
                condition.span,
            ),
        ),
        origin=Origin.RULE,
        line_text=tree.text.line_text(tree.text.line_of(where.start)).strip(),
    )


def _reset_branches(block: Node) -> tuple[Node, Node, Node] | None:
    """Condition, reset branch and the rest of a block that is one `if (reset) ... else ...`."""
    for conditional in block.walk(frozenset({"conditional_statement"})):
        condition = conditional.child("cond_predicate")
        branches = [c for c in conditional.children() if c.kind == "statement_or_null"]
        if condition is None or len(branches) < 2 or not _RESET.search(condition.text):
            return None
        return condition, branches[0], branches[1]
    return None


def _assigned(branch: Node) -> dict[str, Span]:
    """Names on the left of nonblocking assignments, with the place of the first."""
    names: dict[str, Span] = {}
    for assignment in branch.walk(_ASSIGNMENTS):
        target = assignment.child("variable_lvalue")
        for name in target.walk(frozenset({"hierarchical_identifier"})) if target else ():
            first = name.children()[0] if name.children() else name
            names.setdefault(first.text, first.span)
    return names
