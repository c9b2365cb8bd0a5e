"""Where an editor's user changed something lately.

Must not keep texts: an edit is a range of lines, which moves with what is inserted above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId

KEPT = 6
NEAR_LINES = 2  # edits not further apart are one
LONGEST_LINES = 40  # more at once is a paste, a formatter, another branch


@dataclass(frozen=True, slots=True)
class RecentEdit:
    """Lines *first0* to *last0* of *file*, both included, 0-based."""

    file: FileId
    first0: int
    last0: int


def noted(
    recent: tuple[RecentEdit, ...], file: FileId, before: SourceText, edit: TextEdit
) -> tuple[RecentEdit, ...]:
    """*recent*, newest first, and *edit*, which counts in *before*."""
    first = before.line_of(edit.span.start)
    removed = before.line_of(edit.span.end) - first
    added = edit.new_text.count("\n")
    moved = _moved(recent, file, first, removed, added)
    if added > LONGEST_LINES or removed > LONGEST_LINES:
        return tuple(moved)
    new = RecentEdit(file, first, first + added)
    others: list[RecentEdit] = []
    for old in moved:
        if _are_near(old, new) and old.last0 - old.first0 <= LONGEST_LINES:
            new = RecentEdit(file, min(old.first0, new.first0), max(old.last0, new.last0))
        else:
            others.append(old)
    return (new, *others[: KEPT - 1])


def _moved(
    recent: Iterable[RecentEdit], file: FileId, first: int, removed: int, added: int
) -> list[RecentEdit]:
    """*recent* after lines were removed and added below line *first*; edits in removed lines are gone."""
    kept: list[RecentEdit] = []
    for old in recent:
        if old.file != file or old.last0 <= first:
            kept.append(old)
        elif old.first0 > first + removed:
            shift = added - removed
            kept.append(replace(old, first0=old.first0 + shift, last0=old.last0 + shift))
        elif removed <= LONGEST_LINES and added <= LONGEST_LINES:
            last = max(first + added, old.last0 + added - removed)
            kept.append(replace(old, first0=min(old.first0, first), last0=last))
    return kept


def _are_near(one: RecentEdit, other: RecentEdit) -> bool:
    return (
        one.file == other.file
        and one.first0 <= other.last0 + NEAR_LINES
        and other.first0 <= one.last0 + NEAR_LINES
    )
