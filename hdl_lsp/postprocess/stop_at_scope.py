"""Cuts a candidate where it closes a block that it did not open.

Must not look at indentation: HDL blocks end by keyword, and the keyword is what counts.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import open_blocks
from hdl_lsp.text.source import span


def stop_at_scope(candidate: Candidate) -> Candidate | None:
    """The candidate up to its first closer without an opener.

    A bracket that the cursor's own line left open may be closed; so may one that stands open in the lines
    above, unless the text right below closes it already. Block keywords are the user's to close.
    """
    text = candidate.text
    opened = _open_left(candidate)
    done = 0
    while True:
        _, stray = open_blocks(text[done:])
        if stray is None:
            return candidate
        position = done + stray
        closer = text[position]
        if closer in ")]}" and opened and opened[-1] == closer:
            opened.pop()
            done = position + 1
            continue
        kept = text[:position].rstrip()
        return candidate.with_text(kept) if kept else None


def _open_left(candidate: Candidate) -> list[str]:
    """Closers that the statement left of the cursor waits for, outermost first, less those below it."""
    site = candidate.site
    start = max(0, site.offset - 4000)
    before = site.text.slice(span(start, site.offset))
    cut = before.rfind(";")
    stack, _ = open_blocks(before[cut + 1 :])
    pairs = {"(": ")", "[": "]", "{": "}"}
    waiting = [pairs[token.text] for token in stack if token.text in pairs]
    after = site.text.slice(span(site.offset, min(site.offset + 2000, site.text.size_bytes)))
    for mark in after.lstrip():
        if waiting and mark in ")]}" and mark == waiting[0]:
            waiting.pop(0)
        elif not mark.isspace():
            break
    return waiting
