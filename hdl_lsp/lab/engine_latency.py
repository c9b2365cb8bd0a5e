"""How fast the model worker is: the next key, a cancellation, and life after a crash.

Must not measure how good a model is, nor anything a prompt of a real file would not show.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hdl_lsp.config import Config
from hdl_lsp.errors import HdlLspError
from hdl_lsp.lab.lsp_client import LspClient, RequestFailedError
from hdl_lsp.lab.places import place, read
from hdl_lsp.lab.samples import Row
from hdl_lsp.llm.engine import EngineState, FimPrompt, GenerateRequest
from hdl_lsp.llm.router import RoutedEngine, build_engine
from hdl_lsp.text.source import Offset, SourceText, span

Say = Callable[[str], None]
Json = Any

KEYS = 40
CANCELS = 40
CRASHES = 30
PREFIX_BYTES = 2_800


class WatchedEngine:
    """The engine of the default settings, and a way to wait until its worker is idle."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        llm = Config().llm
        self._changed = asyncio.Event()
        self.engine: RoutedEngine = build_engine(
            model=llm.model,
            chat_model="",
            gpu_layers=llm.gpu_layers,
            threads=llm.threads,
            context_tokens=llm.context_tokens,
            on_change=self._changed.set,
        )

    async def idle(self) -> None:
        """Returns when the worker has said that it is done with everything."""
        while self.engine.status().state is EngineState.BUSY:
            self._changed.clear()
            if self.engine.status().state is EngineState.BUSY:
                await self._changed.wait()


def _prompt(path: Path, offset: int) -> FimPrompt:
    """The file before the line of *offset*, and an empty line."""
    text = read(path)
    start = text.line_span(text.line_of(offset)).start
    return FimPrompt(
        context="",
        path=path.name,
        prefix=text.slice(span(max(0, start - PREFIX_BYTES), start)),
        line_prefix="",
        suffix=text.slice(span(start, min(text.size_bytes, start + 900))),
    )


