"""Diagnostics for a client that pulls: of one document, and of the whole workspace piece by piece.

Must not wait for anything to be compiled, nor hold the loop: what is known now is reported, file by file.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence

import attrs
from lsprotocol import types

from hdl_lsp.features.diagnostics import closed_diagnostics, files_with_findings
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.diagnostics_push import of_page
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MOST_FILES = 1_000  # in one report; a workspace with more broken files has another problem

Item = types.WorkspaceDocumentDiagnosticReport
Related = types.FullDocumentDiagnosticReport | types.UnchangedDocumentDiagnosticReport


def result_id(items: Sequence[types.Diagnostic]) -> str:
    """Equal for equal diagnostics."""
    # As tuples: LSP's types print without their fields in a server (light_types.py).
    plain = [attrs.astuple(item) for item in items]
    return hashlib.blake2b(repr(plain).encode(), digest_size=8).hexdigest()


NOTHING = result_id([])


async def workspace_reports(
    connection: Connection, previous: Mapping[str, str]
) -> AsyncIterator[Item]:
    """A report for every file with findings, "unchanged" where *previous* (URI to result id) says so.

    Files of *previous* without findings are reported empty.
    """
    snapshot, design = connection.session.snapshot(), _design(connection)
    connection.reports.based_on((design, snapshot.config, snapshot.project))
    reported: set[str] = set()
    for file in files_with_findings(snapshot, design)[:MOST_FILES]:
        document = connection.document_of(file)
        uri = document.uri if document else connection.uri_of(snapshot.path(file))
        reported.add(uri)
        before = previous.get(uri)
        if document is not None:
            items = _of_open(connection, uri)
            yield _item(uri, items, before, document.version)
        elif before is None or before != _known_id(connection, snapshot, file):
            items = _of_closed(connection, snapshot, file, design)
            connection.reports.remember(
                file, snapshot.index.digest_of(file) or "", result_id(items)
            )
            if items or before not in {None, NOTHING}:
                yield _item(uri, items, before, None)
        else:
            yield types.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, result_id=before)
        await asyncio.sleep(0)
    for uri, before in previous.items():
        if uri not in reported:
            yield _item(uri, [], before, None)


def related_reports(connection: Connection, file: FileId) -> dict[str, Related] | None:
    """What is known of the closed files that *file* was compiled with; None for clients that get it otherwise."""
    facts = connection.session.diagnosed(file)
    memory = connection.reports
    if facts is None or not (connection.client.related_documents and memory.is_pulled):
        return None
    snapshot, design = connection.session.snapshot(), _design(connection)
    found: dict[str, Related] = {}
    for path in facts.depends_on:
        other = snapshot.table.find(path)
        if other is None or other in snapshot.open_files:
            continue
        items = _of_closed(connection, snapshot, other, design)
        if items or other in memory.related:
            found[connection.uri_of(path)] = types.FullDocumentDiagnosticReport(
                items=items, result_id=result_id(items)
            )
            memory.related.add(other)
    return found or None


def _design(connection: Connection) -> DesignFacts | None:
    """The last elaboration, if we know what belongs to the design."""
    session = connection.session
    return session.design_facts if session.project.is_configured else None


def _known_id(connection: Connection, snapshot: Snapshot, file: FileId) -> str | None:
    return connection.reports.id_of(file, snapshot.index.digest_of(file) or "")


def _of_open(connection: Connection, uri: str) -> list[types.Diagnostic]:
    page = connection.page(types.TextDocumentIdentifier(uri))
    return [] if page is None else of_page(connection, page)


def _of_closed(
    connection: Connection, snapshot: Snapshot, file: FileId, design: DesignFacts | None
) -> list[types.Diagnostic]:
    found = closed_diagnostics(snapshot, file, design)
    text = snapshot.text(file) if found else None
    if text is None:
        return []
    view = connection.view(snapshot)
    return [view.diagnostic(text, one) for one in found]


def _item(uri: str, items: list[types.Diagnostic], before: str | None, version: int | None) -> Item:
    new_id = result_id(items)
    if new_id == before:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, result_id=new_id, version=version
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=items, version=version, result_id=new_id
    )
