"""`hdl-lsp init`: proposes an hdl-lsp.toml, shows what each line is worth, and writes it when asked to."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN
from hdl_lsp.errors import HdlLspError, UsageError
from hdl_lsp.server.proposing import as_json, propose
from hdl_lsp.workspace.proposal import Choice, Proposal, proof, toml

FILE = "hdl-lsp.toml"
NOTHING_SAID: Mapping[str, object] = {
    "project": {"sources": [], "exclude": [], "filelists": [], "include_dirs": [], "defines": []}
}
"""As if no hdl-lsp.toml were there yet."""
PIPE_COLUMNS = 160  # where nobody says how wide a line may be


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp init`."""
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="top of the design; default: here"
    )
    parser.add_argument("--write", action="store_true", help=f"write {FILE} into the folder")
    parser.add_argument("--force", action="store_true", help=f"overwrite an {FILE} that is there")
    parser.add_argument("--json", action="store_true", help="print the proposal as JSON")


def run(options: argparse.Namespace) -> int:
    """0, or 3 when nothing could be measured."""
    return world.run(_init(options))


async def _init(options: argparse.Namespace) -> int:
    folder = (options.folder or Path.cwd()).resolve()
    target = folder / FILE
    if options.write and not options.force and target.exists():
        raise UsageError(f"{target} is there already; --force overwrites it")
    given = argparse.Namespace(project=folder, top=[], define=[], target="")
    console = world.terminal()
    async with world.opened(given, [folder], NOTHING_SAID) as session:
        with world.bar(console, "trying") as progress:
            found = await propose(session.snapshot(), str(folder), world.Told(progress))
    if found.failure:
        raise HdlLspError(f"nothing could be tried: {found.failure}")
    if options.json:
        print(json.dumps(as_json(found), indent=2))
    else:
        _print(found)
    if options.write:
        _write(target, toml(found))
        console.print(f"written: {target}", highlight=False, soft_wrap=True)
    elif not options.json and sys.stdout.isatty():
        console.print("'hdl-lsp init --write' writes this file", highlight=False)
    return CLEAN


def _write(target: Path, text: str) -> None:
    if target.is_symlink():
        raise UsageError(f"{target} is a link, perhaps out of the folder; nothing was written")
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as err:
        raise HdlLspError(f"can't write {target}: {err.strerror}") from err


def _print(found: Proposal) -> None:
    """The choices as a table, then the file."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
    table = Table("choice", "errors before", "after", "files", "", box=None, pad_edge=False)
    for column in table.columns[1:4]:
        column.justify = "right"
        column.no_wrap = True
    table.columns[0].overflow = "fold"
    shown = [choice for choice in found.choices if choice.is_kept or choice.files]
    for choice in shown:
        table.add_row(*_row(choice))
    console.print(table)
    idle = len(found.choices) - len(shown)
    if idle:
        console.print(f"[dim]{idle} more choices were tried and changed nothing[/dim]")
    console.print()
    print(toml(found), end="")


def _row(choice: Choice) -> tuple[str, ...]:
    rest = "not taken" if choice.after >= choice.before else "not needed in the end"
    verdict = proof(choice) if choice.is_kept else rest
    name = escape(f"{choice.kind.value}: {choice.value}")
    return (name, str(choice.before), str(choice.after), str(choice.files), verdict)
