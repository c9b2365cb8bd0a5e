"""The includes of a file, as links.

Must not guess a path that no known file has.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """*span* (the path without its quotes) leads to the file at the absolute *path*."""

    span: Span
    path: str
    tooltip: str


def document_links(snapshot: Snapshot, file: FileId) -> tuple[DocumentLink, ...]:
    """A link for each `` `include `` whose file is known, in order."""
    links: list[DocumentLink] = []
    for use in snapshot.summary(file).includes:
        found = find_include(snapshot, file, use.path)
        if not found:
            continue
        inner = span(use.span.start + 1, use.span.end - 1)
        path = snapshot.path(found[0])
        tooltip = path
        if len(found) > 1:
            tooltip += f" (first of {len(found)} files of that name)"
        links.append(DocumentLink(inner if inner.length else use.span, path, tooltip))
    return tuple(links)
