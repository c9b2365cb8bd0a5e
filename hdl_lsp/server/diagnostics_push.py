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
    found = diagnostics(
        page.snapshot, page.file, facts, connection.session.design_findings.of(page.file)
    )
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
        self._has_design_findings = False

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
        """A document was closed: what the editor shows of it becomes what is known of the file on disk."""
        shown = self._of_closed().get(uri, [])
        if shown or uri in self._published:
            self._publish(uri, None, shown)

    def design_changed(self) -> None:
        """Publishes what elaboration of the whole found, in open files together with their own findings.

        A client that pulls these is told to pull again.
        """
        if self.connection.client.pulls_diagnostics:
            self._pull_again_if_needed()
        for document in list(self.connection.documents.values()):
            self.facts_changed(document.file)
        if self.connection.reports.is_pulled:
            return
        fresh = self._of_closed()
        for uri, found in fresh.items():
            self._publish(uri, None, found)
        for uri in set(self._published) - fresh.keys():
            if uri not in self.connection.documents:
                self._publish(uri, None, [])

    def _pull_again_if_needed(self) -> None:
        """Elaborations come after every pause: only when one has, or had, something to say about what is open."""
        session = self.connection.session
        had_findings, self._has_design_findings = self._has_design_findings, False
        for document in self.connection.documents.values():
            whole, facts = (
                session.design_findings.of(document.file),
                session.diagnosed(document.file),
            )
            own = facts.diagnostics if facts is not None else ()
            if whole is not None and (whole.findings or any(d.depends_on_values for d in own)):
                self._has_design_findings = True
        if had_findings or self._has_design_findings or self.connection.reports.is_pulled:
            self.world_changed()

    def _of_closed(self) -> dict[str, list[types.Diagnostic]]:
        """What the design says about files that are not open, by URI; files without findings are left out."""
        session = self.connection.session
        design, snapshot = session.design_facts, session.snapshot()
        config = snapshot.config.diagnostics
        is_pushed = snapshot.project.is_configured and not self.connection.reports.is_pulled
        if design is None or not config.enabled or not is_pushed:
            return {}
        view = self.connection.view(snapshot)
        opened = {snapshot.path(file) for file in snapshot.open_files}
        found: dict[str, list[types.Diagnostic]] = {}
        for path, listed in design.diagnostics.items():
            shown = [one for one in listed if one.code not in config.ignore]
            if path in opened or not shown or snapshot.project.is_third_party(path):
                continue
            text = view.text_of(path)
            if text is not None and design.digests.get(path, text.digest) == text.digest:
                found[self.connection.uri_of(path)] = [view.diagnostic(text, d) for d in shown]
        return found

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
