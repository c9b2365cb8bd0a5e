"""The one builder of prompts: what a model sees while serving, in evaluation and in training.

Must not call a model or read a file. Layout goes from stable to volatile, so that the KV cache of a model
stays valid while the user types: pieces from other files, the file above the line, the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from hdl_lsp.context import window
from hdl_lsp.context.budget import Piece, pack
from hdl_lsp.context.clocks import clocks
from hdl_lsp.context.interfaces import interfaces
from hdl_lsp.context.packages import typedefs
from hdl_lsp.context.recent_edits import recent_edits
from hdl_lsp.context.similar import similar
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.llm.engine import FimPrompt
from hdl_lsp.workspace.snapshot import Snapshot

Source = Callable[[Snapshot, CompletionSite], tuple[Piece, ...]]

SOURCES: Mapping[str, Source] = {
    "interfaces": interfaces,
    "typedefs": typedefs,
    "clocks": clocks,
    "similar": similar,
    "edits": recent_edits,
}
"""Where pieces come from; each can be left out by its name, to measure what it is worth."""

_LINE_END = re.compile(r"\r\n?")

CONTEXT_TOKENS = 250


def context_text(pieces: Iterable[Piece]) -> str:
    """Pieces as the model reads them: each under a comment that names its file, a blank line between two of one."""
    text = path = ""
    for piece in pieces:
        text += "\n" if piece.path == path else f"// {piece.path}\n"
        text += f"{piece.text}\n"
        path = piece.path
    return f"{text}\n" if text else ""


def fim_prompt(
    snapshot: Snapshot, site: CompletionSite, *, without: frozenset[str] = frozenset()
) -> FimPrompt:
    """What ghost text at *site* is generated from; nothing of the SOURCES named in *without*."""
    found = (
        piece
        for name, source in SOURCES.items()
        if name not in without
        for piece in source(snapshot, site)
    )
    return FimPrompt(
        context=context_text(pack(found, CONTEXT_TOKENS)),
        path=site.path,
        prefix=_unix(site.text.slice(window.above(site))),
        line_prefix=site.line_prefix,
        suffix=_unix(site.text.slice(window.below(site))),
    )


def _unix(text: str) -> str:
    """*text* with LF line ends; models have seen few others, and each CR is a token."""
    return _LINE_END.sub("\n", text)
