"""`hdl-lsp stats`: how many suggestions were shown and accepted, by site and by who made them.

Must not send anything: it reads one small file of numbers on this machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table

from hdl_lsp.cli.exits import CLEAN
from hdl_lsp.server.acceptance import stats_file
from hdl_lsp.server.acceptance_store import ACCEPTED, EVENTS, OFFERED, SHOWN, Count, counts

NOTHING = """nothing has been counted; switch it on in your own settings:
  [stats]
  enabled = true
The counts stay on this machine."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp stats`."""
    parser.add_argument("--days", type=int, default=0, metavar="N", help="only the last N days")
    parser.add_argument(
        "--by", choices=("site", "origin", "both"), default="both", help="what a row stands for"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--clear", action="store_true", help="forget everything that was counted")


def run(options: argparse.Namespace) -> int:
    """Prints the table."""
    path = stats_file()
    if options.clear:
        path.unlink(missing_ok=True)
        return CLEAN
    first = datetime.now().astimezone() - timedelta(days=options.days - 1)
    since = first.strftime("%Y-%m-%d") if options.days > 0 else ""
    rows = _rows(counts(path, since), options.by)
    if options.json or not sys.stdout.isatty():
        json.dump(rows, sys.stdout, indent=1)
        sys.stdout.write("\n")
        return CLEAN
    console = Console()
    if not rows:
        console.print(NOTHING, markup=False)
        return CLEAN
    console.print(_table(rows))
    return CLEAN


Row = Mapping[str, str | int | float | None]


def _rows(found: Iterable[Count], by: str) -> list[Row]:
    """One row for each kind of site, origin, or pair of them."""
    numbers: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(EVENTS, 0))
    characters: dict[tuple[str, str], int] = defaultdict(int)
    for count in found:
        key = (count.site if by != "origin" else "", count.origin if by != "site" else "")
        numbers[key][count.event] += count.number
        if count.event == ACCEPTED:
            characters[key] += count.characters
    rows: list[Row] = []
    for (site, origin), events in sorted(numbers.items()):
        seen = events[SHOWN] or events[OFFERED]
        rows.append(
            {
                **({"site": site} if site else {}),
                **({"origin": origin} if origin else {}),
                **events,
                "acceptance": round(events[ACCEPTED] / seen, 4) if seen else None,
                "charactersAccepted": characters[site, origin],
            }
        )
    return rows


def _table(rows: list[Row]) -> Table:
    names = [name for name in ("site", "origin") if name in rows[0]]
    table = Table(title="suggestions")
    for name in names:
        table.add_column(name)
    for name in (*EVENTS, "acceptance", "characters"):
        table.add_column(name, justify="right")
    for row in rows:
        share = row["acceptance"]
        table.add_row(
            *(str(row[name]) for name in names),
            *(f"{row[event]}" for event in EVENTS),
            f"{100 * share:.0f} %" if isinstance(share, float) else "",
            f"{row['charactersAccepted']}",
        )
    return table
