"""An editor for tests: a real client on the other end of a real server process's pipes.

Must not know the server's code: everything goes through the protocol. Every wait has an end, WAIT_S.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pytest_lsp import LanguageClient, make_test_lsp_client

WAIT_S = 60.0
CAPABILITIES = Path(__file__).parent / "capabilities"
CLIENTS = sorted(path.stem for path in CAPABILITIES.glob("*.json"))
VSCODE = "vscode-1.139.1-languageclient-11.0.0"
NEOVIM = "neovim-0.12.4"
EGLOT = "eglot-emacs-30.1"
EGLOT_OLD = "eglot-1.9-emacs-28.2"


def capabilities(name: str) -> types.ClientCapabilities:
    """What a real editor sends with `initialize`."""
    raw = json.loads((CAPABILITIES / f"{name}.json").read_text(encoding="utf-8"))
    return converters.get_converter().structure(
        raw.get("capabilities", raw), types.ClientCapabilities
    )


class Editor:
    """One editor with its server."""

    def __init__(self, client: LanguageClient, roots: Sequence[Path]) -> None:
        self.client = client
        self.roots = roots
        self.answer: types.InitializeResult | None = None
        self.encoding = "utf-16"
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self.status: Any = None
        self.progress: list[Any] = []
        self.progress_tokens: list[int | str] = []
        self.published_count = 0
        self.refreshes = 0
        self.registrations: list[types.Registration] = []
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

        # Ours instead of the client's own, which only collect.
        for method in (
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
            types.WORKSPACE_DIAGNOSTIC_REFRESH,
            types.PROGRESS,
        ):
            client.protocol.fm.features.pop(method, None)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def on_diagnostics(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.published_count += 1
            self._wake()

        @client.feature(types.PROGRESS)
        def on_progress(params: types.ProgressParams) -> None:
            self.progress.append(params.value)
            self.progress_tokens.append(params.token)
            self._wake()

        @client.feature("$/hdl/status")
        def on_status(params: Any) -> None:
            self.status = params
            self._wake()

        @client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def on_refresh(_params: Any) -> None:
            self.refreshes += 1
            self._wake()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def on_register(params: types.RegistrationParams) -> None:
            self.registrations += params.registrations

    @property
    def server(self) -> asyncio.subprocess.Process:
        """The server process."""
        process = self.client._server
        assert process is not None
        return process

    def _wake(self) -> None:
        async def wake() -> None:
            async with self._news:
                self._news.notify_all()

        task = asyncio.ensure_future(wake())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Waits for news from the server until *is_so*."""
        async with asyncio.timeout(WAIT_S), self._news:
            await self._news.wait_for(is_so)

    async def loaded(self, times: int = 1) -> None:
        """The workspace has been read, so many *times*."""
        await self.until(lambda: self.status is not None and self.status.loads >= times)

    # -- documents

    def uri(self, name: str | Path) -> str:
        """URI of a file below the first folder."""
        return (self.roots[0] / name).as_uri()

    def open(self, name: str | Path, text: str | None = None) -> str:
        """Opens a file, with another text than on disk if given; its URI."""
        uri = self.uri(name)
        path = self.roots[0] / name
        given = path.read_bytes().decode() if text is None else text
        self.texts[uri], self.versions[uri] = given, 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "systemverilog", 1, given))
        )
        return uri

    def change(self, uri: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Sends changes as they are."""
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri]),
                list(changes),
            )
        )

    def replace(self, uri: str, old: str, new: str) -> None:
        """Replaces the only occurrence of *old*, with an incremental change."""
        text = self.texts[uri]
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        start = text.index(old)
        where = types.Range(self.position_of(text, start), self.position_of(text, start + len(old)))
        self.texts[uri] = text.replace(old, new)
        self.change(uri, types.TextDocumentContentChangePartial(range=where, text=new))

    def position_of(self, text: str, index: int) -> types.Position:
        """Position of a character index in the encoding that was chosen."""
        before = text[:index]
        lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        last = lines[-1]
        match self.encoding:
            case "utf-8":
                column = len(last.encode())
            case "utf-32":
                column = len(last)
            case _:
                column = len(last.encode("utf-16-le")) // 2
        return types.Position(len(lines) - 1, column)

    def at(self, uri: str, marker: str, shift: int = 0, occurrence: int = 0) -> dict[str, Any]:
        """`text_document` and `position` of an occurrence of *marker* in the open text, as keyword arguments."""
        text = self.texts[uri]
        index = -1
        for _ in range(occurrence + 1):
            index = text.index(marker, index + 1)
        return {
            "text_document": types.TextDocumentIdentifier(uri),
            "position": self.position_of(text, index + shift),
        }

    async def diagnostics(
        self, uri: str, is_so: Callable[[Sequence[types.Diagnostic]], bool] = lambda _found: True
    ) -> Sequence[types.Diagnostic]:
        """What was pushed for the document once it fulfils *is_so*."""
        await self.until(lambda: uri in self.published and is_so(self.published[uri].diagnostics))
        return self.published[uri].diagnostics

    async def pull(self, uri: str) -> Sequence[types.Diagnostic]:
        """Diagnostics, pulled."""
        report = await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        )
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return report.items

    # -- our own methods

    async def ask(self, method: str, params: object = None) -> Any:
        """Answer of a method that LSP does not know."""
        async with asyncio.timeout(WAIT_S):
            return await self.client.protocol.send_request_async(method, params)

    async def file_info(self, uri: str) -> Any:
        """Answer of hdl/fileInfo."""
        return await self.ask("hdl/fileInfo", {"textDocument": {"uri": uri}})

    async def hover_text(self, uri: str, marker: str, shift: int = 0, occurrence: int = 0) -> str:
        """Text of a hover; "" for none."""
        found = await self.client.text_document_hover_async(
            types.HoverParams(**self.at(uri, marker, shift, occurrence))
        )
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value


@asynccontextmanager
async def editing(
    *roots: Path,
    client: str | types.ClientCapabilities = EGLOT_OLD,
    options: Mapping[str, object] | None = None,
    settings: Mapping[str, object] | None = None,
    sections: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Editor]:
    """A running editor on *roots*; at the end the server must leave with 0 and without internal errors.

    The model is off unless *settings* switch it on: most tests are about the server without one.
    """
    lsp = make_test_lsp_client()
    chosen = {"llm": {"enabled": False}, **(settings or {})}
    lsp.set_configuration(chosen, section="hdl")
    for section, value in (sections or {}).items():
        lsp.set_configuration(value, section=section)
    editor = Editor(lsp, roots)

    command = (sys.executable, "-P", "-m", "hdl_lsp", "serve")
    await lsp.start_io(*command, env=server_environment(environment))
    try:
        async with asyncio.timeout(WAIT_S):
            given = capabilities(client) if isinstance(client, str) else client
            editor.answer = await lsp.initialize_session(
                types.InitializeParams(
                    capabilities=given,
                    root_uri=roots[0].as_uri() if roots else None,
                    workspace_folders=[types.WorkspaceFolder(r.as_uri(), r.name) for r in roots],
                    initialization_options={"hdlStatus": True, **chosen, **(options or {})},
                )
            )
        editor.encoding = str(editor.answer.capabilities.position_encoding or "utf-16")
        if isinstance(editor.answer.capabilities.position_encoding, types.PositionEncodingKind):
            editor.encoding = editor.answer.capabilities.position_encoding.value
        yield editor
        if editor.server.returncode is None:
            status = await editor.ask("hdl/serverStatus")
            assert status.internalErrors == 0
            async with asyncio.timeout(WAIT_S):
                await lsp.shutdown_session()
            assert editor.server.returncode == 0
    finally:
        if editor.server.returncode is None:
            editor.server.kill()
        await lsp.stop()


def server_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a server that sees this checkout and no settings of the user who runs the tests."""
    root = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        "PYTHONPATH": root,
        "XDG_CONFIG_HOME": os.devnull,
        **(extra or {}),
    }
