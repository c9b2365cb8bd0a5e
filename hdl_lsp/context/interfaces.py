"""Headers of the modules and interfaces that are instantiated around a place.

Must not render anything but headers: a body would not fit and is not needed to connect an instance.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.site import CompletionSite, relative_path
from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary
from hdl_lsp.workspace import names
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.scopes import children
from hdl_lsp.workspace.snapshot import Snapshot

NEAREST = 4
"""Instances looked at, counted from the cursor outwards."""


def header(summary: FileSummary, unit: int) -> str:
    """Header of design unit *unit* on few lines: `module fifo #(int Depth = 4) (input logic clk_i);`."""
    decl = summary.decls[unit]
    inside = children(summary, unit)
    parameters = ", ".join(_parameter(d) for d in inside if d.kind is DeclKind.PARAMETER)
    ports = ", ".join(_port(d) for d in inside if d.kind is DeclKind.PORT)
    head = f"{decl.kind.value} {decl.name}"
    if parameters:
        head += f" #({parameters})"
    return f"{head} ({ports});"


def _parameter(decl: Decl) -> str:
    value = f" = {decl.value_text}" if decl.value_text else ""
    return f"{decl.type_text} {decl.name}{value}".strip()


def _port(decl: Decl) -> str:
    words = decl.type_text
    if decl.direction and not words.startswith(decl.direction):
        words = f"{decl.direction} {words}"
    return f"{words} {decl.name}".strip()


def _definitions(snapshot: Snapshot, site: CompletionSite) -> Iterator[str]:
    """Names of the definitions instantiated nearest to the cursor, the one being connected first."""
    if site.cursor.instance:
        yield site.cursor.instance.definition
    uses = snapshot.summary(site.file).instances
    anchor = site.text.line_span(site.anchor_line0).start
    for use in sorted(uses, key=lambda u: abs(u.span.start - anchor))[:NEAREST]:
        yield use.definition


def interfaces(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """One piece for each definition that is instantiated near the cursor and lives in another file."""
    pieces: list[Piece] = []
    seen: set[str] = set()
    for rank, definition in enumerate(_definitions(snapshot, site)):
        if definition in seen:
            continue
        seen.add(definition)
        for unit in names.units(snapshot, site.file, definition)[:1]:
            if unit.file is None or unit.file == site.file or unit.index is None:
                continue
            worth = 10.0 - rank if site.cursor.instance else 5.0 - rank
            pieces.append(_piece(snapshot, unit.file, unit.index, worth))
    return tuple(pieces)


def _piece(snapshot: Snapshot, file: FileId, unit: int, worth: float) -> Piece:
    text = header(snapshot.summary(file), unit)
    return Piece(text, relative_path(snapshot, file), worth, Stability.DESIGN)
