"""A review of some files: what slang and our rules find, then what the model says about it.

Must not print, and must not ask the model for anything but a judgement on a finding that is there already.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from hdl_lsp.features.diagnostics import diagnostics
from hdl_lsp.llm.engine import Engine
from hdl_lsp.review.broken_series import broken_series
from hdl_lsp.review.findings import Evidence, Finding, Origin, in_order
from hdl_lsp.review.judgement import judged
from hdl_lsp.review.unreset_register import unreset_registers
from hdl_lsp.semantics.facts import Diagnostic, FileFacts, Severity
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MOST_JUDGED = 25
"""The model is asked about so many findings, the gravest first; on a CPU each takes some seconds."""

FactsOf = Callable[[FileId], Awaitable[FileFacts | None]]
Lines = Mapping[FileId, frozenset[int]]
"""1-based lines that are reviewed; a file that is not named is reviewed whole."""


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: *done* of *total* files or judgements, and what is being looked at."""

    done: int
    total: int
    what: str


async def tool_findings(
    snapshot: Snapshot, files: Sequence[FileId], facts_of: FactsOf, lines: Lines | None = None
) -> AsyncIterator[tuple[Step, tuple[Finding, ...]]]:
    """Findings of slang and of our rules, file by file."""
    for number, file in enumerate(files):
        facts = await facts_of(file)
        found = (*slang_findings(snapshot, file, facts), *_from_rules(snapshot, file))
        kept = tuple(f for f in found if _is_wanted(snapshot, file, f, lines))
        yield Step(number + 1, len(files), snapshot.path(file)), in_order(kept)


async def model_findings(
    snapshot: Snapshot, findings: Sequence[Finding], engine: Engine
) -> AsyncIterator[tuple[Step, Finding | None]]:
    """The model's judgement on the gravest of *findings*; None where it sees no mistake."""
    order = list(Severity)
    leads = sorted(findings, key=lambda f: (f.origin is Origin.SLANG, order.index(f.severity)))
    leads = leads[:MOST_JUDGED]
    for number, lead in enumerate(leads):
        file = snapshot.table.find(lead.path)
        said = await judged(snapshot, file, lead, engine) if file is not None else None
        yield Step(number + 1, len(leads), lead.path), said


def _is_wanted(snapshot: Snapshot, file: FileId, finding: Finding, lines: Lines | None) -> bool:
    text = snapshot.text(file)
    if lines is None or text is None:
        return True
    first, last = text.line_of(finding.span.start) + 1, text.line_of(finding.span.end) + 1
    return any(first <= line <= last for line in lines.get(file, frozenset()))


def slang_findings(
    snapshot: Snapshot, file: FileId, facts: FileFacts | None
) -> tuple[Finding, ...]:
    """What an editor would underline in *file*, as findings; hints are left out."""
    return tuple(
        _of_diagnostic(snapshot, file, diagnostic)
        for diagnostic in diagnostics(snapshot, file, facts)
        if diagnostic.severity is not Severity.HINT
    )


def _of_diagnostic(snapshot: Snapshot, file: FileId, diagnostic: Diagnostic) -> Finding:
    text, path = snapshot.text(file), snapshot.path(file)
    said = Evidence(
        f"{diagnostic.source} {diagnostic.code}: {diagnostic.message}", path, diagnostic.span
    )
    related = (Evidence(r.message, r.path, r.span) for r in diagnostic.related)
    return Finding(
        rule=diagnostic.code,
        severity=diagnostic.severity,
        path=path,
        span=diagnostic.span,
        message=diagnostic.message,
        evidence=(said, *related),
        origin=Origin.SLANG,
        line_text=text.line_text(text.line_of(diagnostic.span.start)).strip() if text else "",
    )


def _from_rules(snapshot: Snapshot, file: FileId) -> tuple[Finding, ...]:
    text = snapshot.text(file)
    if text is None:
        return ()
    path = snapshot.path(file)
    return (*unreset_registers(snapshot.syntax(file), path), *broken_series(text, path))
