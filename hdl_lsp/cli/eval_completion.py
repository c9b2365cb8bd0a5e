"""`hdl-lsp eval completion DIR`: real code taken out, asked for as an editor asks, and compared."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hdl_lsp.cli import world
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.errors import UsageError
from hdl_lsp.lab.evaluate.completion import scores
from hdl_lsp.lab.evaluate.completion.curve import Point, points, svg
from hdl_lsp.lab.evaluate.completion.markdown import markdown, share
from hdl_lsp.lab.evaluate.completion.masks import COMPUTED, MaskKind
from hdl_lsp.lab.evaluate.completion.report import SiteScore, bars, new_errors, site_scores
from hdl_lsp.lab.evaluate.completion.run import WAYS, Evaluation, Miss, Plan
from hdl_lsp.lab.evaluate.completion.scores import Row
from hdl_lsp.llm import ngram
from hdl_lsp.llm.engine import Lane
from hdl_lsp.llm.fim import PREFIX_ONLY

COUNT = 30
NO_INFILL = ("", PREFIX_ONLY, ngram.NAME)
NAMES = {"model": "checked by slang", "ungated": "not checked"}
WIDTH = 175  # of the table in a file or a pipe


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp eval completion`."""
    parser.add_argument("design", type=Path, nargs="?", metavar="DIR", help="a folder of real code")
    parser.add_argument(
        "--engine",
        choices=tuple(WAYS),
        default="all",
        help="all: as the editor shows it by itself (default); asked: as it shows it when the key is pressed; "
        "computed: without a model; "
        "model: its best suggestion, whatever is computed and with no rule of silence; "
        "ungated: the same without slang's check; "
        "raw-prefix, raw-infill: the same model behind a prompt as others build it, and nothing else",
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="ask behind the raw prompts too, side by side; infill only with a model that has the tokens",
    )
    parser.add_argument(
        "--level", default="", metavar="LEVEL", help="inline.level: sure, balanced or eager"
    )
    parser.add_argument(
        "--site",
        action="append",
        default=[],
        choices=[kind.word for kind in MaskKind],
        metavar="KIND",
        help="only this kind of site, again for another: " + ", ".join(k.word for k in MaskKind),
    )
    parser.add_argument(
        "--n", type=int, default=COUNT, metavar="N", help=f"masks of a kind; default: {COUNT}"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="which are drawn; default: 1"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="SOURCE",
        help="leave a source of context out of prompts: interfaces, typedefs, ...",
    )
    parser.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="write a row for each mask; what is there already is not asked again",
    )
    parser.add_argument(
        "--show",
        type=int,
        default=0,
        metavar="N",
        help="print so many places of each site where nothing or something else was shown",
    )
    parser.add_argument(
        "--rows",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="ask nothing: add up what such files hold",
    )
    parser.add_argument(
        "--curve",
        type=Path,
        metavar="FILE",
        help="draw precision over the threshold of confidence, from rows asked of the model alone",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="the tables as docs/benchmarks.md has them"
    )
    parser.add_argument("--json", action="store_true", help="the table as JSON")
    world.add_project_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """0 when every bar is reached, 1 when one is missed."""
    if options.rows:
        misses: Sequence[Miss] = ()
        rows: Sequence[Row] = [row for path in options.rows for row in scores.read(path)]
    elif options.design is None:
        raise UsageError("which folder? hdl-lsp eval completion DIR")
    else:
        design = Path(os.path.abspath(options.design))  # noqa: PTH100 - resolve() would follow links
        root = design if design.is_dir() else design.parent
        rows, misses = world.run(_asked(options, design, root))
    if options.curve:
        options.curve.write_text(svg(curves(rows)), encoding="utf-8")
    if options.markdown:
        print(markdown(bars(rows), site_scores(rows), curves(rows)), end="")
    elif options.json:
        print(json.dumps(_as_json(rows), indent=2, ensure_ascii=False))
    else:
        console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
        _print(console, rows)
        _print_misses(console, misses, options.show)
    return FINDINGS if any(bar.is_met is False for bar in bars(rows)) else CLEAN


def _plan(options: argparse.Namespace, *, has_infill: bool) -> Plan:
    kinds = tuple(kind for kind in MaskKind if not options.site or kind.word in options.site)
    if options.engine == "computed" and not options.site:
        kinds = tuple(kind for kind in kinds if kind in COMPUTED)
    raw = ("raw-prefix", *(("raw-infill",) if has_infill else ())) if options.raw else ()
    return Plan(
        kinds=kinds,
        engines=tuple(dict.fromkeys((options.engine, *raw))),
        per_kind=options.n,
        seed=options.seed,
        without=frozenset(options.without),
        level=options.level,
    )


