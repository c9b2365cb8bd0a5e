"""The place where text is to be suggested: what stands around it and what may be written there.

Must not search other files (interfaces.py, packages.py do) and must not know any model's prompt format.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

from hdl_lsp.context.site_kind import SiteKind, kind_at
from hdl_lsp.syntax.cursor import Cursor, CursorKind, cursor
from hdl_lsp.text.source import Offset, SourceText, Span, encode, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_CLOSERS = re.compile(r"[\s)\]};,:]*(//.*)?")
_WORD_START = re.compile(r"[A-Za-z0-9_$]")
_BLANK = re.compile(r"\s*")


ANCHOR_LINES = 8
"""What is looked up around the cursor changes only every so many lines, so that the prompt's head stays the same
and a model need not read it again."""


class Extent(Enum):
    """How much may be suggested."""

    REST_OF_LINE = "rest of line"  # text stands right of the cursor, or inside a comment
    LINES = "lines"  # the cursor is at the end of a line


@dataclass(frozen=True)
class CompletionSite:
    """Where a suggestion goes. `line_prefix` and `line_suffix` are the two parts of the cursor's line."""

    file: FileId
    path: str  # relative to its workspace folder, forward slashes; the file's name outside every folder
    text: SourceText
    offset: Offset
    cursor: Cursor
    line_prefix: str
    line_suffix: str
    extent: Extent

    @cached_property
    def kind(self) -> SiteKind:
        """What is being written; worked out when first asked."""
        return kind_at(self.text, self.cursor)

    @property
    def line_start(self) -> Offset:
        """Offset of the first byte of the cursor's line."""
        return self.text.line_span(self.text.line_of(self.offset)).start

    @property
    def anchor_line0(self) -> int:
        """0-based line that stands for the cursor's surroundings; moves in steps of ANCHOR_LINES."""
        line = self.text.line_of(self.offset)
        return line - line % ANCHOR_LINES

    @property
    def indent(self) -> str:
        """White space that the cursor's line begins with."""
        match = _BLANK.match(self.line_prefix)
        return match.group() if match else ""

    @property
    def is_fresh_line(self) -> bool:
        """Nothing but white space stands left of the cursor."""
        return not self.line_prefix.strip()

    def spliced(self, insertion: str) -> SourceText:
        """The text with *insertion* at the cursor."""
        data = self.text.data
        return SourceText(data[: self.offset] + encode(insertion) + data[self.offset :])

    def inserted(self, insertion: str) -> Span:
        """Where *insertion* lies in `spliced(insertion)`."""
        return span(self.offset, self.offset + len(encode(insertion)))


def relative_path(snapshot: Snapshot, file: FileId) -> str:
    """Path of *file* below its workspace folder, forward slashes; its bare name outside every folder."""
    path = snapshot.path(file)
    for root in snapshot.project.roots:
        if path.startswith(root.rstrip("/\\") + os.sep):
            return os.path.relpath(path, root).replace(os.sep, "/")
    return Path(path).name


def at(
    snapshot: Snapshot, file: FileId, offset: Offset, *, is_asked: bool = False
) -> CompletionSite | None:
    """The site at *offset*; None where nothing sensible can be suggested.

    That is: inside a string or an include path, and in the middle of a word; unless *is_asked*, also inside a
    number, and with more than closing brackets and separators right of the cursor. See when_silent.py for the rest.
    """
    text = snapshot.text(file)
    if text is None:
        return None
    line = text.line_span(text.line_of(offset))
    offset = _between_characters(text, max(line.start, min(offset, line.end)))
    before = text.slice(span(line.start, offset))
    after = text.slice(span(offset, line.end))
    if after and _WORD_START.match(after) and before and _WORD_START.match(before[-1]):
        return None
    if not is_asked and not _CLOSERS.fullmatch(after):
        return None
    here = cursor(snapshot.syntax(file), offset)
    if here.kind in {CursorKind.STRING, CursorKind.INCLUDE}:
        return None
    if here.kind is CursorKind.NUMBER and not is_asked:
        return None
    is_rest = bool(after.strip()) or here.kind is CursorKind.COMMENT
    return CompletionSite(
        file=file,
        path=relative_path(snapshot, file),
        text=text,
        offset=offset,
        cursor=here,
        line_prefix=before,
        line_suffix=after,
        extent=Extent.REST_OF_LINE if is_rest else Extent.LINES,
    )


def _between_characters(text: SourceText, offset: int) -> Offset:
    """*offset*, or the start of the character that it cuts."""
    while 0 < offset < text.size_bytes and text.data[offset] & 0xC0 == 0x80:
        offset -= 1
    return Offset(offset)
