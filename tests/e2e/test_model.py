"""The server with real models: ghost text, words, and what happens when the model process misbehaves."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled

from tests.e2e.editor import NEOVIM, WAIT_S, Editor, editing

pytestmark = pytest.mark.real

ON = {"llm": {"enabled": True, "threads": 1}, "inline": {"deadlineMs": 60_000}}


def model_pids(editor: Editor) -> list[int]:
    """The processes in which models live."""
    pid = editor.server.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    commands = {int(c): Path(f"/proc/{c}/cmdline").read_bytes() for c in children}
    return [child for child, command in commands.items() if b"hdl_lsp.llm.worker" in command]


async def ghost(editor: Editor, uri: str, marker: str) -> list[str]:
    """Ghost text right after *marker*."""
    found = await editor.client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            **editor.at(uri, marker, len(marker)),
        )
    )
    assert isinstance(found, types.InlineCompletionList)
    return [str(item.insert_text) for item in found.items]


async def half_typed(editor: Editor) -> str:
    """fifo.sv with an assignment that somebody is writing; compiled."""
    uri = editor.open("rtl/fifo.sv")
    await editor.loaded()
    editor.replace(uri, "assign word_o.data  = data_i;", "assign word_o.data  = ")
    await editor.pull(uri)
    return uri


async def test_ghost_text_of_a_real_model(small: Path) -> None:
    """The model is loaded in the background and completes a half-typed assignment with what slang accepts."""
    async with editing(small, client=NEOVIM, settings=ON) as editor:
        uri = await half_typed(editor)
        text, *_ = await ghost(editor, uri, "assign word_o.data  = ")
        assert text.endswith(";")
        editor.replace(uri, "assign word_o.data  = ", f"assign word_o.data  = {text}")
        errors = [d for d in await editor.pull(uri) if d.severity == types.DiagnosticSeverity.Error]
        assert errors == []
        engine = await editor.ask("hdl/engineStatus")
        assert engine.state == "ready"
        assert engine.model == "gemma3-270m"
        assert engine.tokensPerS > 0
        assert editor.client.messages == []


async def test_a_killed_model_comes_back(small: Path) -> None:
    """SIGKILL of the model process: an empty answer at worst, no message box, and ghost text again afterwards."""
    async with editing(small, client=NEOVIM, settings=ON) as editor:
        uri = await half_typed(editor)
        first = await ghost(editor, uri, "assign word_o.data  = ")
        (pid,) = model_pids(editor)
        os.kill(pid, signal.SIGKILL)
        await editor.hover_text(uri, "state_q;")
        editor.replace(uri, "assign word_o.data  = ", "assign word_o.data = ")
        await ghost(editor, uri, "assign word_o.data = ")
        editor.replace(uri, "assign word_o.data = ", "assign word_o.data  = ")
        assert await ghost(editor, uri, "assign word_o.data  = ") == first
        assert (await editor.ask("hdl/engineStatus")).restarts == 1
        assert editor.client.messages == []


async def test_leaving_while_a_model_writes(small: Path) -> None:
    """Shutdown during a generation: one answer to the request, exit code 0, and no model process left."""
    async with editing(small, settings=ON) as editor:
        uri = editor.open("rtl/fifo.sv")
        await editor.loaded()
        position = editor.at(uri, "module fifo", 8)["position"]
        place = {
            "textDocument": {"uri": uri},
            "position": {"line": position.line, "character": position.character},
        }
        explaining = asyncio.ensure_future(editor.ask("hdl/explain", place))
        await editor.until(lambda: editor.status.engine.state == "busy")
        pids = model_pids(editor)
        assert pids
        watches = [os.pidfd_open(pid) for pid in pids]
        async with asyncio.timeout(WAIT_S):
            await editor.client.shutdown_session()
        with pytest.raises(JsonRpcRequestCancelled):
            await explaining
        assert editor.server.returncode == 0
        loop = asyncio.get_running_loop()
        for watch in watches:
            ended = loop.create_future()
            loop.add_reader(watch, ended.set_result, None)
            async with asyncio.timeout(WAIT_S):
                await ended
            loop.remove_reader(watch)
            os.close(watch)


async def test_a_model_that_is_not_there_is_a_status(small: Path) -> None:
    """A missing file: state failed with a sentence, empty answers, no message box; everything else works."""
    settings = {"llm": {"enabled": True, "model": str(small / "none.gguf"), "chatModel": ""}}
    async with editing(small, client=NEOVIM, settings=settings) as editor:
        uri = await half_typed(editor)
        await editor.until(lambda: editor.status.engine.state == "failed")
        assert "none.gguf" in editor.status.engine.detail
        assert await ghost(editor, uri, "assign word_o.data  = ") == []
        assert "fifo" in await editor.hover_text(uri, "module fifo", 8)
        assert editor.client.messages == []


async def test_a_hover_that_is_asked_again_has_words(small: Path) -> None:
    """With hover.explain the first hover has facts alone; the explanation is there for a later one."""
    settings = {**ON, "hover": {"explain": True}}
    async with editing(small, settings=settings) as editor:
        uri = editor.open("rtl/fifo.sv")
        await editor.diagnostics(uri)
        first = await editor.hover_text(uri, "module fifo", 8)
        assert "---" not in first
        async with asyncio.timeout(WAIT_S):
            while "---" not in (text := await editor.hover_text(uri, "module fifo", 8)):
                await editor.ask("hdl/engineStatus")
        assert text.startswith(first)
