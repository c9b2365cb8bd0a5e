"""`hdl-lsp demo`: the main job on the Ibex core, through the real server, as an editor would do it."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.syntax import Syntax

from hdl_lsp.cli.exits import CLEAN, FINDINGS
from hdl_lsp.lab.lsp_client import LspClient
from hdl_lsp.lab.places import ibex, read
from hdl_lsp.text.columns import Encoding, position_at
from hdl_lsp.text.source import Offset, SourceText

Json = Any
FILE = "rtl/ibex_controller.sv"
EXPLAINED = "ebreak_into_debug"
NAMED = "ExcCauseInsnAddrMisa"
EDITED = "assign exc_req_lsu = store_err_i | load_err_i;"
MISSPELT = "assign exc_req_lsu = store_err_i | lsu_err_i;"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `hdl-lsp demo`."""
    parser.add_argument("--no-model", action="store_true", help="only what needs no model")


def run(options: argparse.Namespace) -> int:
    """0 when every step showed something."""
    return asyncio.run(_demo(options))


class _Stage:
    """Shows steps and remembers which came out empty."""

    def __init__(self) -> None:
        """Writes to standard output."""
        self.console = Console(highlight=False)
        self.empty: list[str] = []

    def show(self, title: str, body: RenderableType, began: float) -> None:
        """One step with its time; an empty *body* counts as a failure."""
        if not body:
            self.empty.append(title)
            body = "(nothing)"
        ms = 1000 * (time.perf_counter() - began)
        shown = body if not isinstance(body, str) else body.strip()
        self.console.print(
            Panel(
                shown,
                title=title,
                title_align="left",
                subtitle=f"{ms:.0f} ms",
                subtitle_align="right",
            )
        )


async def _demo(options: argparse.Namespace) -> int:
    stage = _Stage()
    with tempfile.TemporaryDirectory(prefix="hdl-lsp-demo-") as scratch:
        folder = Path(scratch) / "ibex"
        await asyncio.to_thread(shutil.copytree, ibex(), folder)
        path = folder / FILE
        settings = {"llm": {"enabled": not options.no_model}, "inline": {"deadline_ms": 60000}}
        stage.console.rule("[bold]hdl-lsp on Ibex, with no configuration file")
        async with await LspClient.start() as client:
            began = time.perf_counter()
            await client.initialize(folder, settings)
            stage.show("server", f"answered `initialize` for {folder.name}/", began)
            began = time.perf_counter()
            stage.show("workspace", await _loaded(client), began)
            await _without_model(client, stage, path)
            if not options.no_model:
                await _with_model(client, stage, path)
        await _review(stage, folder, ["--no-model"] if options.no_model else [])
    if stage.empty:
        stage.console.print(f"[bold red]came out empty:[/bold red] {', '.join(stage.empty)}")
        return FINDINGS
    stage.console.print(
        "[bold green]Everything above came from the files on this machine; nothing left it."
    )
    return CLEAN


async def _loaded(client: LspClient) -> str:
    """What the progress bar of the first reading says at its end."""
    while True:
        value = (await client.notified("$/progress"))["value"]
        if value["kind"] == "end":
            return f"read: {value.get('message', '')}"


def _at(text: SourceText, needle: str, shift: int = 0) -> Json:
    """LSP position of *needle* plus *shift* characters."""
    offset = Offset(text.data.index(needle.encode()) + shift)
    line0, character = position_at(text, offset, Encoding.UTF16)
    return {"line": line0, "character": character}


async def _diagnostics(client: LspClient, uri: str) -> Json:
    answer = await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    return answer["items"]


