"""Diagnostics towards the client: pushed when facts arrive, newest text only, nothing twice.

Must not decide what is reported (features/diagnostics.py does) nor when a file is compiled (facts_keeper.py).
A client that pulls gets no pushed diagnostics of its open documents, but is told when to pull again; from its first
workspace/diagnostic on, none of closed ones either.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lsprotocol import types

from hdl_lsp.features.diagnostics import diagnostics
from hdl_lsp.server.connection import Connection, Page
from hdl_lsp.server.refresh import Refresh
from hdl_lsp.workspace.files import FileId


def of_page(connection: Connection, page: Page) -> list[types.Diagnostic]:
    """What is known of a file now, in the client's terms."""
    if not page.snapshot.config.diagnostics.enabled:
        return []
    facts = connection.session.diagnosed(page.file)
    if facts is not None and facts.digest != page.text.digest:
        facts = None
    found = diagnostics(page.snapshot, page.file, facts)
    view = connection.view(page.snapshot)
    return [view.diagnostic(page.text, d) for d in found]


@dataclass
class DiagnosticsPush:
    """What was published last, by URI."""

    connection: Connection
    _published: dict[str, tuple[int | None, list[types.Diagnostic]]] = field(
        default_factory=dict[str, tuple[int | None, list[types.Diagnostic]]]
    )

    def __post_init__(self) -> None:
        self._refresh = Refresh(self.connection, types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def facts_changed(self, file: FileId) -> None:
        """Facts of *file* are there (or will not come): publish, unless its text has moved on."""
        connection = self.connection
        document = connection.document_of(file)
        if document is None or connection.client.pulls_diagnostics:
            return
        page = connection.page(types.TextDocumentIdentifier(document.uri))
        if page is None:
            return
        is_known = connection.session.diagnosed(file) is not None
        if not is_known and page.snapshot.facts(file) is not None:
            return  # a newer compilation is on its way
        self._publish(document.uri, document.version, of_page(connection, page))

    def world_changed(self) -> None:
        """Other files matter to every open one: a client that pulls should pull again."""
        if self.connection.client.refreshes_diagnostics:
            self._refresh.soon()

    def workspace_pulled(self) -> None:
        """The client pulls diagnostics of all files: what was pushed of closed ones is taken back, once."""
        if self.connection.reports.is_pulled:
            return
        self.connection.reports.is_pulled = True
        for uri in set(self._published) - self.connection.documents.keys():
            self._publish(uri, None, [])

    def closed(self, uri: str) -> None:
        """A document was closed: what the editor shows of it is taken back."""
        if uri in self._published:
            self._publish(uri, None, [])

    def design_changed(self) -> None:
        """Publishes what whole-design elaboration found in files that are not open, if we know the project.

        A client that pulls these too is told to pull again.
        """
        if self.connection.reports.is_pulled:
            self.world_changed()
            return
        session = self.connection.session
        facts, snapshot = session.design_facts, session.snapshot()
        if facts is None or not snapshot.project.is_configured:
            return
        if not snapshot.config.diagnostics.enabled:
            return
        view = self.connection.view(snapshot)
        opened = {snapshot.path(file) for file in snapshot.open_files}
        fresh: set[str] = set()
        for path, found in facts.diagnostics.items():
            text = view.text_of(path)
            shown = [d for d in found if d.code not in snapshot.config.diagnostics.ignore]
            if path in opened or text is None or not shown:
                continue
            if snapshot.project.is_third_party(path):
                continue
            uri = self.connection.uri_of(path)
            fresh.add(uri)
            self._publish(uri, None, [view.diagnostic(text, d) for d in shown])
        for uri in set(self._published) - fresh:
            if uri not in self.connection.documents:
                self._publish(uri, None, [])

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        """Sends what is not shown yet."""
        if self._published.get(uri, (None, [])) == (version, found):
            return
        if found or version is not None:
            self._published[uri] = (version, found)
        else:
            self._published.pop(uri, None)
        self.connection.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri, found, version if self.connection.client.diagnostic_versions else None
            )
        )
