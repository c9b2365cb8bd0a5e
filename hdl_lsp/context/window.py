"""Which part of the file itself a model sees: the lines above the cursor's and those below it.

Must not look at other files. The head of the upper part moves in steps, so that the KV cache stays valid.
"""

from __future__ import annotations

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.text.source import Offset, Span, span

PREFIX_BYTES = 1_000
"""About 300 tokens of the file above the anchor; the lines from there to the cursor come on top, eight at most."""

SUFFIX_BYTES = 900


def above(site: CompletionSite) -> Span:
    """The file above the cursor's line. Where it begins depends on what is above the site's anchor alone.

    So it moves together with all else that is looked up around the cursor, and a model reads its prompt anew
    every eight lines and not oftener.
    """
    first = _first_line(site, site.anchor_line0)
    if site.line_start - site.text.line_starts[site.anchor_line0] > PREFIX_BYTES:
        first = _first_line(site, site.text.line_of(site.offset))  # a table of numbers
    return span(site.text.line_starts[first], site.line_start)


def _first_line(site: CompletionSite, below: int) -> int:
    """The first of the lines above line *below* that are PREFIX_BYTES together at most."""
    starts = site.text.line_starts
    first = below
    while first > 0 and starts[below] - starts[first - 1] <= PREFIX_BYTES:
        first -= 1
    return first


def below(site: CompletionSite) -> Span:
    """The rest of the cursor's line and the lines below it, cut after a whole line."""
    last = site.text.line_of(site.offset)
    starts = site.text.line_starts
    end = last + 1
    while end + 1 < len(starts) and starts[end + 1] - site.offset <= SUFFIX_BYTES:
        end += 1
    return span(site.offset, starts[end] if end < len(starts) else Offset(site.text.size_bytes))
