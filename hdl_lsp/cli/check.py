"""`hdl-lsp check`: what slang finds, for a terminal or for CI."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.findings_output import FORMATS, print_findings, summary
from hdl_lsp.cli.place import show_path
from hdl_lsp.features.diagnostics import UNCONFIGURED, diagnostics
from hdl_lsp.review.findings import Finding, in_order, with_fingerprints
from hdl_lsp.review.run import slang_findings
from hdl_lsp.semantics.facts import Severity

MOST_GAPS = 3
"""So many files with unknown macros or headers are named; the same one is often missing everywhere."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp check`."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        dest="form",
        help="text for people, JSON for programs, SARIF for code hosts; text unless given",
    )
    parser.add_argument(
        "--errors-only", action="store_true", help="warnings neither count nor are printed"
    )
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0 without findings, 1 with."""
    return world.run(_check(options))


async def _check(options: argparse.Namespace) -> int:
    async with world.opened(options, options.paths) as session:
        files = world.files_of(session, options.paths)
        console = world.terminal()
        found: list[Finding] = []
        gaps: list[str] = []
        with world.bar(console, "checking") as progress:
            task = progress.add_task("", total=len(files))
            for file in files:
                snapshot = session.snapshot()
                text = snapshot.text(file)
                # Diagnostics alone: a fifth of the time, and nothing is kept of thousands of files.
                facts = await session.check_text(file, text) if text is not None else None
                found += slang_findings(snapshot, file, facts)
                gaps += [
                    f"{show_path(snapshot.path(file))}: {one.message}"
                    for one in diagnostics(snapshot, file, facts)
                    if one.code == UNCONFIGURED
                ]
                progress.advance(task)
        wanted = {Severity.ERROR} if options.errors_only else {Severity.ERROR, Severity.WARNING}
        root = session.roots[0]
        kept = with_fingerprints(in_order(f for f in found if f.severity in wanted), root)
        print_findings(session, kept, options.form, root)
        _print_gaps(console, gaps)
        console.print(summary(kept, len(files)), highlight=False)
        return FINDINGS if kept else CLEAN


def _print_gaps(console: Console, gaps: list[str]) -> None:
    """What slang could not find, and so can't judge: no finding, but "no findings" alone would mislead."""
    more = len(gaps) - MOST_GAPS
    notes = [*gaps[:MOST_GAPS], *([f"and {more} more files like these"] if more > 0 else [])]
    for note in notes:
        console.print(f"[yellow]note:[/yellow] {escape(note)}", highlight=False, soft_wrap=True)
