"""When a client should ask again for hints, colours and lenses: slang has looked, or the design was elaborated.

Must not ask for a refresh after an edit: clients do that by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping

from lsprotocol import types

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.refresh import Refresh
from hdl_lsp.workspace.files import FileId


class FactsRefresh:
    """Asks the client to ask again for what was told without facts of slang, or with other ones of the same text.

    *made_from*: the facts behind the last answer for each open file, of clients that can be told to ask again.
    *same*: two facts give the same answer.
    """

    def __init__(
        self,
        connection: Connection,
        method: str,
        made_from: MutableMapping[FileId, FileFacts | None],
        same: Callable[[FileFacts, FileFacts], bool],
    ) -> None:
        self._connection = connection
        self._made_from = made_from
        self._same = same
        self._refresh = Refresh(connection, method)

    def facts_changed(self, file: FileId) -> None:
        """Facts of an open file are there, or diagnostics alone."""
        connection, made_from = self._connection, self._made_from
        if file not in made_from:
            return
        if connection.document_of(file) is None:
            del made_from[file]
            return
        facts, before = connection.session.snapshot().fresh_facts(file), made_from[file]
        if facts is None or facts is before:
            return
        made_from[file] = facts
        # After an edit the client asks by itself.
        if before is None or (before.digest == facts.digest and not self._same(before, facts)):
            self._refresh.soon()


def hints_refresh(connection: Connection) -> FactsRefresh:
    """Inlay hints."""
    method = types.WORKSPACE_INLAY_HINT_REFRESH
    return FactsRefresh(connection, method, connection.hints_made_from, _same_names)


def colours_refresh(connection: Connection) -> FactsRefresh:
    """Semantic tokens, which tell dead code too."""
    method = types.WORKSPACE_SEMANTIC_TOKENS_REFRESH
    return FactsRefresh(
        connection,
        method,
        connection.tokens.made_from,
        lambda one, other: one.inactive == other.inactive and _same_names(one, other),
    )


def _same_names(one: FileFacts, other: FileFacts) -> bool:
    """Both say the same of every name."""
    return (one.references, one.symbols) == (other.references, other.symbols)


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
