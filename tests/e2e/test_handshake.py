"""The beginning and the end of a conversation, with what eight real editors send."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.editor import CLIENTS, WAIT_S, editing, server_environment

ENCODING = {
    "eglot-emacs-30.1": "utf-32",
    "helix-25.07.1": "utf-8",
    "neovim-0.11.4": "utf-8",
    "neovim-0.12.4": "utf-8",
}


@pytest.mark.parametrize("client", CLIENTS)
async def test_every_editor_is_greeted_and_answered(client: str, small: Path) -> None:
    """Eight real clients get their encoding, the inline completion capability, and a hover on the small design."""
    async with editing(small, client=client) as editor:
        assert editor.answer is not None
        assert editor.encoding == ENCODING.get(client, "utf-16")
        assert editor.answer.capabilities.inline_completion_provider is not None
        uri = editor.open("rtl/top.sv")
        await editor.loaded()
        assert "fifo" in await editor.hover_text(uri, "fifo #(")


@asynccontextmanager
async def bare_server() -> AsyncIterator[Process]:
    """A server process with nobody in between."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "hdl_lsp", "serve"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=server_environment(),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def say(process: Process, **message: Any) -> None:
    """Sends one message."""
    send(process, json.dumps({"jsonrpc": "2.0", **message}).encode())


def send(process: Process, body: bytes) -> None:
    """Sends one body as it is."""
    assert process.stdin is not None
    process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


async def hear(process: Process) -> Any:
    """The next message of the server."""
    assert process.stdout is not None
    async with asyncio.timeout(WAIT_S):
        header = await process.stdout.readuntil(b"\r\n\r\n")
        length = int(header.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return json.loads(await process.stdout.readexactly(length))


async def answer_to(process: Process, id_: int) -> Any:
    """The answer to request *id_*; notifications before it are passed over."""
    while True:
        message = await hear(process)
        if message.get("id") == id_ and "method" not in message:
            return message


async def greet(process: Process) -> None:
    """The handshake of a client that can nothing."""
    say(process, id=0, method="initialize", params={"processId": None, "capabilities": {}})
    await answer_to(process, 0)
    say(process, method="initialized", params={})


async def left_with(process: Process) -> int:
    """The exit code."""
    async with asyncio.timeout(WAIT_S):
        return await process.wait()


async def test_exit_after_shutdown_is_success() -> None:
    """The shutdown request is answered with null, exit ends the process with 0."""
    async with bare_server() as process:
        await greet(process)
        say(process, id=1, method="shutdown")
        assert await answer_to(process, 1) == {"id": 1, "jsonrpc": "2.0", "result": None}
        say(process, method="exit")
        assert await left_with(process) == 0


async def test_exit_without_shutdown_is_failure() -> None:
    """LSP: the exit code is 1 when no shutdown came before."""
    async with bare_server() as process:
        await greet(process)
        say(process, method="exit")
        assert await left_with(process) == 1


@pytest.mark.parametrize("is_greeted", [False, True])
async def test_the_end_of_stdin_ends_the_server(is_greeted: bool) -> None:
    """A client that dies takes the server with it, before and after the handshake."""
    async with bare_server() as process:
        if is_greeted:
            await greet(process)
        assert process.stdin is not None
        process.stdin.close()
        assert await left_with(process) == 1


async def test_the_children_end_with_a_killed_server(small: Path) -> None:
    """SIGKILL leaves no analysis process behind."""
    async with editing(small) as editor:
        uri = editor.open("rtl/top.sv")
        await editor.diagnostics(uri)
        children = Path(f"/proc/{editor.server.pid}/task/{editor.server.pid}/children")
        pids = [int(pid) for pid in children.read_text(encoding="ascii").split()]  # noqa: ASYNC240
        assert pids
        watches = [os.pidfd_open(pid) for pid in pids]
        editor.server.kill()
        loop = asyncio.get_running_loop()
        for watch in watches:
            ended = loop.create_future()
            loop.add_reader(watch, ended.set_result, None)
            async with asyncio.timeout(WAIT_S):
                await ended
            loop.remove_reader(watch)
            os.close(watch)
        await editor.server.wait()


async def test_requests_before_initialize_are_refused() -> None:
    """ServerNotInitialized, and the server still takes the handshake after it."""
    async with bare_server() as process:
        say(process, id=1, method="textDocument/hover", params={})
        assert (await answer_to(process, 1))["error"]["code"] == -32002
        await greet(process)
        say(process, id=2, method="initialize", params={"processId": None, "capabilities": {}})
        assert (await answer_to(process, 2))["error"]["code"] == -32600


async def test_requests_after_shutdown_are_refused() -> None:
    """InvalidRequest, so that no request stays without an answer."""
    async with bare_server() as process:
        await greet(process)
        say(process, id=1, method="shutdown")
        await answer_to(process, 1)
        say(process, id=2, method="hdl/engineStatus")
        assert (await answer_to(process, 2))["error"]["code"] == -32600


async def test_broken_messages_are_answered() -> None:
    """Not JSON, no object, unknown methods, wrong parameters: an error each, and the server goes on."""
    async with bare_server() as process:
        await greet(process)
        send(process, b"{nonsense")
        assert (await hear(process))["error"]["code"] == -32700
        send(process, b"[1, 2]")
        assert (await hear(process))["error"]["code"] == -32600
        send(process, b"\xff\xfe")
        assert (await hear(process))["error"]["code"] == -32700
        say(process, id=1, method="textDocument/nonsense", params={})
        assert (await answer_to(process, 1))["error"]["code"] == -32601
        say(process, id=2, method="textDocument/hover", params={"position": "here"})
        assert (await answer_to(process, 2))["error"]["code"] == -32602
        say(process, id=3, method="hdl/explain", params={"textDocument": 7})
        assert (await answer_to(process, 3))["error"]["code"] == -32602
        say(process, id=4, method="workspace/executeCommand", params={"command": "rm -rf"})
        assert (await answer_to(process, 4))["error"]["code"] == -32602
        say(process, method="textDocument/nonsense", params={})
        say(process, id=5, method="hdl/serverStatus")
        assert (await answer_to(process, 5))["result"]["internalErrors"] == 0


async def test_unusable_parameters_of_initialize_are_those_of_a_client_without_any() -> None:
    """A client that sends nonsense with initialize still gets a server."""
    async with bare_server() as process:
        say(process, id=0, method="initialize", params={"capabilities": 7, "rootUri": []})
        assert "capabilities" in (await answer_to(process, 0))["result"]
        say(process, id=1, method="workspace/symbol", params={"query": "x"})
        assert (await answer_to(process, 1))["result"] == []
