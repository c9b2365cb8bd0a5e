"""One client on the other end of the pipe: its documents, its capabilities, its names for files.

Must not know HDL. Handlers get a Connection; what answers depend on is in its Session.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.server import client_settings, from_lsp
from hdl_lsp.server.acceptance import Acceptance
from hdl_lsp.server.background import Background
from hdl_lsp.server.client import Client
from hdl_lsp.server.explanations import Explanations
from hdl_lsp.server.fixes import Fixes
from hdl_lsp.server.protocol import Protocol, Server
from hdl_lsp.server.report_memory import ReportMemory
from hdl_lsp.server.session import Session
from hdl_lsp.server.timing import RequestTimes
from hdl_lsp.server.to_lsp import View
from hdl_lsp.server.token_memory import TokenMemory
from hdl_lsp.server.typed_through import TypedThrough
from hdl_lsp.server.typing_rhythm import TypingRhythm
from hdl_lsp.text.source import Offset, SourceText
from hdl_lsp.workspace import loader
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from hdl_lsp.features.inline_completion import InlineItem

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Document:
    """An open document; `version` is the client's count."""

    uri: str
    file: FileId
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """A file at the moment a request about it came in."""

    snapshot: Snapshot
    file: FileId
    text: SourceText


@dataclass(frozen=True, slots=True)
class Place(Page):
    """An offset in a file at the moment a request about it came in."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class Ghost:
    """The newest ghost text of a document, written or being written; `key` is digest, offset, and who asked."""

    key: tuple[str, int, bool]
    task: asyncio.Task[tuple[InlineItem, ...]]


@dataclass(slots=True)
class Options:
    """What initializationOptions say besides settings."""

    has_status: bool = False  # `hdlStatus`: the client wants `$/hdl/status`
    has_inactive_regions: bool = False  # `hdlInactiveRegions`: and `hdl/inactiveRegions`


@dataclass
class Connection:
    """Everything about the client; changed by the handshake and by document notifications only."""

    session: Session
    server: Server
    client: Client = field(default_factory=Client)
    options: Options = field(default_factory=Options)
    initial_settings: Mapping[str, object] = field(default_factory=dict[str, object])
    initial_foreign: Mapping[str, object] = field(default_factory=dict[str, object])
    documents: dict[str, Document] = field(default_factory=dict[str, Document])
    times: RequestTimes = field(default_factory=RequestTimes)
    explanations: Explanations = field(default_factory=Explanations)
    background: Background = field(default_factory=Background)
    on_closed: Callable[[str], None] = lambda _uri: None  # a document was closed
    on_workspace_pull: Callable[[], None] = lambda: None  # diagnostics of all files were asked for
    ghosts: dict[FileId, Ghost] = field(default_factory=dict[FileId, "Ghost"])
    typed_through: TypedThrough = field(default_factory=TypedThrough)
    first_load: asyncio.Event = field(default_factory=asyncio.Event)  # the workspace was read once
    rhythm: TypingRhythm = field(default_factory=TypingRhythm)
    acceptance: Acceptance = field(default_factory=Acceptance)
    fixes: Fixes = field(default_factory=Fixes)
    tokens: TokenMemory = field(default_factory=TokenMemory)
    hints_made_from: dict[FileId, FileFacts | None] = field(
        default_factory=dict[FileId, "FileFacts | None"]
    )  # what inlay hints were told from; see glance_refresh.py
    began_ns: int = field(default_factory=time.time_ns)  # no change on disk before that is missed
    reports: ReportMemory = field(default_factory=ReportMemory)
    _uris: dict[str, str] = field(
        default_factory=dict[str, str]
    )  # path -> URI as the client writes it

    @property
    def protocol(self) -> Protocol:
        """The protocol of the server."""
        protocol = self.server.protocol
        assert isinstance(protocol, Protocol)
        return protocol

    def path_of(self, uri: str) -> str:
        """The path behind *uri*; documents that are not files get one that can't exist on disk."""
        return client_settings.path_of(uri)

    def uri_of(self, path: str) -> str:
        """The URI of *path*, as the client wrote it if it did."""
        return self._uris.get(path) or uris.from_fs_path(path) or ""

    def open(self, uri: str, version: int) -> Document:
        """A document the client has opened."""
        file = self.session.table.id_of(self.path_of(uri))
        self._uris[self.session.table.path_of(file)] = uri
        document = self.documents[uri] = Document(uri, file, version)
        return document

    def forget(self, uri: str) -> Document | None:
        """Forgets an open document; None when it was not open."""
        return self.documents.pop(uri, None)

    def document_of(self, file: FileId) -> Document | None:
        """The open document of *file*."""
        return next((d for d in self.documents.values() if d.file == file), None)

    def text(self, uri: str) -> SourceText | None:
        """The present text of a document; None when nothing is known of it."""
        file = self.session.table.find(self.path_of(uri))
        return None if file is None else self.session.vfs.text(file)

    def page(self, document: types.TextDocumentIdentifier) -> Page | None:
        """The file of *document*, now; None when nothing is known of it."""
        snapshot = self.session.snapshot()
        file = self.session.table.find(self.path_of(document.uri))
        text = snapshot.text(file) if file is not None else None
        if file is None or text is None:
            log.debug("request for an unknown document")
            return None
        return Page(snapshot, file, text)

    def here(self, params: from_lsp.Positioned) -> tuple[FileId, SourceText, Offset] | None:
        """File, present text and offset of a request, without the cost of a snapshot."""
        file = self.session.table.find(self.path_of(params.text_document.uri))
        text = self.session.vfs.text(file) if file is not None else None
        if file is None or text is None:
            return None
        return file, text, from_lsp.offset(text, params.position, self.client.encoding)

    def place(self, params: from_lsp.Positioned) -> Place | None:
        """The place a request is about, now; None when nothing is known of the document."""
        page = self.page(params.text_document)
        if page is None:
            return None
        offset = from_lsp.offset(page.text, params.position, self.client.encoding)
        return Place(page.snapshot, page.file, page.text, offset)

    def view(self, snapshot: Snapshot) -> View:
        """How this client sees the files of *snapshot*."""

        def text_of(path: str) -> SourceText | None:
            file = snapshot.table.find(path)
            known = snapshot.text(file) if file is not None else None
            return known or loader.read(
                path
            )  # a file outside the workspace that an answer leads to

        return View(self.client, text_of, self.uri_of)

    def loaded(self) -> None:
        """The workspace was read."""
        self.first_load.set()
        self.world_changed()

    def world_changed(self, by: FileId | None = None) -> None:
        """Suggestions for other files than *by*, which was edited, were checked against what is no longer so."""
        # What is still being written is checked against the world as it is by then.
        for file in [f for f, ghost in self.ghosts.items() if f != by and ghost.task.done()]:
            del self.ghosts[file]
        self.typed_through.forget(unless=by)

    def is_current(self, page: Page) -> bool:
        """The text of *page* has not changed since."""
        return self.session.vfs.text(page.file) == page.text

    async def close(self) -> None:
        """Ends everything that goes on."""
        for ghost in self.ghosts.values():
            ghost.task.cancel()
        await asyncio.gather(
            self.background.close(),
            self.explanations.close(),
            self.fixes.close(),
            self.acceptance.close(),
            self.session.close(),
        )

    def show(self, message: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """A message box; for things the user asked for or has to act on."""
        self.server.window_show_message(types.ShowMessageParams(type=kind, message=message))

    def report(self, messages: Iterable[str]) -> None:
        """Problems with settings and projects: the first as a box, all in the log."""
        for number, message in enumerate(messages):
            log.warning("%s", message)
            if number == 0:
                self.show(f"hdl-lsp: {message}", types.MessageType.Warning)
