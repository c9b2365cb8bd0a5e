"""Cuts a candidate where it leaves the block that the cursor is in: by closing it, or by starting a design unit.

Must not look at indentation: HDL blocks end by keyword, and the keyword is what counts.
"""

from __future__ import annotations

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import Token, open_blocks, tokens
from hdl_lsp.syntax.blocks import blocks
from hdl_lsp.syntax.enclosing import Place, enclosing
from hdl_lsp.syntax.statement import frames
from hdl_lsp.syntax.tokens import line_start
from hdl_lsp.text.source import SourceText, encode, span

BYTES_LOOKED_AT = 16_384
"""Above and below the cursor. What was opened further away, the candidate may not close."""

_CLOSER = {"(": ")", "[": "]", "{": "}", "'{": "}"}
_UNITS = frozenset(("module", "macromodule", "package", "program", "primitive", "config"))
_CONDITIONS = frozenset(("`ifdef", "`ifndef"))
_BRANCHES = frozenset(("`else", "`elsif"))


def stop_at_scope(candidate: Candidate) -> Candidate | None:
    """The candidate up to its first closer without an opener, or to a module that it starts inside another.

    A bracket that stands open at the cursor may be closed, unless the text right below closes it already; and a
    block that nothing in the file closes. All others are closed by the user's own text, as is an `ifdef`; one that
    the candidate opens and does not close is left out.
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
        closer = next(tokens(text[position:])).text
        if closer in ")]}" and opened and opened[-1] == closer:
            opened.pop()
        elif closer in ")]}" or not _is_missing(candidate, text[:position], closer):
            kept = text[:position].rstrip()
            return candidate.with_text(kept) if kept else None
        done = position + len(closer)


def _is_missing(candidate: Candidate, before: str, closer: str) -> bool:
    """A block around the cursor stays open without *closer* after *before*, and is closed with it."""
    site = candidate.site
    if site.extent is Extent.REST_OF_LINE:
        return False
    data = site.text.data
    above = data[line_start(data, max(0, site.offset - BYTES_LOOKED_AT)) : site.offset]
    below = data[site.offset : site.offset + BYTES_LOOKED_AT]
    without, with_it = encode(before), encode(f"{before}{closer} ")
    return _closed(above + with_it + below) > _closed(above + without + below)


def _closed(data: bytes) -> int:
    return len(blocks(SourceText(data)))


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
    inner = frames(site.cursor.before, site.text.data, site.cursor.word_span.start)[:-1]
    waiting = [_CLOSER[frame.opener] for frame in reversed(inner)]
    if (
        not waiting
        and enclosing(site.text.data, site.cursor.word_span.start).place is Place.MEMBERS
    ):
        waiting = ["}"]
    after = site.text.slice(span(site.offset, min(site.offset + 2000, site.text.size_bytes)))
    for mark in after.lstrip():
        if waiting and mark in ")]}" and mark == waiting[0]:
            waiting.pop(0)
        elif not mark.isspace():
            break
    return waiting
