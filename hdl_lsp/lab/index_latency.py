"""How long a large design takes to be known, cold and from the index on disk, and what it costs meanwhile.

Must not look into the server: it is started as an editor starts it, with a cache folder of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hdl_lsp.lab.lsp_client import LspClient
from hdl_lsp.lab.memory import rss_bytes
from hdl_lsp.lab.places import Place, read, sampled
from hdl_lsp.lab.samples import Row

Say = Callable[[str], None]
Json = Any

COLD_RUNS = 3
WARM_RUNS = 5
POLL_S = 0.02  # each question costs the server a third of a millisecond
NO_MODEL: Json = {"llm": {"enabled": False}}

MEANWHILE = (
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/completion",
    "textDocument/documentSymbol",
    "textDocument/documentHighlight",
)


@dataclass(slots=True)
class Run:
    """One start of the server on a design. Milliseconds from the request `initialize` on.

    It is sent as soon as there is a process: the start of Python counts.
    """

    answered_ms: float = 0
    loaded_ms: float = 0
    memory_mib: float = 0
    files: int = 0
    meanwhile_ms: list[float] = field(default_factory=list[float])


async def index_rows(folder: Path, scratch: Path, say: Say) -> list[Row]:
    """Cold runs, each with an empty cache, then warm ones on the last cache."""
    cold: list[Run] = []
    for number in range(COLD_RUNS):
        say(f"cold index of {folder.name}, {number + 1} of {COLD_RUNS}")
        cold.append(await _run(folder, scratch / f"cache{number}", asks=False))
    say(f"cold index of {folder.name} while it is asked")
    asked = await _run(folder, scratch / "asked", asks=True)
    warm: list[Run] = []
    for number in range(WARM_RUNS):
        say(f"warm start of {folder.name}, {number + 1} of {WARM_RUNS}")
        warm.append(await _run(folder, scratch / f"cache{COLD_RUNS - 1}", asks=False))
    name = f"`{folder.name}` ({cold[0].files} files)"
    meanwhile = tuple(asked.meanwhile_ms)
    return [
        _seconds(f"{name}: cold index", "≤ 6 s", cold, lambda run: run.loaded_ms, 6),
        _seconds("the same: `initialize` answered", "≤ 1 s", cold, lambda run: run.answered_ms, 1),
        _seconds("the same: warm from disk", "≤ 0.5 s", warm, lambda run: run.loaded_ms, 0.5),
        Row(
            "the same: memory after indexing, server and workers",
            "≤ 350 MiB",
            tuple(run.memory_mib for run in (*cold, asked)),
            unit="MiB",
            limit=350,
            quantile=1,
        ),
        Row("read-only requests while it is indexed", "p95 ≤ 50 ms", meanwhile, limit=50),
        Row("the same", "p99 ≤ 150 ms", meanwhile, limit=150, quantile=0.99),
    ]


def _seconds(
    what: str, bar: str, runs: Sequence[Run], taken_ms: Callable[[Run], float], limit: float
) -> Row:
    taken_s = tuple(taken_ms(run) / 1000 for run in runs)
    return Row(what, bar, taken_s, unit="s", limit=limit, quantile=1)


async def _run(folder: Path, cache: Path, *, asks: bool) -> Run:
    run = Run()
    client = await LspClient.start(environment={"XDG_CACHE_HOME": str(cache)})
    async with client:
        began = time.perf_counter()
        await client.initialize(folder, NO_MODEL)
        run.answered_ms = 1000 * (time.perf_counter() - began)
        asking = asyncio.create_task(_ask(client, folder, run)) if asks else None
        run.files = (await loaded(client))["files"]
        run.loaded_ms = 1000 * (time.perf_counter() - began)
        if asking is not None:
            asking.cancel()
            await asyncio.wait({asking})
        await asyncio.sleep(
            3
        )  # what is recycled is gone, and the open file is compiled with all it needs
        run.memory_mib = rss_bytes(client.process.pid) / 2**20
    return run


async def loaded(client: LspClient) -> Json:
    """Waits until the server has read its folders; its `hdl/projectStatus` then."""
    while True:
        status = await client.request("hdl/projectStatus", None)
        if status["isLoaded"]:
            return status
        await asyncio.sleep(POLL_S)


async def _ask(client: LspClient, folder: Path, run: Run) -> None:
    """Questions about one open file, one after the other, until cancelled."""
    path = middle_sized(folder)
    client.open(path, read(path).text)
    places = sampled(path, 40)
    for number, where in enumerate(itertools.cycle(places)):
        method = MEANWHILE[number % len(MEANWHILE)]
        began = time.perf_counter()
        await client.answered(method, parameters(method, where))
        run.meanwhile_ms.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.02)


def parameters(method: str, where: Place) -> Json:
    """Parameters of *method* at a place; of the document alone where it takes no position."""
    whole = {"textDocument": {"uri": where.path.as_uri()}}
    return whole if method.endswith("documentSymbol") else where.params


def middle_sized(folder: Path) -> Path:
    """The file under *folder* that is nearest to 20 kB: what people have open."""
    return nearest(folder, 20_000)


def nearest(folder: Path, size_bytes: int) -> Path:
    """The file under *folder* that is nearest to *size_bytes*."""
    files = sorted(folder.rglob("*.sv"))
    return min(files, key=lambda path: abs(path.stat().st_size - size_bytes))
