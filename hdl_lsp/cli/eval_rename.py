"""`hdl-lsp eval rename DESIGN`: symbols renamed at random, and the design elaborated again."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape

from hdl_lsp.cli import world
from hdl_lsp.cli.eval_design import add_design_arguments
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.lab.evaluate.design import Design
from hdl_lsp.lab.evaluate.rename import RenameResult, evaluate_rename

COUNT = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp eval rename`."""
    add_design_arguments(parser)
    parser.add_argument(
        "--count", type=int, default=COUNT, metavar="N", help=f"symbols; default: {COUNT}"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="which symbols are drawn; default: 1"
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when every bar is reached, 1 when one is missed."""
    return world.run(_evaluate(options))


async def _evaluate(options: argparse.Namespace) -> int:
    design = Design(options.design, options.file_list, tuple(options.top), tuple(options.define))
    console = world.terminal()
    with world.bar(console, "renaming") as progress:
        task = progress.add_task("elaborating", total=options.count)
        result = await evaluate_rename(
            design,
            options.count,
            options.seed,
            lambda name: progress.update(task, advance=1, description=name),
        )
    if options.json:
        shown = {**asdict(result), "bars": [asdict(bar) for bar in result.bars()]}
        print(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        _print(Console(highlight=False), result)
    return FINDINGS if any(bar.is_met is False for bar in result.bars()) else CLEAN


def _print(console: Console, result: RenameResult) -> None:
    for bar in result.bars():
        console.print(f"{bar.what}: {bar.measured} (bar {bar.bar})", soft_wrap=True)
    for reason, number in result.refused.most_common():
        console.print(f"  refused {number}: {escape(reason)}", soft_wrap=True)
    for line in (*result.new_errors, *result.missed, *result.refusals):
        console.print(f"  {escape(line)}", soft_wrap=True)
