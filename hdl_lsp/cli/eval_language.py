"""`hdl-lsp eval language DESIGN`: every name of a design, asked as an editor asks and judged by slang."""

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
from hdl_lsp.cli.eval_design import add_design_arguments
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.lab.evaluate.design import Design, opened
from hdl_lsp.lab.evaluate.language import Evaluation, LanguageResult
from hdl_lsp.lab.evaluate.score import Bar, Tally
from hdl_lsp.lab.evaluate.truth import walked
from hdl_lsp.semantics.truth.record import DesignTruth

REFERENCES = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp eval language`."""
    add_design_arguments(parser)
    parser.add_argument(
        "--inferred",
        action="store_true",
        help="the server is not told the file list and finds files, folders and macros itself",
    )
    parser.add_argument(
        "--references",
        type=int,
        default=REFERENCES,
        metavar="N",
        help=f"ask N symbols for all their uses, always the same ones; -1: all; default: {REFERENCES}",
    )
    parser.add_argument(
        "--show",
        type=int,
        default=0,
        metavar="N",
        help="print so many mismatches of each class",
    )
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when every bar is reached, 1 when one is missed."""
    design = Design(
        folder=options.design.absolute(),
        filelist=options.file_list and options.file_list.absolute(),
        tops=tuple(options.top),
        defines=tuple(options.define),
        is_inferred=options.inferred,
    )
    return world.run(_evaluate(options, design))


async def _evaluate(options: argparse.Namespace, design: Design) -> int:
    console = world.terminal()
    with world.bar(console, "evaluating") as progress:
        task = progress.add_task("reading the design", total=None)
        async with opened(design) as (session, request):
            progress.update(task, description="elaborating")
            truth = await walked(request)
            progress.update(task, total=len(truth.names))
            count = options.references if options.references >= 0 else None
            result = await Evaluation(session, truth, count).run(
                lambda path: progress.update(task, advance=1, description=Path(path).name)
            )
    bars = result.bars()
    if options.json:
        print(json.dumps(_as_json(truth, result, bars), indent=2, ensure_ascii=False))
    else:
        _print(Console(highlight=False), truth, result, bars, options.show)
    return FINDINGS if any(bar.is_met is False for bar in bars) else CLEAN


def _as_json(truth: DesignTruth, result: LanguageResult, bars: Sequence[Bar]) -> dict[str, object]:
    return {
        "bars": [asdict(bar) for bar in bars],
        "files": result.files,
        "instances": truth.instances,
        "errors": truth.errors,
        "first_errors": list(truth.first_errors),
        "classes": {
            name: {category: dict(counts) for category, counts in tally.verdicts.items()}
            for name, tally in _tallies(result).items()
        },
        "mismatches": [asdict(one) for one in result.mismatches],
    }


def _tallies(result: LanguageResult) -> dict[str, Tally]:
    return {
        "definition": result.definitions,
        "hover": result.hovers,
        "references found": result.recall,
        "references right": result.precision,
    }


def _print(
    console: Console, truth: DesignTruth, result: LanguageResult, bars: Sequence[Bar], shown: int
) -> None:
    title = f"{result.files} files, {truth.instances:,} instances"
    table = Table("what", "bar", "measured", "", title=title, title_justify="left")
    for bar in bars:
        verdict = {True: "[green]met", False: "[bold red]missed", None: ""}[bar.is_met]
        table.add_row(escape(bar.what), bar.bar, bar.measured, verdict)
    console.print(table)
    if truth.errors:
        first = "; ".join(truth.first_errors)
        console.print(f"slang reports {truth.errors} errors in this design: {escape(first)}")
    classes = Counter((m.question, m.category, m.verdict) for m in result.mismatches)
    for (question, category, verdict), count in classes.most_common():
        console.print(f"{count:>6}  {question}: {category}: {verdict}")
        some = (
            m
            for m in result.mismatches
            if (m.question, m.category, m.verdict) == (question, category, verdict)
        )
        for mismatch, _ in zip(some, range(shown), strict=False):
            wanted = f", wanted {mismatch.wanted}" if mismatch.wanted else ""
            got = f", got {mismatch.got}" if mismatch.got else ""
            console.print(
                escape(f"          {mismatch.place} {mismatch.name}{wanted}{got}"), soft_wrap=True
            )
