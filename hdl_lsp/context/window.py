"""Which part of the file itself a model sees: the lines above the cursor's and those below it.

Must not look at other files. The head of the upper part moves in steps, so that the KV cache stays valid.
"""

from __future__ import annotations

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.text.source import Offset, Span, span

PREFIX_BYTES = 1_600
"""About 480 tokens of the file above the cursor: 1 to 3 s to read on two cores, once per place."""

SUFFIX_BYTES = 900

HEAD_STEP_LINES = 24
"""The start of the prefix moves in steps of this many lines, not with every new line."""


def above(site: CompletionSite) -> Span:
    """The file above the cursor's line, from a line that is a multiple of HEAD_STEP_LINES (0-based)."""
    last = site.text.line_of(site.offset)
    starts = site.text.line_starts
    first = last
    while first > 0 and site.line_start - starts[first - 1] <= PREFIX_BYTES:
        first -= 1
    if first > 0:
        first = min(last, -(-first // HEAD_STEP_LINES) * HEAD_STEP_LINES)
    return span(starts[first], site.line_start)


def below(site: CompletionSite) -> Span:
    """The rest of the cursor's line and the lines below it, cut after a whole line."""
    last = site.text.line_of(site.offset)
    starts = site.text.line_starts
    end = last + 1
    while end + 1 < len(starts) and starts[end + 1] - site.offset <= SUFFIX_BYTES:
        end += 1
    return span(site.offset, starts[end] if end < len(starts) else Offset(site.text.size_bytes))
