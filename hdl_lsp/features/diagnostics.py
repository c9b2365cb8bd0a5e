"""What is wrong with a file: slang's findings, or while there are none yet, what its parser alone found.

Must not filter by taste: only what the user's settings name is left out, and what the workspace contradicts.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from hdl_lsp.semantics.carried import Carried
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.facts import Diagnostic, FileFacts, Severity
from hdl_lsp.semantics.index_names import ERRORS
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.doubtful import is_doubtful
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

UNCONFIGURED = "hdl-unconfigured"
"""Code of the one hint about a project whose macros or includes can't be found."""

FAILED = "hdl-analysis"
"""Code of the note that slang could not analyse a file at all."""

MOST_CLOSED = 100
"""Findings of one file that is not open; nobody reads more in a list of a whole workspace."""

_SHOWN_NAMES = 3


def diagnostics(
    snapshot: Snapshot, file: FileId, facts: FileFacts | None, whole: Carried | None = None
) -> tuple[Diagnostic, ...]:
    """Findings about the present text of *file*, in order of place.

    *facts* of exactly this text give slang's diagnostics; without them, problems of the parser. *whole* is what the
    elaborated design says about this text: it adds what only real parameters show, and takes back what only
    default ones do. Macros and includes that an unconfigured project can't find are one hint, not errors. Nothing
    is said of a file that `project.third_party` names: whoever reads this can't change it.
    """
    text = snapshot.text(file)
    settings = snapshot.config.diagnostics
    if text is None or not settings.enabled:
        return ()
    if snapshot.project.is_third_party(snapshot.path(file)):
        return ()
    summary = snapshot.summary(file)
    found: list[Diagnostic]
    if facts is None or facts.digest != text.digest:
        found = list(_syntax_problems(summary))
    elif facts.failure:
        found = [_failure(text, facts.failure), *_syntax_problems(summary)]
    else:
        found = [*facts.diagnostics, *_hint(snapshot, summary, facts)]
    if whole is not None and snapshot.project.is_configured:
        found = _with_design(snapshot, file, found, whole)
    ignored = frozenset(settings.ignore)
    kept = (
        one
        for one in found
        if one.code not in ignored and not is_doubtful(snapshot.index, text, one)
    )
    return tuple(sorted((_inside(one, text) for one in kept), key=lambda one: one.span))


def _with_design(
    snapshot: Snapshot, file: FileId, own: list[Diagnostic], whole: Carried
) -> list[Diagnostic]:
    """The file's own findings, less those that the design speaks against, and what the design adds."""
    kept = [
        one
        for one in own
        if not one.depends_on_values
        or any(_is_same(one, other) for other in whole.findings)
        or not _is_elaborated(snapshot, file, one.span, whole)
    ]
    return [*kept, *(d for d in whole.findings if not any(_is_same(d, one) for one in kept))]


def _is_same(one: Diagnostic, other: Diagnostic) -> bool:
    """Both say the same, as far as a reader cares."""
    if one.span == other.span:
        return True
    return one.code == other.code and one.span.overlaps(other.span)


def _is_elaborated(snapshot: Snapshot, file: FileId, where: Span, whole: Carried) -> bool:
    """What stands at *where* was elaborated as it is written now, in a module that has instances."""
    if whole.is_touched(where):
        return False
    for unit in snapshot.summary(file).units():
        if unit.span.covers(where):
            others = {
                snapshot.path(ref.file)
                for ref in snapshot.index.units(unit.name)
                if ref.file != file and snapshot.path(ref.file) in whole.design.digests
            }
            return not others and whole.design.instances_of.get(unit.name, 0) > 0
    return False


def closed_diagnostics(
    snapshot: Snapshot, file: FileId, design: DesignFacts | None
) -> tuple[Diagnostic, ...]:
    """Findings about a file that is not open, in order of place, MOST_CLOSED at most.

    Those of the whole design where it was elaborated with exactly this text; else errors of the parser.
    """
    path, digest = snapshot.path(file), snapshot.index.digest_of(file)
    settings = snapshot.config.diagnostics
    if not settings.enabled or snapshot.project.is_third_party(path):
        return ()
    if design is not None and digest is not None and design.digests.get(path) == digest:
        found = (d for d in design.diagnostics.get(path, ()) if d.code not in settings.ignore)
    elif _is_whole(snapshot, file):
        found = (d for d in diagnostics(snapshot, file, None) if d.severity is Severity.ERROR)
    else:
        return ()
    return tuple(islice(found, MOST_CLOSED))