async def next_key(watched: WatchedEngine, path: Path, say: Say) -> list[Row]:
    """Letters typed after a prompt that is read: first token against the time of a decoded token."""
    text = read(path)
    line = max(
        range(text.line_count // 2, text.line_count), key=lambda n: len(text.line_text(n).strip())
    )
    typed = text.line_text(line).strip()
    prompt = _prompt(path, text.line_span(line).start)
    engine = watched.engine
    await engine.generate(GenerateRequest(prompt, 16, document="bench"))
    in_tokens: list[float] = []
    in_ms: list[float] = []
    read_again: list[float] = []
    for count in range(1, KEYS + 1):
        say(f"key {count} of {KEYS}")
        letters = typed[: 1 + count % max(1, len(typed) - 1)]
        made = await engine.generate(
            GenerateRequest(replace(prompt, line_prefix=letters), 8, document="bench")
        )
        timings = made.timings
        if timings.generated_tokens < 3:
            continue
        first = timings.first_token_ms - timings.queue_ms
        each = (timings.total_ms - timings.first_token_ms) / (timings.generated_tokens - 1)
        in_ms.append(timings.first_token_ms)
        in_tokens.append(first / each)
        read_again.append(timings.prompt_tokens - timings.reused_tokens)
    return [
        Row(
            "ghost text, next key, prompt already read: first token",
            "≤ 2 decoded tokens' time",
            tuple(in_tokens),
            unit="decoded tokens' time",
            limit=2,
            note="the time of a decoded token is the mean of the tokens that follow in the same answer",
        ),
        Row("the same, prompt tokens read", "", tuple(read_again), unit="tokens"),
        Row("the same, in milliseconds", "", tuple(in_ms)),
    ]


async def cancellation(watched: WatchedEngine, path: Path, say: Say) -> Row:
    """Cancel at a random moment of reading a prompt or generating, until the worker takes the next request."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    size = read(path).size_bytes
    taken: list[float] = []
    for number in range(CANCELS):
        say(f"cancel {number + 1} of {CANCELS}")
        prompt = _prompt(path, chance.randrange(PREFIX_BYTES, size))
        task = asyncio.create_task(watched.engine.generate(GenerateRequest(prompt, 400)))
        await asyncio.sleep(chance.uniform(0.02, 0.6))
        began = time.perf_counter()
        task.cancel()
        await asyncio.wait({task})
        await watched.idle()
        taken.append(1000 * (time.perf_counter() - began))
    return Row(
        "cancel of a running generation or prompt evaluation",
        "p99 ≤ 50 ms on CPU",
        tuple(taken),
        limit=50,
        quantile=0.99,
    )


async def after_a_crash(folder: Path, path: Path, say: Say) -> list[Row]:
    """SIGSEGV to the model worker while it generates: hover meanwhile, and ghost text again.

    Each in a server of its own: a worker that keeps dying is deliberately restarted more and more slowly.
    """
    text = read(path)
    hovers: list[float] = []
    back: list[float] = []
    boxes = 0
    for line in itertools.cycle(_assignments(text)):
        if len(back) == CRASHES:
            break
        say(f"crash {len(back) + 1} of {CRASHES}")
        async with await LspClient.start() as client:
            await client.initialize(folder, {"inline": {"deadlineMs": 60000}})
            measured = await _crash(client, path, text, line)
            boxes += len(client.shown_errors)
        if measured is not None:
            hovers.append(measured[0])
            back.append(measured[1])
    return [
        Row(
            "worker killed with SIGSEGV during a generation: hover",
            "≤ 100 ms",
            tuple(hovers),
            limit=100,
        ),
        Row("the same: ghost text back", "≤ 3 s", tuple(back), limit=3000),
        Row("the same: error boxes", "0", (float(boxes),), unit="", limit=0),
    ]


async def _crash(
    client: LspClient, path: Path, text: SourceText, line: int
) -> tuple[float, float] | None:
    """Milliseconds of the hover and until ghost text is back; None where the model suggests nothing at *line*."""
    uri = client.open(path, text.text)
    hover_at = place(path, text, Offset(text.data.index(b"clk_i")))
    start = text.line_text(line).index("=") + 1
    at, end = (
        {"line": line, "character": start},
        {"line": line, "character": len(text.line_text(line))},
    )
    ask = {"textDocument": {"uri": uri}, "position": at, "context": {"triggerKind": 1}}
    client.change(uri, at, end, "")
    await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    if not _items(await client.request("textDocument/inlineCompletion", ask)):
        return None
    # A comment below makes it another text, so that the model is asked again and not the server's memory.
    note = {"line": line + 1, "character": 0}
    client.change(uri, note, note, "// once more\n")
    _, pending = client.begin("textDocument/inlineCompletion", ask)
    worker = await _busy_worker(client)
    os.kill(worker, signal.SIGSEGV)
    began = time.perf_counter()
    await client.request("textDocument/hover", hover_at.params)
    hover_ms = 1000 * (time.perf_counter() - began)
    if not await _is_back(client, ask, pending):
        return None
    return hover_ms, 1000 * (time.perf_counter() - began)


def _assignments(text: SourceText) -> list[int]:
    """Lines with a whole `assign`, in an order that does not depend on the day."""
    lines = [
        n
        for n in range(text.line_count)
        if text.line_text(n).startswith("  assign ") and text.line_text(n).rstrip().endswith(";")
    ]
    random.Random(3).shuffle(lines)  # noqa: S311 - not a secret
    return lines


async def _busy_worker(client: LspClient) -> int:
    """The worker's process id, as soon as it is at work. Raises HdlLspError where it can't be found."""
    async with asyncio.timeout(30):
        # Another process's state: there is no event to wait for.
        while (await client.request("hdl/engineStatus", None))["state"] != "busy":  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    worker = _worker_of(client.process.pid)
    if worker is None:
        raise HdlLspError("the model worker's process was not found")
    return worker


async def _is_back(client: LspClient, ask: Json, pending: asyncio.Future[Json]) -> bool:
    """Asks until a suggestion comes; false if none comes within a minute."""
    await asyncio.wait({pending})
    answer = None if pending.cancelled() or pending.exception() else pending.result()
    try:
        async with asyncio.timeout(60):
            while not _items(answer):
                with contextlib.suppress(RequestFailedError):
                    answer = await client.request("textDocument/inlineCompletion", ask)
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


def _items(answer: Json) -> list[Json]:
    return list(answer["items"] if answer and "items" in answer else answer or [])


def _worker_of(server: int | None) -> int | None:
    """Process id of the server's model worker, from /proc; None where there is none."""
    if server is None or not Path("/proc").is_dir():
        raise HdlLspError("the crash rows need /proc, that is Linux; run the others with --quick")
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            continue
        if parent == server and b"hdl_lsp.llm.worker" in command:
            return int(entry.name)
    return None
