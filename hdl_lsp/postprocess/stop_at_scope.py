"""Cuts a candidate where it leaves the block that the cursor is in: by closing it, or by starting a design unit.

Must not look at indentation: HDL blocks end by keyword, and the keyword is what counts.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import Token, open_blocks, tokens
from hdl_lsp.text.source import span

_UNITS = frozenset(("module", "macromodule", "package", "program", "primitive", "config"))
_CONDITIONS = frozenset(("`ifdef", "`ifndef"))
_BRANCHES = frozenset(("`else", "`elsif"))


def stop_at_scope(candidate: Candidate) -> Candidate | None:
    """The candidate up to its first closer without an opener, or to a module that it starts inside another.

    A bracket that the cursor's own line left open may be closed; so may one that stands open in the lines
    above, unless the text right below closes it already. Block keywords are the user's to close, as is an `ifdef`;
    one that the candidate opens and does not close is left out.
    """
    end = _unit_or_condition(candidate)
    if end is not None:
        kept = candidate.text[:end].rstrip()
        if not kept:
            return None
        candidate = candidate.with_text(kept)
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


def _unit_or_condition(candidate: Candidate) -> int | None:
    """Where a new design unit starts, a branch of an `ifdef` that is not the candidate's own, or one left open."""
    opened: list[Token] = []
    before = ""
    for token in tokens(candidate.text):
        if token.text in _CONDITIONS:
            opened.append(token)
        elif token.text == "`endif" and opened:
            opened.pop()
        elif token.text == "`endif" or (token.text in _BRANCHES and not opened):
            return token.start
        elif token.text in _UNITS and before != "extern" and candidate.site.cursor.container:
            return opened[0].start if opened else token.start
        before = token.text
    return opened[0].start if opened else None


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
