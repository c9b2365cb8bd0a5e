"""How fast the real server answers over its pipes, on a real design.

Must not look into the server: what an editor can't see is not measured here (engine_latency.py does that).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hdl_lsp.lab.lsp_client import LspClient
from hdl_lsp.lab.places import Place, place, read, sampled
from hdl_lsp.lab.samples import Row
from hdl_lsp.text.source import Offset

Say = Callable[[str], None]
Json = Any

SAMPLES = 40
NO_MODEL: Json = {"llm": {"enabled": False}}


async def start_up(folder: Path, say: Say, samples: int = SAMPLES) -> Row:
    """Process start to `initialize` answered, fresh processes."""
    taken: list[float] = []
    for number in range(samples):
        say(f"start {number + 1} of {samples}")
        began = time.perf_counter()
        client = await LspClient.start()
        async with client:
            await client.initialize(folder, NO_MODEL)
            taken.append(1000 * (time.perf_counter() - began))
    return Row("process start to `initialize` answered", "p95 ≤ 1.0 s", tuple(taken), limit=1000)


async def false_errors(client: LspClient, files: tuple[Path, ...], say: Say) -> Row:
    """Errors shown on opening each of *files* of a design that is known to be right."""
    errors: list[str] = []
    for path in files:
        say(f"open {path.name}")
        uri = client.open(path, read(path).text)
        answer = await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        errors += [
            f"{path.name}: {d['message']}" for d in answer["items"] if d.get("severity") == 1
        ]
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    return Row(
        "Ibex `rtl/` open with no configuration file: false errors shown",
        "0",
        (float(len(errors)),),
        unit=f"in {len(files)} files",
        limit=0,
        note="; ".join(errors[:3]),
    )


async def edit_to_diagnostics(
    client: LspClient, path: Path, say: Say, bar: str = "p95 ≤ 150 ms", limit: float = 150
) -> Row:
    """A keystroke in an open file until diagnostics for that very text are published."""
    text = read(path).text
    uri = client.open(path, text)
    lines = text.split("\n")
    line = next(n for n, words in enumerate(lines) if words.lstrip().startswith("assign "))
    taken: list[float] = []
    await _published(client, uri, 1)
    for number in range(SAMPLES):
        say(f"edit {number + 1} of {SAMPLES}")
        start = {"line": line, "character": 0}
        if number % 2 == 0:
            end, new = start, "assign bench_undeclared_q = 1'b1;\n"
        else:
            end, new = {"line": line + 1, "character": 0}, ""
        began = time.perf_counter()
        version = client.change(uri, start, end, new)
        shown = await _published(client, uri, version)
        taken.append(1000 * (time.perf_counter() - began))
        seen = any("bench_undeclared_q" in d["message"] for d in shown["diagnostics"])
        if seen != (number % 2 == 0):
            return Row("edit to diagnostics", "", (), note="the diagnostics were not of this text")
    what = f"edit in `{path.name}` ({len(text) / 1000:.0f} kB) to published diagnostics"
    return Row(what, bar, tuple(taken), limit=limit)


async def _published(client: LspClient, uri: str, version: int) -> Json:
    async with asyncio.timeout(60):
        while True:
            params = await client.notified("textDocument/publishDiagnostics")
            if params["uri"] == uri and params.get("version") == version:
                return params


QUESTIONS = {
    "hover": "textDocument/hover",
    "definition": "textDocument/definition",
    "completion": "textDocument/completion",
    "signature help": "textDocument/signatureHelp",
    "document symbols": "textDocument/documentSymbol",
}


async def questions(client: LspClient, path: Path, say: Say) -> list[Row]:
    """Each question at the same places of an open file."""
    places = sampled(path, SAMPLES)
    return [
        await _question(client, name, method, places, say) for name, method in QUESTIONS.items()
    ]


async def _question(
    client: LspClient, name: str, method: str, places: tuple[Place, ...], say: Say
) -> Row:
    taken: list[float] = []
    for where in places:
        say(name)
        params = (
            {"textDocument": where.params["textDocument"]}
            if method.endswith("documentSymbol")
            else where.params
        )
        began = time.perf_counter()
        await client.request(method, params)
        taken.append(1000 * (time.perf_counter() - began))
    return Row(f"{name} in `{places[0].path.name}`", "p95 ≤ 50 ms", tuple(taken), limit=50)


async def typed_through(client: LspClient, path: Path, say: Say) -> Row:
    """Ghost text while its own words are typed: the answer comes from the server's cache."""
    text = read(path)
    uri = client.open(path, text.text)
    lines = [
        n
        for n in range(text.line_count)
        if text.line_text(n).strip().startswith("assign ")
        and text.line_text(n).rstrip().endswith(";")
    ]
    taken: list[float] = []
    for line in random.Random(1).sample(lines, min(12, len(lines))):  # noqa: S311 - not a secret
        say(f"ghost text, {len(taken)} samples")
        start = text.line_span(line).start
        at = place(path, text, Offset(start + text.line_text(line).index("=") + 1))
        end = place(path, text, text.line_span(line).end)
        where = {"line": at.line0, "character": at.character}
        client.change(uri, where, {"line": end.line0, "character": end.character}, "")
        shown = await _ghost(client, uri, where)
        typed = ""
        for letter in shown[:6]:
            here = {"line": where["line"], "character": where["character"] + len(typed)}
            client.change(uri, here, here, letter)
            typed += letter
            began = time.perf_counter()
            rest = await _ghost(client, uri, {**here, "character": here["character"] + 1})
            if rest and shown == typed + rest:
                taken.append(1000 * (time.perf_counter() - began))
        whole = {**where, "character": where["character"] + len(typed)}
        client.change(uri, where, whole, text.line_text(line)[at.character :])
        if len(taken) >= SAMPLES:
            break
    return Row("ghost text, same line typed on (cache)", "p95 ≤ 5 ms", tuple(taken), limit=5)


async def _ghost(client: LspClient, uri: str, position: Json) -> str:
    """First line of the suggestion at *position*; "" without one."""
    answer = await client.request(
        "textDocument/inlineCompletion",
        {"textDocument": {"uri": uri}, "position": position, "context": {"triggerKind": 1}},
    )
    items: list[Json] = answer["items"] if answer and "items" in answer else answer or []
    return str(items[0]["insertText"]).split("\n")[0] if items else ""
