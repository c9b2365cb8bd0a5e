"""Cuts tokens that are only half there from the end of a candidate, and a word typed twice from its start.

Must not judge whole tokens: what an operator at the end lacks, repair.py and slang see.
"""

from __future__ import annotations

import re

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import Token, tokens
from hdl_lsp.syntax.cursor import CursorKind

_RETYPED = 3
"""A word of so many letters that a candidate begins with again is the model starting over."""

_HALF = re.compile(r"[`$\\.#'@]|::")
_WORD = re.compile(r"\w+")


def half_tokens(candidate: Candidate) -> Candidate | None:
    """The candidate without an open string, a number without digits, a lone sign that starts a name, at its end.

    And where the word at the cursor is written once more from its beginning, without that beginning.
    """
    if candidate.site.cursor.kind is CursorKind.COMMENT:
        return candidate
    text = _without_retyped(candidate)
    found = list(tokens(text))
    end = len(text)
    while found and (first := _half_from(found)) >= 0:
        end = found[first].start
        del found[first:]
    if end < len(text):
        text = text[:end].rstrip()
    if text == candidate.text:
        return candidate
    return candidate.with_text(text) if text.strip() else None


def _without_retyped(candidate: Candidate) -> str:
    typed = candidate.site.cursor.typed
    if candidate.site.cursor.kind is CursorKind.IDENTIFIER and len(typed) >= _RETYPED:
        first = _WORD.match(candidate.text)
        if first and first.group().startswith(typed):
            return candidate.text[len(typed) :]
    return candidate.text


def _half_from(found: list[Token]) -> int:
    """Index of the token from which on the end of *found* is half a token; -1 if it is whole."""
    last = len(found) - 1
    token = found[last]
    if token.kind == "string":
        is_whole = len(token.text) > 1 and token.text.endswith('"')
        return -1 if is_whole else last
    if token.kind == "word":
        return -1
    if token.kind == "comment":
        is_open = token.text.startswith("/*") and not token.text.endswith("*/")
        return last if is_open else -1
    before = found[last - 1] if last else None
    is_touching = before is not None and before.end == token.start
    if token.text == ":" and is_touching and before is not None and before.text == ":":
        return last - 1
    if token.kind == "mark" and _HALF.fullmatch(token.text):
        is_size = token.text == "'" and is_touching and before is not None
        return last - 1 if is_size and before is not None and before.kind == "number" else last
    return -1