def _settings(options: argparse.Namespace) -> dict[str, object]:
    """As in an editor, but for the patience: answers must not depend on what else the machine does."""
    inline: dict[str, object] = {"deadlineMs": 120_000}
    if options.level:
        inline["level"] = options.level
    found: dict[str, object] = {"inline": inline}
    if options.engine == "computed" and not options.raw:
        found["llm"] = {"enabled": False}
    return found


async def _asked(
    options: argparse.Namespace, design: Path, root: Path
) -> tuple[list[Row], list[Miss]]:
    earlier = scores.read(options.csv) if options.csv else ()
    rows: list[Row] = []
    async with world.opened(options, [design], _settings(options)) as session:
        files = world.files_of(session, [design])
        if options.engine != "computed" or options.raw:
            await session.warm_engine()
            if not session.has_model(Lane.INLINE):
                raise UsageError(f"no model to ask: {session.engine.status().detail}")
            session.files.search_similar(0)
            await session.files.similar.complete()
        has_infill = session.engine.status().fim not in NO_INFILL
        plan = _plan(options, has_infill=has_infill)
        if "raw-infill" in plan.engines and not has_infill:
            raise UsageError("this model has no fill-in-the-middle tokens; ask with raw-prefix")
        run_ = Evaluation(session, root, plan, {row.key: row for row in earlier})
        with world.bar(world.terminal(), "asking") as progress:
            task = progress.add_task("", total=run_.total)
            async for row in run_.rows(files):
                rows.append(row)
                if options.csv and row.key not in run_.done:
                    scores.write(options.csv, [row])
                progress.update(task, advance=1, description=f"{row.site} in {row.file}")
    for problem in run_.problems:
        print(f"not judged: {problem}", file=sys.stderr)
    return rows, run_.misses


def curves(rows: Sequence[Row]) -> dict[str, tuple[Point, ...]]:
    """The curve of each model that was asked alone, where a model has to write."""
    written = {kind.value for kind in MaskKind if kind not in COMPUTED}
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.engine in ("model", "ungated") and row.site in written:
            found.setdefault(f"{row.model}, {NAMES[row.engine]}", []).append(row)
    return {name: points(some) for name, some in found.items() if points(some)}


def _as_json(rows: Sequence[Row]) -> dict[str, object]:
    return {
        "bars": [asdict(bar) for bar in bars(rows)],
        "sites": [asdict(score) for score in site_scores(rows)],
        "curves": {
            name: [asdict(point) for point in curve] for name, curve in curves(rows).items()
        },
        "new_errors": [asdict(row) for row in new_errors(rows)],
    }


_COLUMNS = (
    "site", "asked", "shown", "exact", "right if shown", "alike", "parses", "elaborates", "parts right",
    "p50 ms", "p95 ms", "tokens read", "written",
)  # fmt: skip


def _print(console: Console, rows: Sequence[Row]) -> None:
    found = site_scores(rows)
    for engine in dict.fromkeys(score.engine for score in found):
        table = Table(title=engine, title_justify="left")
        for column in _COLUMNS:
            table.add_column(column, no_wrap=True)
        for score in found:
            if score.engine == engine:
                table.add_row(*(escape(cell) for cell in _cells(score)))
        console.print(table)
    for bar in bars(rows):
        verdict = {True: "met", False: "[bold red]missed[/bold red]", None: ""}[bar.is_met]
        console.print(
            f"{escape(bar.what)}: {bar.measured} (bar {bar.bar}) {verdict}", soft_wrap=True
        )
    for name, curve in curves(rows).items():
        table = Table("probability", "shown", "right if shown", title=name, title_justify="left")
        for point in curve:
            table.add_row(
                f"≥ {point.probability:.2f}", f"{point.shown:.1%}", f"{point.precision:.1%}"
            )
        console.print(table)
    for row in new_errors(rows):
        place = f"{row.file}:{row.offset} {row.site}"
        console.print(escape(f"  {row.engine}: {place}: {row.reason}"), soft_wrap=True)


def _print_misses(console: Console, misses: Sequence[Miss], most: int) -> None:
    seen: Counter[str] = Counter()
    for miss in misses:
        seen[miss.site] += 1
        if seen[miss.site] <= most:
            said = f"[{miss.origin}] {miss.got}" if miss.got else "nothing"
            text = f"--- {miss.site}, {miss.place}\nwanted: {miss.wanted}\ngot: {said}"
            console.print(escape(text), soft_wrap=True)


def _cells(score: SiteScore) -> tuple[str, ...]:
    shown = score.shown
    return (
        score.site,
        str(score.count),
        share(shown, score.count),
        share(score.exact, score.count),
        share(score.right, shown),
        f"{score.similarity:.2f}",
        share(score.parses, shown),
        share(score.elaborates, shown),
        share(score.parts_right, score.parts_given),
        f"{score.latency_p50_ms:.0f}",
        f"{score.latency_p95_ms:.0f}",
        f"{score.prompt_tokens:.0f}",
        f"{score.generated_tokens:.0f}",
    )