async def _without_model(client: LspClient, stage: _Stage, path: Path) -> None:
    text = read(path)
    uri = client.open(path, text.text)
    document = {"textDocument": {"uri": uri}}
    began = time.perf_counter()
    found = await _diagnostics(client, uri)
    errors = [d for d in found if d["severity"] == 1]
    stage.show(
        "diagnostics, file as it is", f"{len(errors)} errors, {len(found)} messages in all", began
    )
    began = time.perf_counter()
    target = await client.request(
        "textDocument/definition", {**document, "position": _at(text, NAMED, 3)}
    )
    first: Json = target[0] if target and "uri" not in target else target
    place = f"{Path(first['uri']).name}:{first['range']['start']['line'] + 1}" if first else ""
    stage.show(f"definition of {NAMED}", place, began)
    began = time.perf_counter()
    start = _at(text, "ctrl_fsm_e'") if b"ctrl_fsm_e'" in text.data else _at(text, "DECODE", 2)
    listed = await client.request("textDocument/completion", {**document, "position": start})
    items: Json = listed["items"] if listed and "items" in listed else listed or []
    stage.show(
        "completion",
        "\n".join(f"{i['label']:28} {i.get('detail') or ''}" for i in items[:6]),
        began,
    )
    where = {**document, "position": _at(text, "ctrl_fsm_cs)", 2)}
    began = time.perf_counter()
    hover = await client.request("textDocument/hover", where)
    stage.show("hover on ctrl_fsm_cs", Markdown(hover["contents"]["value"]) if hover else "", began)


async def _with_model(client: LspClient, stage: _Stage, path: Path) -> None:
    text = read(path)
    uri = path.as_uri()
    document = {"textDocument": {"uri": uri}}
    start, end = _at(text, EDITED), _at(text, EDITED, len(EDITED))
    typed = EDITED[: EDITED.index("=") + 1]
    cursor = {"line": start["line"], "character": start["character"] + len(typed)}
    client.change(uri, start, end, typed)
    began = time.perf_counter()
    params = {**document, "position": cursor, "context": {"triggerKind": 1}}
    answer = await client.request("textDocument/inlineCompletion", params)
    items: Json = answer["items"] if answer and "items" in answer else answer or []
    ghost = items[0]["insertText"] if items else ""
    shown = (
        Syntax(f"{typed}{ghost}   // <- ghost text after '='", "systemverilog", word_wrap=True)
        if ghost
        else ""
    )
    stage.show("ghost text: read once, then kept in the KV cache", shown, began)
    client.change(uri, start, cursor, MISSPELT)
    found = await _diagnostics(client, uri)
    began = time.perf_counter()
    wrong = [d for d in found if d["severity"] == 1]
    stage.show("diagnostics after a typo", "\n".join(d["message"] for d in wrong), began)
    began = time.perf_counter()
    context = {"diagnostics": wrong, "only": ["quickfix"], "triggerKind": 1}
    span = wrong[0]["range"] if wrong else {"start": start, "end": start}
    actions: list[Json] = await client.request(
        "textDocument/codeAction", {**document, "range": span, "context": context}
    )
    fixes = [action for action in actions or [] if action.get("kind") == "quickfix"]
    stage.show("a fix, checked by slang", _fixed(fixes), began)
    began = time.perf_counter()
    said = await client.request("hdl/explain", {**document, "position": _at(text, EXPLAINED, 2)})
    stage.show(
        "explanation in words, on slang's facts", Markdown(said["markdown"]) if said else "", began
    )
    status = await client.request("hdl/engineStatus", None)
    stage.show("engine", f"{status['model']} on {status['device']}", time.perf_counter())


def _fixed(fixes: list[Json]) -> str:
    """What the first of *fixes* changes, and who wrote it; "" without one."""
    if not fixes:
        return ""
    edit: Json = fixes[0]["edit"]
    lists: list[list[Json]] = list(edit["changes"].values())
    words = ", ".join(str(one["newText"]) for edits in lists for one in edits)
    author = "chosen by the model" if fixes[0].get("tags") else "computed"
    return f"{fixes[0]['title']}\nnew text: {words} ({author})"


async def _review(stage: _Stage, folder: Path, options: list[str]) -> None:
    """The same design through `hdl-lsp review`."""
    import sys

    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hdl_lsp",
        "review",
        *options,
        str(folder / "rtl"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    lines = output.decode(errors="replace").replace(f"{folder}/", "").strip().split("\n")
    shown = "\n".join((*lines[:12], "...", lines[-1]) if len(lines) > 13 else lines)
    stage.show("headless review of rtl/", shown.replace("[", r"\["), began)
