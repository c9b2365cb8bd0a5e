"""`hdl/inactiveRegions`: tells a client that wants to know which code is not compiled, whenever that may be new.

Must not be the only way to see it: the semantic token modifier `inactive` says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hdl_lsp.features.inactive_regions import inactive_regions
from hdl_lsp.server.connection import Connection
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId

METHOD = "hdl/inactiveRegions"


@dataclass
class InactiveRegions:
    """What was sent last, by URI: digest of the text, and the regions."""

    connection: Connection
    _sent: dict[str, tuple[str, tuple[Span, ...]]] = field(
        default_factory=dict[str, tuple[str, tuple[Span, ...]]]
    )

    def facts_changed(self, file: FileId) -> None:
        """Facts of an open file are there, or diagnostics alone."""
        connection = self.connection
        document = connection.document_of(file)
        if document is None or not connection.options.has_inactive_regions:
            return
        snapshot = connection.session.snapshot()
        text, regions = snapshot.text(file), inactive_regions(snapshot, file)
        if text is None or regions is None:
            return
        before = self._sent.get(document.uri)
        # An editor moves its marks with every key, so that equal regions of another text are news.
        if before == (text.digest, regions) or (not regions and (before is None or not before[1])):
            return
        self._sent[document.uri] = (text.digest, regions)
        view = connection.view(snapshot)
        ranges = [view.range(text, region) for region in regions]
        connection.protocol.notify(
            METHOD,
            {
                "textDocument": {"uri": document.uri, "version": document.version},
                "regions": ranges,
            },
        )

    def closed(self, uri: str) -> None:
        """A document was closed."""
        self._sent.pop(uri, None)
