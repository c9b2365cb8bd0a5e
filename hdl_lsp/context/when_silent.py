"""Where no suggestion is made, and why: decided by the place alone, before any rule or model is asked.

Must not judge a suggestion (postprocess/ does), and must not wait for facts: an inactive branch is known only where
they are fresh.
"""

from __future__ import annotations

import re
from enum import Enum

from hdl_lsp.context.site_kind import SiteKind, kind_at
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.text.source import Offset, SourceText, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot


class Silence(Enum):
    """Why nothing is suggested; the value is a reason as users read it."""

    UNKNOWN_FILE = "the file was never read"
    IN_WORD = "in the middle of a word"
    IN_STRING = "in a string"
    IN_INCLUDE = "in the path of an include"
    IN_NUMBER = "in a number"
    BEFORE_CODE = "left of code"
    AFTER_STATEMENT = "after a finished statement"
    IN_DEFINE = "in the body of a macro, which nothing checks before it is used"
    INACTIVE = "in an inactive branch, which nothing checks"


ALWAYS = frozenset((Silence.UNKNOWN_FILE, Silence.IN_WORD, Silence.IN_STRING, Silence.IN_INCLUDE))
"""Reasons that hold for who asks by key, too."""

_CLOSERS = re.compile(r"[\s)\]};,:]*(//.*)?")
_WORD = re.compile(r"[A-Za-z0-9_$]")


def why_silent(
    snapshot: Snapshot, file: FileId, offset: Offset, *, is_asked: bool
) -> Silence | None:
    """The reason to suggest nothing at *offset* of *file*; None where something may be suggested.

    *is_asked*: the user pressed the key. Then only those of ALWAYS count.
    """
    text = snapshot.text(file)
    if text is None:
        return Silence.UNKNOWN_FILE
    reason = _reason(snapshot, file, text, max(0, min(offset, text.size_bytes)))
    return None if is_asked and reason not in ALWAYS else reason


def _reason(snapshot: Snapshot, file: FileId, text: SourceText, offset: int) -> Silence | None:
    line = text.line_span(text.line_of(offset))
    offset = min(offset, line.end)
    before = text.slice(span(line.start, offset))
    after = text.slice(span(offset, line.end))
    if _WORD.match(after[:1]) and _WORD.match(before[-1:]):
        return Silence.IN_WORD
    here = cursor(snapshot.syntax(file), offset)
    match here.kind:
        case CursorKind.STRING:
            return Silence.IN_STRING
        case CursorKind.INCLUDE:
            return Silence.IN_INCLUDE
        case CursorKind.NUMBER:
            return Silence.IN_NUMBER
        case _:
            pass
    if not _CLOSERS.fullmatch(after):
        return Silence.BEFORE_CODE
    if here.kind is CursorKind.COMMENT:
        return None
    kind = kind_at(text, here)
    if kind is SiteKind.DEFINE:
        return Silence.IN_DEFINE
    if before.rstrip().endswith(";") and kind is not SiteKind.OTHER:
        return Silence.AFTER_STATEMENT
    facts = snapshot.fresh_facts(file)
    is_dead = facts is not None and any(part.contains(offset) for part in facts.inactive)
    return Silence.INACTIVE if is_dead else None
