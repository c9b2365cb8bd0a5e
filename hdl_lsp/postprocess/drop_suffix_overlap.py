"""Removes the end of a candidate that repeats what already stands right of the cursor or below it.

Must not change the text of the file: what is there stays there.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import LINE_END, Candidate
from hdl_lsp.postprocess.subject import subject
from hdl_lsp.postprocess.tokens import CLOSERS, open_blocks, tokens

LINES_BELOW = 6
"""So many lines below the cursor are compared."""


def drop_suffix_overlap(candidate: Candidate) -> Candidate | None:
    """The candidate without what follows anyway; None when nothing else is left.

    What follows: the text right of the cursor; the next line, word for word or with another right side; and ports
    that one of the next lines connects.
    """
    text = _without_rest(candidate)
    lines = LINE_END.split(text)
    below = _lines_below(candidate)
    kept = _before_repeated(candidate, lines, below) if below else lines
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None


def _without_rest(candidate: Candidate) -> str:
    """The candidate without the end of its first line that stands right of the cursor already."""
    rest = candidate.site.line_suffix.strip()
    if not rest:
        return candidate.text
    first = LINE_END.split(candidate.text)[0].rstrip()
    for length in range(len(rest), 0, -1):
        shorter = first[: len(first) - length].rstrip()
        if first.endswith(rest[:length]) and not (open_blocks(shorter)[0] and length < len(first)):
            return shorter
    return first


def _before_repeated(candidate: Candidate, lines: list[str], below: list[str]) -> list[str]:
    """*lines* up to the first that one of *below* says already."""
    for index, line in enumerate(lines):
        whole = candidate.site.line_prefix + line if index == 0 else line
        if _is_said(whole, below, "\n".join(lines[:index])):
            return lines[:index]
    return lines


def _is_said(line: str, below: list[str], before: str) -> bool:
    """*line*, which comes after *before*, repeats one of the lines *below* the cursor."""
    words, following = _words(line), _words(below[0])
    if not words:
        return False
    if words[0] in CLOSERS or words[0] == "default":
        # The end of a block that the candidate opened is its own, whatever the file has below.
        is_own = bool(open_blocks(before)[0])
        return not is_own and words == following and len("".join(words)) > 1
    if words == following:
        return True
    what = subject(line)
    if what.startswith("."):
        return any(subject(each) == what for each in below)
    return bool(what) and not open_blocks(before)[0] and what == subject(below[0])


def _words(line: str) -> list[str]:
    """The tokens of *line* without comments, a comma at its end included in none."""
    found = [token.text for token in tokens(line) if token.kind != "comment"]
    return found[:-1] if len(found) > 1 and found[-1] == "," else found


def _lines_below(candidate: Candidate) -> list[str]:
    """The next lines that are not empty; those of a comment alone are left out."""
    text = candidate.site.text
    line = text.line_of(candidate.site.offset) + 1
    found: list[str] = []
    while line < text.line_count and len(found) < LINES_BELOW:
        words = text.line_text(line).strip()
        if words and not words.startswith(("//", "/*")):
            found.append(words)
        line += 1
    return found
