"""When a client should ask again for inlay hints and code lenses: slang has looked, or the design was elaborated.

Must not ask for a refresh after an edit: clients do that by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.refresh import Refresh
from hdl_lsp.workspace.files import FileId


class HintsRefresh:
    """Inlay hints that were told without facts of slang, or with other ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._refresh = Refresh(connection, types.WORKSPACE_INLAY_HINT_REFRESH)

    def facts_changed(self, file: FileId) -> None:
        """Facts of an open file are there, or diagnostics alone."""
        connection = self._connection
        made_from = connection.hints_made_from
        if file not in made_from or not connection.client.refreshes_hints:
            return
        if connection.document_of(file) is None:
            del made_from[file]
            return
        facts, before = connection.session.snapshot().fresh_facts(file), made_from[file]
        if facts is None or facts is before:
            return
        made_from[file] = facts
        if before is None or (before.digest == facts.digest and not _same(before, facts)):
            self._refresh.soon()


class LensRefresh:
    """Code lenses whose counts are not those of the design any more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._refresh = Refresh(connection, types.WORKSPACE_CODE_LENS_REFRESH)
        self._told: tuple[tuple[str, ...], Mapping[str, int]] | None = None

    def loaded(self) -> None:
        """The workspace was read."""
        if self._connection.client.refreshes_lenses:
            self._refresh.soon()

    def design_changed(self) -> None:
        """The design was elaborated."""
        facts = self._connection.session.design_facts
        if facts is None:
            return
        counts = (facts.tops, facts.instances_of)
        is_news, self._told = counts != self._told, counts
        if is_news:
            self.loaded()


def _same(one: FileFacts, other: FileFacts) -> bool:
    """Both give the same hints."""
    return (one.references, one.symbols) == (other.references, other.symbols)
