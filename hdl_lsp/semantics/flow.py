"""slang's analysis of what is elaborated: several drivers of one variable, latches, what is never used.

For the analysis process only. Must not decide what is shown: the Judge does.
"""

# pyslang's stubs never say which attributes may be None.
# pyright: reportUnnecessaryComparison=false

from __future__ import annotations

import pyslang
from pyslang import analysis, ast, syntax

MAX_LOOP_STEPS = 4_096
"""Turns of a loop that are followed to tell which bits it drives; slang's own 65,535 take seconds in test benches."""

LOOPS = (
    syntax.ForLoopStatementSyntax,
    syntax.ForeachLoopStatementSyntax,
    syntax.LoopStatementSyntax,
)

Flags = analysis.AnalysisFlags


def analyzed(compilation: ast.Compilation, *, with_unused: bool) -> list[pyslang.Diagnostic]:
    """Findings of the analysis; none when slang gives up. The compilation is as usable afterwards as before."""
    options = analysis.AnalysisOptions()
    options.maxLoopAnalysisSteps = MAX_LOOP_STEPS
    # Like the big simulators (slang's own `--compat all`): an `initial` may set what an always_ff drives.
    options.flags = Flags.AllowDupInitialDrivers | Flags.AllowMultiDrivenLocals
    if with_unused:
        options.flags |= Flags.CheckUnused
    manager = analysis.AnalysisManager(options)
    compilation.freeze()
    try:
        manager.analyze(compilation)
        return [*manager.getDiagnostics()]
    except RuntimeError:
        return []  # what elaboration has found stands without it
    finally:
        compilation.unfreeze()


def asks_for_unused(warnings: tuple[str, ...]) -> bool:
    """Some -W option of the project turns on reports of what is never used."""
    return any(
        option in {"everything", "extra"} or option.startswith(("unused", "error=unused"))
        for option in warnings
    )


def is_in_loop(finding: pyslang.Diagnostic) -> bool:
    """*finding*, of a procedure, lies in a loop of it."""
    procedure = finding.symbol.syntax if finding.symbol is not None else None
    if procedure is None:
        return False
    where = finding.location
    found: list[bool] = []

    def visit(node: object) -> None:
        if isinstance(node, LOOPS):
            around = node.sourceRange
            if around.start.buffer.id == where.buffer.id:
                found.append(around.start.offset <= where.offset < around.end.offset)

    procedure.visit(visit)
    return any(found)
