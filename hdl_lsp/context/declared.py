"""Declarations of this file that the lines near a place name and the prompt's prefix no longer shows.

Must not look at other files: interfaces.py and packages.py do.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.context import window
from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.packages import names_near, squeezed
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.text.source import Offset
from hdl_lsp.workspace.scopes import find_local
from hdl_lsp.workspace.snapshot import Snapshot

MOST_NAMES = 8
"""A declaration each; what is named nearest to the cursor first."""

LONGEST_BYTES = 160
"""Of one declaration: a struct or a function is more than a reminder."""

_SHOWN = frozenset(
    {
        DeclKind.TYPEDEF,
        DeclKind.PARAMETER,
        DeclKind.LOCALPARAM,
        DeclKind.PORT,
        DeclKind.NET,
        DeclKind.VARIABLE,
        DeclKind.ENUM_MEMBER,
    }
)


def declared(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """One piece for each declaration; () where the prefix shows all of them."""
    texts = dict.fromkeys(written(site, decl) for decl in _hidden(snapshot, site))
    return tuple(
        Piece(text, site.path, 7.0 - rank / 4, Stability.EDIT)
        for rank, text in enumerate(texts)
        if text
    )


def written(site: CompletionSite, decl: Decl) -> str:
    """A declaration on one line: as it stands in the file where that is short, else its type and name."""
    text = " ".join(squeezed(site.text.slice(decl.span)).split())
    if decl.kind is DeclKind.ENUM_MEMBER or not 0 < len(text) <= LONGEST_BYTES:
        text = f"{decl.type_text} {decl.name}"
        return text if decl.type_text and len(text) <= LONGEST_BYTES else ""
    return text if text.endswith((";", ",")) else f"{text};"


def _hidden(snapshot: Snapshot, site: CompletionSite) -> Iterator[Decl]:
    """What is named near the site and declared above the prefix, nearest name first."""
    first = window.above(site).start
    summary = snapshot.summary(site.file)
    offset = Offset(site.text.line_span(site.anchor_line0).start)
    left = MOST_NAMES
    for name in names_near(site):
        for index in find_local(summary, offset, name)[:1]:
            decl = summary.decls[index]
            if decl.kind in _SHOWN and decl.name_span.end <= first:
                yield decl
                left -= 1
        if not left:
            return
