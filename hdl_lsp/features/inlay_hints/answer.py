"""All hints of a range, each kind as its setting says.

Must not wait for facts: hints that need them appear with the next question.
"""

from __future__ import annotations

from hdl_lsp.features.inlay_hints.arguments import argument_hints
from hdl_lsp.features.inlay_hints.block_ends import block_end_hints
from hdl_lsp.features.inlay_hints.connections import connection_hints
from hdl_lsp.features.inlay_hints.hint import InlayHint
from hdl_lsp.features.inlay_hints.values import value_hints
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MAX_HINTS = 4_000
"""In one answer; editors ask for what is on the screen."""


def inlay_hints(snapshot: Snapshot, file: FileId, within: Span) -> tuple[InlayHint, ...]:
    """The hints inside *within*, in text order."""
    if snapshot.text(file) is None:
        return ()
    found = [
        *connection_hints(snapshot, file, within),
        *argument_hints(snapshot, file, within),
        *value_hints(snapshot, file, within),
        *block_end_hints(snapshot, file, within),
    ]
    inside = (hint for hint in found if within.start <= hint.offset <= within.end)
    return tuple(sorted(inside, key=lambda hint: hint.offset)[:MAX_HINTS])
