"""`hdl-lsp bench`: the table of docs/benchmarks.md, measured on this machine."""

from __future__ import annotations

import argparse
import asyncio
import compileall
import datetime as dt
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hdl_lsp import __version__
from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.errors import HdlLspError
from hdl_lsp.lab import (
    design_latency,
    engine_latency,
    gate_latency,
    index_latency,
    request_latency,
    server_latency,
    side_by_side,
    sweep,
)
from hdl_lsp.lab.lsp_client import LspClient
from hdl_lsp.lab.places import ibex, installed
from hdl_lsp.lab.samples import Row

CORE = "rtl/ibex_core.sv"
BIG_FILE_BYTES = 84_000
PACKAGE = Path(__file__).resolve().parents[1]
PARTS: tuple[str, ...] = (
    "start",
    "errors",
    "edit",
    "questions",
    "index",
    "requests",
    "references",
    "keystroke",
    "gate",
    "design",
    "side-by-side",
    "engine",
    "ghost",
    "crash",
    "sweep",
)
WITH_MODEL = frozenset({"engine", "ghost", "crash"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp bench`."""
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part only; may be repeated"
    )
    parser.add_argument(
        "--design",
        type=Path,
        metavar="FOLDER",
        help="a large design for index and requests, instead of the installed cva6",
    )
    parser.add_argument("--no-model", action="store_true", help="leave out what needs a model")
    parser.add_argument("--json", action="store_true", help="all samples, as JSON")
    parser.add_argument(
        "--markdown", action="store_true", help="the table as docs/benchmarks.md has it"
    )


def run(options: argparse.Namespace) -> int:
    """0 when every bar is reached, 1 when one is missed."""
    parts: set[str] = set(options.only or PARTS)
    if options.no_model:
        parts -= WITH_MODEL
    console = Console(stderr=True, highlight=False)
    # As pip leaves an installed package. In a checkout whose Python may write no bytecode, every start would
    # compile the whole server and both its children first.
    compileall.compile_dir(PACKAGE, quiet=2)
    with console.status("") as status:
        rows = asyncio.run(_measured(parts, options.design, status.update))
    if options.json:
        print(
            json.dumps(
                {"machine": machine(), "rows": [asdict(r) for r in rows]},
                indent=2,
                ensure_ascii=False,
            )
        )
    elif options.markdown:
        print(markdown(rows))
    else:
        _print(rows)
    return FINDINGS if any(row.is_met is False for row in rows) else CLEAN


async def _measured(parts: set[str], design: Path | None, say: Callable[[str], None]) -> list[Row]:
    """The rows of *parts*, on a copy of Ibex that nobody else looks at, and on *design* as it is."""
    with tempfile.TemporaryDirectory(prefix="hdl-lsp-bench-") as scratch:
        folder = Path(scratch) / "ibex"
        await asyncio.to_thread(shutil.copytree, ibex(), folder)
        core = folder / CORE
        files = tuple(sorted((folder / "rtl").glob("*.sv")))
        rows: list[Row] = []
        if "start" in parts:
            rows.append(await server_latency.start_up(folder, say))
        if parts & {"errors", "edit", "questions"}:
            async with await LspClient.start() as client:
                await client.initialize(folder, server_latency.NO_MODEL)
                if "errors" in parts:
                    rows.append(await server_latency.false_errors(client, files, say))
                if "edit" in parts:
                    rows.append(await server_latency.edit_to_diagnostics(client, core, say))
                if "questions" in parts:
                    rows += await server_latency.questions(client, core, say)
        rows += await _language_rows(parts, Path(scratch), folder, design, say)
        if "ghost" in parts:
            async with await LspClient.start() as client:
                await client.initialize(folder, {"inline": {"deadlineMs": 60000}})
                rows.append(await server_latency.typed_through(client, core, say))
        if "engine" in parts:
            rows += await _engine_rows(core, say)
        if "crash" in parts:
            rows += await engine_latency.after_a_crash(folder, core, say)
        if "sweep" in parts:
            rows += await sweep.every_identifier(folder, files, say)
        return rows


async def _language_rows(
    parts: set[str], scratch: Path, folder: Path, design: Path | None, say: Callable[[str], None]
) -> list[Row]:
    """The rows about large designs and about the company we keep."""
    rows: list[Row] = []
    cva6 = installed("pythondata_cpu_cva6")
    large = (design or cva6).resolve()
    if "index" in parts:
        rows += await index_latency.index_rows(large, scratch, say)
    if "requests" in parts:
        rows += await request_latency.every_request((cva6 if design else folder, large), say)
    if "references" in parts:
        rows.append(await request_latency.shared_signal(scratch, say))
    if "keystroke" in parts:
        rows.append(await _keystroke(say))
    if "gate" in parts:
        cva6 = installed("pythondata_cpu_cva6")
        rows += await gate_latency.gate(folder / CORE, (folder, cva6), say)
    if "design" in parts:
        rows += await design_latency.whole_design(scratch, say)
    if "side-by-side" in parts:
        copy = scratch / "side_by_side"
        await asyncio.to_thread(shutil.copytree, folder, copy)
        rows += await side_by_side.side_by_side(copy, copy / CORE, scratch, say)
    return rows


async def _keystroke(say: Callable[[str], None]) -> Row:
    """Diagnostics of a big file of cva6 after a key."""
    folder = installed("pythondata_cpu_cva6")
    async with await LspClient.start() as client:
        await client.initialize(folder, server_latency.NO_MODEL)
        path = index_latency.nearest(folder / "core", BIG_FILE_BYTES)
        return await server_latency.edit_to_diagnostics(client, path, say, "p95 ≤ 100 ms", 100)


async def _engine_rows(core: Path, say: Callable[[str], None]) -> list[Row]:
    watched = engine_latency.WatchedEngine()
    try:
        return [
            *await engine_latency.next_key(watched, core, say),
            await engine_latency.cancellation(watched, core, say),
        ]
    except HdlLspError as error:
        return [Row("the model", "works", (), limit=0, note=str(error))]
    finally:
        await watched.engine.close()


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").split("\n"):
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    memory = (
        os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        if hasattr(os, "sysconf")
        else 0
    )
    size = f", {memory:.0f} GiB" if memory else ""
    day = dt.datetime.now(dt.UTC).date()
    return (
        f"{name}, {os.cpu_count()} cores{size}, {platform.system()}, Python {platform.python_version()}, "
        f"hdl-lsp {__version__}, {day}"
    )


def _verdict(row: Row) -> str:
    return {True: "met", False: "missed", None: ""}[row.is_met]


def markdown(rows: Sequence[Row]) -> str:
    """The table for docs/benchmarks.md."""
    lines = [
        f"Measured on: {machine()}.",
        "",
        "| what | bar | measured | samples | |",
        "|---|---|---|--:|---|",
    ]
    lines += [
        f"| {row.what} | {row.bar} | {row.measured} | {len(row.samples)} | {_verdict(row)} |"
        for row in rows
    ]
    return "\n".join(lines)


def _print(rows: Sequence[Row]) -> None:
    table = Table("what", "bar", "measured", "samples", "", title=machine(), title_justify="left")
    for row in rows:
        verdict = {"met": "[green]met", "missed": "[bold red]missed"}.get(_verdict(row), "")
        table.add_row(row.what, row.bar, row.measured, str(len(row.samples)), verdict)
        if row.note:
            table.add_row(f"  [dim]{row.note}", "", "", "", "")
    Console(highlight=False).print(table)
