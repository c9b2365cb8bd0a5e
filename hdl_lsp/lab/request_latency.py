"""Every read-only request, with large designs open at once, and the long ones on their own.

Must not look into the server, nor ask what changes a file.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hdl_lsp.lab.index_latency import NO_MODEL, loaded, middle_sized
from hdl_lsp.lab.lsp_client import LspClient
from hdl_lsp.lab.places import Place, read, sampled
from hdl_lsp.lab.samples import Row

Say = Callable[[str], None]
Json = Any

PLACES = 20
SCREEN_LINES = 60

AT_A_PLACE = (
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/declaration",
    "textDocument/typeDefinition",
    "textDocument/implementation",
    "textDocument/documentHighlight",
    "textDocument/completion",
    "textDocument/signatureHelp",
    "textDocument/prepareCallHierarchy",
    "textDocument/prepareRename",
    "textDocument/linkedEditingRange",
    "textDocument/selectionRange",
)
ON_THE_SCREEN = ("textDocument/inlayHint", "textDocument/semanticTokens/range")
OF_A_DOCUMENT = (
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/documentLink",
    "textDocument/codeLens",
    "textDocument/semanticTokens/full",
    "textDocument/diagnostic",
)

SHARED_FILES = 500


async def every_request(folders: Sequence[Path], say: Say) -> list[Row]:
    """All read-only requests but references, in one open file of each of *folders*."""
    taken: dict[str, list[float]] = {}
    async with await LspClient.start() as client:
        first, *others = folders
        await client.initialize(first, NO_MODEL, *others)
        await loaded(client)
        for folder in folders:
            path = middle_sized(folder)
            client.open(path, read(path).text)
            places = sampled(path, PLACES)
            await client.request("textDocument/hover", places[0].params)  # facts are being made
            await asyncio.sleep(1)
            for method in (*AT_A_PLACE, *ON_THE_SCREEN, *OF_A_DOCUMENT):
                say(f"{folder.name}: {method}")
                for where in places:
                    began = time.perf_counter()
                    await client.answered(method, _parameters(method, where))
                    taken.setdefault(method, []).append(1000 * (time.perf_counter() - began))
            for query in ("", "clk", "fifo_q", "reg_top"):
                began = time.perf_counter()
                await client.request("workspace/symbol", {"query": query})
                taken.setdefault("workspace/symbol", []).append(
                    1000 * (time.perf_counter() - began)
                )
    names = " and ".join(f"`{folder.name}`" for folder in folders)
    everything = tuple(ms for group in taken.values() for ms in group)
    slow: Counter[str] = Counter(
        {method: sum(ms > 50 for ms in group) for method, group in taken.items()}
    )
    note = ", ".join(f"{method} {count}" for method, count in slow.most_common(3) if count)
    return [
        Row(
            f"{len(taken)} kinds of read-only request with {names} open",
            "p95 ≤ 50 ms",
            everything,
            limit=50,
            note=f"above 50 ms: {note}" if note else "",
        ),
        Row("the same", "p99 ≤ 150 ms", everything, limit=150, quantile=0.99),
    ]


async def shared_signal(scratch: Path, say: Say) -> Row:
    """References of a port that 500 files connect."""
    folder = scratch / "shared"
    folder.mkdir()
    leaf = folder / "leaf.sv"
    text = "module leaf (input logic clk_i, input logic d_i, output logic q_o);\n"
    text += "  always_ff @(posedge clk_i) q_o <= d_i;\nendmodule\n"
    leaf.write_text(text, encoding="utf-8")
    for number in range(SHARED_FILES - 1):
        (folder / f"user{number}.sv").write_text(
            f"module user{number} (input logic clk_i, input logic a, output logic b);\n"
            f"  leaf u_leaf (.clk_i (clk_i), .d_i (a), .q_o (b));\nendmodule\n",
            encoding="utf-8",
        )
    taken: list[float] = []
    found = 0
    async with await LspClient.start() as client:
        await client.initialize(folder, NO_MODEL)
        await loaded(client)
        uri = client.open(leaf, text)
        for number in range(5):
            say(f"references in {SHARED_FILES} files, {number + 1} of 5")
            began = time.perf_counter()
            answer = await client.request(
                "textDocument/references",
                {
                    "textDocument": {"uri": uri},
                    "position": {"line": 0, "character": text.index("clk_i")},
                    "context": {"includeDeclaration": True},
                },
            )
            taken.append(1000 * (time.perf_counter() - began))
            found = len({place["uri"] for place in answer or ()})
    return Row(
        f"references of a port used in {SHARED_FILES} files",
        "≤ 300 ms",
        tuple(taken) if found == SHARED_FILES else (),
        limit=300,
        quantile=1,
        note="" if found == SHARED_FILES else f"found in {found} files only",
    )


def _parameters(method: str, where: Place) -> Json:
    document = {"textDocument": {"uri": where.path.as_uri()}}
    if method in OF_A_DOCUMENT:
        return document
    if method in ON_THE_SCREEN:
        start = {"line": where.line0, "character": 0}
        end = {"line": where.line0 + SCREEN_LINES, "character": 0}
        return {**document, "range": {"start": start, "end": end}}
    if method.endswith("selectionRange"):
        return {**document, "positions": [where.params["position"]]}
    return where.params
