"""Typedefs of the signals that are written near a place, and the constants named there.

Must not resolve by guess: a name that the workspace does not declare gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.site import CompletionSite, relative_path
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.source import Offset, span
from hdl_lsp.workspace import names
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

LINES_ABOVE = 12
"""Lines above the anchor whose names are looked up."""

LONGEST_BYTES = 700
"""A longer typedef (a register map, an opcode table) is cut after whole lines."""

_NAME = re.compile(r"[A-Za-z_]\w*(?:::[A-Za-z_]\w*)?")
_BLANKS = re.compile(r"[ \t]+")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_LINE_ENDS = re.compile(r"[ \t\r]*\n\s*")


def names_near(site: CompletionSite) -> Iterator[str]:
    """Names on the lines above the site's anchor, nearest first, each once."""
    seen: set[str] = set()
    last = site.anchor_line0
    for line in range(last - 1, max(-1, last - 1 - LINES_ABOVE), -1):
        for match in reversed(list(_NAME.finditer(_COMMENT.sub("", site.text.line_text(line))))):
            if match.group() not in seen:
                seen.add(match.group())
                yield match.group()


def _resolve(snapshot: Snapshot, file: FileId, offset: int, name: str) -> Declared | None:
    package, _, item = name.rpartition("::")
    found = (
        names.in_package(snapshot, file, package, item)
        if package
        else names.resolve(snapshot, file, offset, name)
    )
    return found[0] if found else None


def _typedef_of(snapshot: Snapshot, declared: Declared) -> Declared | None:
    """The typedef that *declared* is, or is declared with; its type is looked up where it was written."""
    if declared.kind == DeclKind.TYPEDEF.value:
        return declared
    if declared.decl is None or declared.file is None:
        return None
    for name in _NAME.findall(declared.decl.type_text):
        type_ = _resolve(snapshot, declared.file, declared.full.start, name)
        if type_ and type_.kind == DeclKind.TYPEDEF.value:
            return type_
    return None


def squeezed(text: str) -> str:
    """*text* without comments, blank lines and indentation, at most LONGEST_BYTES, cut after a whole line."""
    bare = _LINE_ENDS.sub("\n", _BLANKS.sub(" ", _COMMENT.sub("", text))).strip()
    if len(bare) <= LONGEST_BYTES:
        return bare
    return bare[: bare.rfind("\n", 0, LONGEST_BYTES)] if "\n" in bare[:LONGEST_BYTES] else ""


def typedefs(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """One piece for each typedef, declared in another file, of what is written near the cursor."""
    pieces: dict[tuple[int, Offset], Piece] = {}
    for rank, name in enumerate(names_near(site)):
        declared = _resolve(snapshot, site.file, site.offset, name)
        typedef = _typedef_of(snapshot, declared) if declared else None
        if typedef is None or typedef.file is None or typedef.file == site.file:
            continue
        source = snapshot.text(typedef.file)
        if source is None or (typedef.file, typedef.full.start) in pieces:
            continue
        text = squeezed(source.slice(span(typedef.full.start, typedef.full.end)))
        if text:
            pieces[typedef.file, typedef.full.start] = Piece(
                text, relative_path(snapshot, typedef.file), 8.0 - rank / 4, Stability.PROJECT
            )
    return tuple(pieces.values())