def _is_whole(snapshot: Snapshot, file: FileId) -> bool:
    """The parser's errors in *file* are certain: no macro from elsewhere, no text that is included somewhere."""
    text, summary = snapshot.text(file), snapshot.summary(file)
    if text is None or snapshot.index.includers(Path(snapshot.path(file)).name):
        return False
    known = {macro.name for macro in summary.macros}
    return not any(
        use.name not in known and text.data.endswith(b"`", 0, use.span.start)
        for use in summary.macro_uses
    )


def files_with_findings(snapshot: Snapshot, design: DesignFacts | None) -> tuple[FileId, ...]:
    """Open files, then all others that closed_diagnostics() may say something about, by path."""
    broken = set(snapshot.index.files_in("problems", ERRORS))
    if design is not None:
        broken |= {
            file for path in design.diagnostics if (file := snapshot.table.find(path)) is not None
        }
    opened = sorted(snapshot.open_files, key=snapshot.path)
    return (*opened, *sorted(broken - snapshot.open_files, key=snapshot.path))


def _inside(diagnostic: Diagnostic, text: SourceText) -> Diagnostic:
    """*diagnostic*, its span clamped into the text."""
    where, size = diagnostic.span, text.size_bytes
    if where.end <= size:
        return diagnostic
    return Diagnostic(
        span(min(where.start, size), size),
        diagnostic.severity,
        diagnostic.code,
        diagnostic.message,
        diagnostic.source,
        diagnostic.related,
        diagnostic.url,
        diagnostic.is_unused,
    )


def _syntax_problems(summary: FileSummary) -> Iterable[Diagnostic]:
    for problem in summary.problems:
        severity = Severity.ERROR if problem.is_error else Severity.WARNING
        yield Diagnostic(problem.span, severity, problem.code, problem.message)


def _failure(text: SourceText, reason: str) -> Diagnostic:
    return Diagnostic(
        text.line_span(0),
        Severity.INFORMATION,
        FAILED,
        f"types and names in this file are not checked: {reason}",
        source="hdl-lsp",
    )


def _hint(snapshot: Snapshot, summary: FileSummary, facts: FileFacts) -> tuple[Diagnostic, ...]:
    names = (*facts.missing_includes, *facts.missing_macros)
    if snapshot.project.is_configured or not names:
        return ()
    if any(one.code == UNCONFIGURED for one in facts.diagnostics):
        return ()
    pieces: list[str] = []
    if facts.missing_includes:
        pieces.append(_listed("include file", facts.missing_includes))
    if facts.missing_macros:
        pieces.append(_listed("macro", tuple(f"`{name}" for name in facts.missing_macros)))
    message = (
        f"can't find {' and '.join(pieces)}; say where with include_dirs, defines or filelists in "
        "hdl-lsp.toml ('hdl-lsp doctor' shows what was found)"
    )
    where = _first_use(summary, facts)
    return (Diagnostic(where, Severity.HINT, UNCONFIGURED, message, source="hdl-lsp"),)


def _listed(what: str, names: tuple[str, ...]) -> str:
    unique = tuple(dict.fromkeys(names))
    shown = ", ".join(unique[:_SHOWN_NAMES])
    more = len(unique) - _SHOWN_NAMES
    plural = "s" if len(unique) > 1 else ""
    return f"{what}{plural} {shown}" + (f" and {more} more" if more > 0 else "")


def _first_use(summary: FileSummary, facts: FileFacts) -> Span:
    macros = frozenset(facts.missing_macros)
    includes = frozenset(facts.missing_includes)
    places = [use.span for use in summary.macro_uses if use.name.removeprefix("`") in macros]
    places += [use.span for use in summary.includes if use.path in includes]
    return min(places, default=span(0, 0))
