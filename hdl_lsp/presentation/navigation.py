"""Where an answer leads.

Must not know LSP: a target is a file path and byte spans.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.text.source import Span


@dataclass(frozen=True, slots=True, order=True)
class NavTarget:
    """A place in a file. *path* is absolute; *focus* (usually the name) lies inside *full*."""

    path: str
    full: Span
    focus: Span
    name: str = ""
