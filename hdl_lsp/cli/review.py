"""`hdl-lsp review`: findings of tools first, then the model's, each with the fact it stands on."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.cli.findings_output import FORMATS, print_findings, summary
from hdl_lsp.errors import HdlLspError
from hdl_lsp.review.changed_lines import changed_lines
from hdl_lsp.review.findings import Finding, in_order, with_fingerprints
from hdl_lsp.review.run import Lines, model_findings, tool_findings
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.server.session import Session
from hdl_lsp.workspace.files import FileId


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp review`."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        dest="form",
        help="text for people, JSON for programs, SARIF for code hosts; text unless given",
    )
    parser.add_argument(
        "--diff", metavar="REV", help="only lines that changed since a git revision, e.g. main"
    )
    parser.add_argument("--no-model", action="store_true", help="tools only")
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0 without findings, 1 with."""
    return world.run(_review(options))


async def _review(options: argparse.Namespace) -> int:
    async with world.opened(options, options.paths) as session:
        files = world.files_of(session, options.paths)
        root = Path(session.roots[0])
        lines = _changed(session, root, options.diff) if options.diff else None
        if lines is not None:
            files = tuple(f for f in files if f in lines)
        console = world.terminal()
        found = await _by_tools(session, files, lines, console)
        if not options.no_model and found and session.config.llm.enabled:
            found += await _by_model(session, found, console)
        kept = with_fingerprints(in_order(found), str(root))
        print_findings(session, kept, options.form, str(root))
        console.print(summary(kept, len(files)), highlight=False)
        grave = {Severity.ERROR, Severity.WARNING}
        return FINDINGS if any(f.severity in grave for f in kept) else CLEAN


def _changed(session: Session, root: Path, revision: str) -> Lines:
    """Changed lines since *revision*, new and untracked files whole."""
    top = Path(world.git(root, "rev-parse", "--show-toplevel").strip())
    diff = world.git(
        top, "diff", "-U0", "--no-color", "--no-ext-diff", "--end-of-options", revision, "--"
    )
    lines: dict[FileId, frozenset[int]] = {}
    for name, numbers in changed_lines(diff).items():
        file = session.table.find(str(top / name))
        if file is not None:
            lines[file] = numbers
    for name in world.git(top, "ls-files", "-z", "--others", "--exclude-standard").split("\0"):
        file = session.table.find(str(top / name)) if name else None
        text = session.vfs.text(file) if file is not None else None
        if file is not None and text is not None:
            lines[file] = frozenset(range(1, text.line_count + 1))
    return lines


async def _by_tools(
    session: Session, files: tuple[FileId, ...], lines: Lines | None, console: Console
) -> list[Finding]:
    found: list[Finding] = []
    with world.bar(console, "slang and rules") as progress:
        task = progress.add_task("", total=len(files))
        async for step, findings in tool_findings(session.snapshot(), files, session.facts, lines):
            progress.update(task, completed=step.done)
            found += findings
    return found


async def _by_model(session: Session, found: list[Finding], console: Console) -> list[Finding]:
    said: list[Finding] = []
    try:
        with world.bar(console, "the model") as progress:
            task = progress.add_task("", total=None)
            async for step, finding in model_findings(session.snapshot(), found, session.engine):
                progress.update(task, completed=step.done, total=step.total)
                if finding is not None:
                    said.append(finding)
    except HdlLspError as error:
        console.print(
            f"[yellow]note:[/yellow] reviewed without the model: {error}", highlight=False
        )
    return said
