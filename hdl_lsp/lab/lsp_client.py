"""A small editor: starts the real server as a child and speaks LSP with it over its pipes.

Must not know features: bench and demo say what to ask. JSON-RPC by hand and not pygls' client, so that what is
timed is the server and not a second event loop's conversions.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from hdl_lsp.errors import WorkerGoneError

Json = Any  # a JSON value of the protocol: a foreign boundary


@dataclass(frozen=True, slots=True)
class RequestFailedError(Exception):
    """The server answered with an error."""

    code: int
    message: str


CAPABILITIES: Mapping[str, Json] = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"configuration": False, "symbol": {}},
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": {"snippetSupport": True}},
        "inlineCompletion": {},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}},
            "resolveSupport": {"properties": ["edit"]},
            "dataSupport": True,
            "tagSupport": {"valueSet": [1]},
        },
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
}


class LspClient:
    """One running server. Use `async with LspClient.start(...)`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Takes over *process*, whose pipes speak LSP."""
        assert process.stdin
        assert process.stdout
        self.process = process
        self._in = process.stdin
        self._out = process.stdout
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._next = 0
        self._versions: dict[str, int] = {}
        self.diagnostics: dict[str, Json] = {}
        self.shown_errors: list[str] = []  # error boxes
        self._notified: dict[str, asyncio.Queue[Json]] = defaultdict(asyncio.Queue)
        self._reader = asyncio.create_task(self._read())

    @staticmethod
    async def start(
        *arguments: str,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> LspClient:
        """A server started as an editor would; its stderr goes to *log* or nowhere.

        *environment* is added to this process's own; *command* is another server to compare with.
        """
        with log.open("ab") if log else contextlib.nullcontext(asyncio.subprocess.DEVNULL) as err:
            process = await asyncio.create_subprocess_exec(
                *(command or (sys.executable, "-m", "hdl_lsp", "serve")),
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=err,
                limit=1 << 26,
                env={**os.environ, **(environment or {})},
            )
        return LspClient(process)

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Shuts the server down; kills it if it does not go."""
        await self.close()

    async def close(self) -> None:
        """`shutdown` and `exit`, as the protocol wants it."""
        if self.process.returncode is None:
            with contextlib.suppress(
                WorkerGoneError, TimeoutError, RequestFailedError, ConnectionError
            ):
                async with asyncio.timeout(10):
                    await self.request("shutdown", None)
                    self.notify("exit", None)
                    await self.process.wait()
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def _read(self) -> None:
        while True:
            length = 0
            while (line := (await self._out.readline()).strip()) or not length:
                if not line and self._out.at_eof():
                    self._gone()
                    return
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            self._receive(json.loads(await self._out.readexactly(length)))

    def _gone(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(WorkerGoneError("the server ended; see its log"))

    def _receive(self, message: Json) -> None:
        if "method" not in message:
            future = self._waiting.pop(message["id"], None)
            if future and not future.done():
                if "error" in message:
                    error = message["error"]
                    future.set_exception(RequestFailedError(error["code"], error["message"]))
                else:
                    future.set_result(message.get("result"))
            return
        if "id" in message:  # a request of the server: nothing to say, politely
            params: Json = message.get("params")
            wanted = len(params["items"]) if params and "items" in params else 0
            self._send({"id": message["id"], "result": [None] * wanted or None})
            return
        if message["method"] == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        if message["method"] == "window/showMessage" and message["params"]["type"] == 1:
            self.shown_errors.append(message["params"]["message"])
        self._notified[message["method"]].put_nowait(message["params"])

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Json) -> None:
        """Sends a notification."""
        self._send({"method": method, "params": params})

    def begin(self, method: str, params: Json) -> tuple[int, asyncio.Future[Json]]:
        """Sends a request; its id (for `$/cancelRequest`) and the answer to come."""
        self._next += 1
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[self._next] = future
        self._send({"id": self._next, "method": method, "params": params})
        return self._next, future

    async def request(self, method: str, params: Json) -> Json:
        """The server's answer. Raises RequestFailedError, or WorkerGoneError when the server ends."""
        return await self.begin(method, params)[1]

    async def answered(self, method: str, params: Json) -> Json:
        """As request(), but a refusal is an answer too: None."""
        try:
            return await self.request(method, params)
        except RequestFailedError:
            return None

    async def notified(self, method: str) -> Json:
        """Parameters of the next *method* notification not yet taken."""
        return await self._notified[method].get()

    def forget(self, method: str) -> None:
        """Drops the notifications of *method* that nobody took."""
        self._notified.pop(method, None)

    async def initialize(self, folder: Path, options: Json = None, *others: Path) -> Json:
        """The handshake for a workspace folder, and *others* beside it; the server's capabilities."""
        answer = await self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "workspaceFolders": [
                    {"uri": one.as_uri(), "name": one.name} for one in (folder, *others)
                ],
                "capabilities": CAPABILITIES,
                "initializationOptions": options or {},
            },
        )
        self.notify("initialized", {})
        return answer

    def open(self, path: Path, text: str) -> str:
        """Opens *path* with *text*; its URI."""
        uri = path.as_uri()
        self._versions[uri] = 1
        item = {"uri": uri, "languageId": "systemverilog", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, start: Json, end: Json, text: str) -> int:
        """Replaces one range; the new version."""
        self._versions[uri] += 1
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": self._versions[uri]},
                "contentChanges": [{"range": {"start": start, "end": end}, "text": text}],
            },
        )
        return self._versions[uri]
