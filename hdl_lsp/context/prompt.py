"""The one builder of prompts: what a model sees while serving, in evaluation and in training.

Must not call a model or read a file. Layout goes from stable to volatile, so that the KV cache of a model
stays valid while the user types: pieces from other files, the file above the line, the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from hdl_lsp.context.budget import Piece, pack
from hdl_lsp.context.interfaces import interfaces
from hdl_lsp.context.packages import typedefs
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.llm.engine import FimPrompt
from hdl_lsp.text.source import span
from hdl_lsp.workspace.snapshot import Snapshot

Source = Callable[[Snapshot, CompletionSite], tuple[Piece, ...]]

SOURCES: Mapping[str, Source] = {"interfaces": interfaces, "typedefs": typedefs}
"""Where pieces come from; each can be left out by its name, to measure what it is worth."""

_LINE_END = re.compile(r"\r\n?")

PREFIX_BYTES = 1_600
"""About 480 tokens of the file above the cursor: 1 to 3 s to read on two cores, once per place."""

SUFFIX_BYTES = 900
CONTEXT_TOKENS = 130

HEAD_STEP_LINES = 24
"""The start of the prefix moves in steps of this many lines, not with every new line."""


def prefix(site: CompletionSite) -> str:
    """The file above the cursor's line, from a line that is a multiple of HEAD_STEP_LINES (0-based)."""
    last = site.text.line_of(site.offset)
    starts = site.text.line_starts
    first = last
    while first > 0 and site.line_start - starts[first - 1] <= PREFIX_BYTES:
        first -= 1
    if first > 0:
        first = min(last, -(-first // HEAD_STEP_LINES) * HEAD_STEP_LINES)
    return site.text.slice(span(starts[first], site.line_start))


def suffix(site: CompletionSite) -> str:
    """The rest of the cursor's line and the lines below it, cut after a whole line."""
    last = site.text.line_of(site.offset)
    starts = site.text.line_starts
    below = last + 1
    while below + 1 < len(starts) and starts[below + 1] - site.offset <= SUFFIX_BYTES:
        below += 1
    end = starts[below] if below < len(starts) else site.text.size_bytes
    return site.text.slice(span(site.offset, end))


def context_text(pieces: Iterable[Piece]) -> str:
    """Pieces as the model reads them: each under a comment that names its file."""
    lines: list[str] = []
    path = ""
    for piece in pieces:
        if piece.path != path:
            path = piece.path
            lines.append(f"// {path}")
        lines.append(piece.text)
    return "\n".join(lines) + "\n\n" if lines else ""


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
    context = context_text(pack(found, CONTEXT_TOKENS))
    return FimPrompt(
        context=f"{context}// {site.path}\n" if context else "",
        path=site.path,
        prefix=_unix(prefix(site)),
        line_prefix=site.line_prefix,
        suffix=_unix(suffix(site)),
    )


def _unix(text: str) -> str:
    """*text* with LF line ends; models have seen few others, and each CR is a token."""
    return _LINE_END.sub("\n", text)
