"""Findings on standard output: text for people, JSON and SARIF for tools.

Must not choose what is reported.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from hdl_lsp.cli.place import line_column, show_path, show_place
from hdl_lsp.review.findings import Finding, Origin
from hdl_lsp.review.report_json import report_json
from hdl_lsp.review.report_sarif import report_sarif
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.server.session import Session

FORMATS = ("text", "json", "sarif")
_COLOURS = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.INFORMATION: "cyan",
    Severity.HINT: "dim",
}


def print_findings(session: Session, findings: Sequence[Finding], form: str, root: str) -> None:
    """Prints *findings* in *form*, one of FORMATS."""
    snapshot = session.snapshot()

    def place(path: str, offset: int) -> tuple[int, int]:
        file = snapshot.table.find(path)
        return line_column(snapshot.text(file) if file is not None else None, offset)

    match form:
        case "json":
            print(report_json(findings, place))
        case "sarif":
            print(report_sarif(findings, place, root))
        case _:
            _print_text(session, findings)


def _print_text(session: Session, findings: Sequence[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    snapshot = session.snapshot()
    for finding in findings:
        file = snapshot.table.find(finding.path)
        text = snapshot.text(file) if file is not None else None
        where = escape(show_place(finding.path, text, finding.span.start))
        colour = _COLOURS[finding.severity]
        console.print(
            f"[bold]{where}[/bold]: [{colour}]{finding.severity.value}[/{colour}]: "
            f"{escape(finding.message)} [dim]\\[{escape(finding.rule)}][/dim]"
            f"{' [magenta](model)[/magenta]' if finding.origin is Origin.MODEL else ''}"
        )
        for evidence in finding.evidence:
            if finding.origin is Origin.SLANG and evidence.span == finding.span:
                continue  # says the same again
            other = snapshot.table.find(evidence.path)
            source = snapshot.text(other) if other is not None else None
            line, _ = line_column(source, evidence.span.start)
            place = f"{show_path(evidence.path)}:{line}"
            console.print(f"    [dim]evidence {escape(place)}: {escape(evidence.fact)}[/dim]")


def summary(findings: Sequence[Finding], files: int) -> str:
    """`2 errors, 1 warning in 30 files`."""
    counts = [
        (sum(1 for f in findings if f.severity is severity), severity.value)
        for severity in Severity
    ]
    words = ", ".join(f"{n} {name}{'s' if n != 1 else ''}" for n, name in counts if n)
    return f"{words or 'no findings'} in {files} file{'s' if files != 1 else ''}"
