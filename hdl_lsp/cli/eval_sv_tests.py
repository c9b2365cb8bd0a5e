"""`hdl-lsp eval sv-tests FOLDER`: legal files show no error, illegal ones do."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.lab.evaluate.score import Bar
from hdl_lsp.lab.evaluate.svtests import SvTest, SvVerdict, bars, exceptions, judged, read_tests


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp eval sv-tests`."""
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="the `tests` folder of an sv-tests checkout"
    )
    parser.add_argument("--json", action="store_true", help="every verdict, as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when every file is judged as its header says, but for the listed ones; 1 otherwise."""
    return world.run(_evaluate(options))


async def _evaluate(options: argparse.Namespace) -> int:
    tests = read_tests(options.folder)
    console = world.terminal()
    verdicts: list[SvVerdict] = []
    with world.bar(console, "judging") as progress:
        task = progress.add_task("", total=len(tests))
        async for verdict in judged(tests):
            verdicts.append(verdict)
            progress.update(task, advance=1, description=verdict.test.name)
    lines = bars(verdicts, exceptions())
    if options.json:
        rows = [asdict(verdict) for verdict in verdicts]
        print(
            json.dumps(
                {"bars": [asdict(line) for line in lines], "verdicts": rows},
                indent=2,
                ensure_ascii=False,
                default=str,
            )
        )
    else:
        _print(Console(highlight=False), verdicts, lines)
    return FINDINGS if any(line.is_met is False for line in lines) else CLEAN


def _print(console: Console, verdicts: Sequence[SvVerdict], lines: Sequence[Bar]) -> None:
    table = Table("what", "bar", "measured", "", title=f"{len(verdicts):,} files")
    for line in lines:
        verdict = {True: "[green]met", False: "[bold red]missed", None: ""}[line.is_met]
        table.add_row(escape(line.what), line.bar, line.measured, verdict)
    console.print(table)
    listed = exceptions()
    kinds: Counter[str] = Counter()
    for verdict in verdicts:
        if verdict.is_right:
            continue
        known = listed.get(verdict.test.name)
        kinds[_kind(verdict.test)] += 1
        console.print(
            escape(
                f"{_kind(verdict.test)}: {verdict.test.name}: {known or verdict.said or 'no error'}"
            ),
            soft_wrap=True,
        )


def _kind(test: SvTest) -> str:
    return "accepted, is illegal" if test.is_illegal else "rejected, is legal"
