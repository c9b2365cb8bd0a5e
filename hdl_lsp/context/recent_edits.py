"""What the user changed lately elsewhere: a name that was just written is likely to be needed here.

Must not show what the prompt shows already: where the cursor is, every key is an edit.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.context import window
from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.site import CompletionSite, relative_path
from hdl_lsp.workspace.recent_edits import RecentEdit
from hdl_lsp.workspace.snapshot import Snapshot

MOST_EDITS = 3
LONGEST_BYTES = 240  # of one edit


def recent_edits(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """One piece for each of the last edits that left some code, newest first."""
    pieces: list[Piece] = []
    for edit in snapshot.edits:
        text = "" if _is_shown(site, edit) else "\n".join(_lines(snapshot, edit))
        if text and len(pieces) < MOST_EDITS:
            path = relative_path(snapshot, edit.file)
            pieces.append(Piece(text, path, 7.0 - len(pieces), Stability.EDIT))
    return tuple(pieces)


def _is_shown(site: CompletionSite, edit: RecentEdit) -> bool:
    text = site.text
    first = text.line_of(window.above(site).start)
    last = text.line_of(window.below(site).end)
    return edit.file == site.file and edit.first0 <= last and edit.last0 >= first


def _lines(snapshot: Snapshot, edit: RecentEdit) -> Iterator[str]:
    """The edited lines as they are now, the blank ones left out, as many as fit."""
    text = snapshot.text(edit.file)
    if text is None:
        return
    room = LONGEST_BYTES
    for line in range(edit.first0, min(edit.last0 + 1, text.line_count)):
        shown = text.line_text(line).rstrip()
        room -= len(shown) + 1
        if room < 0:
            return
        if shown:
            yield shown
