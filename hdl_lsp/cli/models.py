"""`hdl-lsp models list|info|pull`: which models there are, what is in a file, and fetching one."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from hdl_lsp.cli.exits import CLEAN
from hdl_lsp.llm import catalogue
from hdl_lsp.llm.pull import is_pinned, pull


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp models`."""
    what = parser.add_subparsers(dest="what", required=True, metavar="list|info|pull")
    listed = what.add_parser("list", help="the models hdl-lsp knows by name")
    listed.add_argument("--json", action="store_true", help="print the catalogue as JSON")
    info = what.add_parser("info", help="what is in a model file")
    info.add_argument("model", help="a name from the list, or the path of a GGUF file")
    info.add_argument("--json", action="store_true", help="print it as JSON")
    fetched = what.add_parser("pull", help="fetch a model; goes on where a download broke off")
    fetched.add_argument("model", help="a name from the list")


def run(options: argparse.Namespace) -> int:
    """0; failures are raised."""
    match options.what:
        case "list":
            _list(as_json=options.json)
        case "info":
            _info(options.model, as_json=options.json)
        case _:
            _pull(options.model)
    return CLEAN


def _list(*, as_json: bool) -> None:
    rows = catalogue.listings()
    if as_json:
        print(
            json.dumps(
                [{**asdict(row.entry), "here": row.is_installed} for row in rows],
                default=str,
                indent=2,
            )
        )
        return
    table = Table(box=None, pad_edge=False)
    for title in ("model", "for", "FIM", "size", "here", "licence"):
        table.add_column(title, no_wrap=True)
    for row in rows:
        entry = row.entry
        size = f"{entry.size_mb} MB" if entry.size_mb < 1000 else f"{entry.size_mb / 1000:.1f} GB"
        here = "yes" if row.is_installed else "no"
        use = {"inline": "ghost text", "chat": "words"}[entry.role.value]
        table.add_row(entry.name, use, entry.fim, size, here, _short(entry.licence))
    Console(highlight=False).print(table)


def _short(licence: str) -> str:
    """A licence's name as it fits into a table; `models info` has the whole."""
    return licence.partition(",")[0].replace("Terms of Use", "terms")


def _info(model: str, *, as_json: bool) -> None:
    info = catalogue.info(model)
    header = info.header
    facts: dict[str, object] = {
        "path": str(info.path),
        "size": f"{header.size_bytes / 1e6:.0f} MB",
        "architecture": header.architecture,
        "parameters": f"{header.parameters / 1e6:.0f} million",
        "quantisation": header.quantisation,
        "context": f"{header.context_length} tokens",
        "layers": header.layers,
        "chat template": "yes" if header.has_chat_template else "no",
    }
    if info.entry:
        facts = {
            "name": info.entry.name,
            "about": info.entry.about,
            "licence": info.entry.licence,
            "FIM": info.entry.fim,
            **facts,
        }
    if as_json:
        print(json.dumps(facts, indent=2))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in facts.items():
        table.add_row(key, str(value))
    Console(highlight=False).print(table)


def _pull(model: str) -> None:
    console = Console(stderr=True, highlight=False)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(model, total=None)

        def report(so_far: int, total: int) -> None:
            progress.update(task, completed=so_far, total=total or None)

        path = pull(model, report)
    if not is_pinned(catalogue.entry(model)):
        console.print(
            "note: no digest is known for this model; its size was compared, its content was not"
        )
    print(path)
