"""Removes the end of a candidate that repeats what already stands right of the cursor or below it.

Must not change the text of the file: what is there stays there.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import LINE_END, Candidate
from hdl_lsp.postprocess.subject import subject
from hdl_lsp.postprocess.tokens import CLOSERS, open_blocks, tokens

LINES_BELOW = 6
"""So far below the cursor the next line of code is looked for."""


def drop_suffix_overlap(candidate: Candidate) -> Candidate | None:
    """The candidate without what follows anyway; None when nothing else is left.

    What follows: the text right of the cursor; and the next line, word for word or with another right side. And
    what the list around the cursor connects, above or below.
    """
    text = _without_rest(candidate)
    lines = LINE_END.split(text)
    kept = _before_repeated(candidate, lines, _next_line(candidate))
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


def _before_repeated(candidate: Candidate, lines: list[str], following: str) -> list[str]:
    """*lines* up to the first that the line *following* the cursor's says already, or the list around it."""
    ports = _connected(candidate)
    for index, line in enumerate(lines):
        prefix = candidate.site.line_prefix if index == 0 else ""
        what = subject(prefix + line)
        if line.lstrip().startswith(")"):
            ports = frozenset[str]()  # from here on another list
        is_new = not prefix.strip() or bool(candidate.site.cursor.typed)
        if is_new and what in ports:
            return lines[:index]
        if following and _is_said(prefix + line, following, "\n".join(lines[:index])):
            return lines[:index]
    return lines


def _connected(candidate: Candidate) -> frozenset[str]:
    """Subjects of the connections in the list that the cursor is in, on both sides of it."""
    instance = candidate.site.cursor.instance
    if instance is None:
        return frozenset()
    in_parameters = instance.is_in_parameters
    names = instance.connected_parameters if in_parameters else instance.connected_ports
    return frozenset(f".{name}" for name in names)


def _is_said(line: str, following: str, before: str) -> bool:
    """*line*, which comes after *before*, repeats the line *following* the cursor's."""
    words = _words(line)
    if not words:
        return False
    is_within = bool(open_blocks(before)[0])
    what = subject(line)
    if words[0] in CLOSERS or (is_within and words[0] == "default"):
        return False  # stop_at_scope.py knows whose end it is
    if words == _words(following):
        return bool(what) or not line.rstrip().endswith(",")  # rows of a table may be equal
    return bool(what) and not what.startswith(".") and not is_within and what == subject(following)


def _words(line: str) -> list[str]:
    """The tokens of *line* without comments, a comma at its end included in none."""
    found = [token.text for token in tokens(line) if token.kind != "comment"]
    return found[:-1] if len(found) > 1 and found[-1] == "," else found


def _next_line(candidate: Candidate) -> str:
    """The next line that is not empty and not a comment alone; "" if none is near."""
    text = candidate.site.text
    line = text.line_of(candidate.site.offset) + 1
    for at in range(line, min(line + LINES_BELOW, text.line_count)):
        words = text.line_text(at).strip()
        if words and not words.startswith(("//", "/*")):
            return words
    return ""
