"""Code of this repository that goes on from lines like those above a place: what people wrote next the last time.

Must not show what the prompt shows already, nor a copy of the place itself: the model would only repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from hdl_lsp.context import window
from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.site import CompletionSite, relative_path
from hdl_lsp.text.source import LINE_END, SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.similar_code import CHUNK_LINES, words
from hdl_lsp.workspace.snapshot import Snapshot

QUERY_LINES = 4
MOST_CHUNKS = 16
MOST_OWN_LINES = 64
OWN_BYTES = (
    200_000  # of the file itself, on either side of the cursor: generated files have megabytes
)
LINES_BEFORE = 2
LINES_AFTER = 9
LONGEST_BYTES = 500
LINE_WEIGHTS = (1.0, 0.6, 0.36)
"""How much likeness of the nearest line above, of the one above that, and so on counts."""

LEAST_LIKENESS = 0.5
COPY_SHARE = 0.75
"""Where so many of the lines around the cursor stand too, the same thing stands: a copy of the file, most likely."""

COPY_LINES = 6  # above the cursor and below it
FEW_LINES = 4
PLAIN_BYTES = 8  # shorter lines stand everywhere

_COMMENT = re.compile(r"//.*")
_MARK = re.compile(r"[<>=!&|^~+*/?:;.\[\]{}()-]")


def similar(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """The place that goes on most likely, in this file or in another one; () where nothing is like it."""
    query = tuple(_code_above(site))
    if snapshot.similar is None or not query:
        return ()
    data, line = site.text.data, site.text.line_span(site.text.line_of(site.offset))
    above, below = data[: line.start][-OWN_BYTES:], data[line.end :][:OWN_BYTES]
    around = blake2b(above + b"\0" + below, digest_size=12).hexdigest()
    key = ("similar code", site.file, query, line.start, around, snapshot.similar.generation)
    return snapshot.memo.remember(key, lambda: _found(snapshot, site, query))


@dataclass(frozen=True)
class _Place:
    """A text that is searched. `first` to `last` are the lines that the prompt shows already, if it is the own file."""

    file: FileId
    text: SourceText
    first: int = 0
    last: int = -1

    @cached_property
    def lines(self) -> list[str]:
        return [line.decode("utf-8", "replace") for line in LINE_END.split(self.text.data)]

    def is_shown(self, line: int) -> bool:
        return self.first <= line <= self.last


def _found(snapshot: Snapshot, site: CompletionSite, query: Sequence[str]) -> tuple[Piece, ...]:
    bags = [_bag(line) for line in reversed(query)][: len(LINE_WEIGHTS)]
    best, best_score = None, LEAST_LIKENESS
    for place, line in _candidates(snapshot, site, query):
        score = _likeness(place, line, bags)
        if score > best_score:
            best, best_score = (place, line), score
    if best is None:
        return ()
    text = _shown(*best)
    path = relative_path(snapshot, best[0].file)
    return (Piece(text, path, 9.0, Stability.EDIT),) if text else ()


def _code_above(site: CompletionSite) -> list[str]:
    """The last lines of code above the site's anchor."""
    found: list[str] = []
    for line in range(site.anchor_line0 - 1, max(-1, site.anchor_line0 - 3 * QUERY_LINES), -1):
        code = _code(site.text.line_text(line))
        if code:
            found.append(code)
        if len(found) == QUERY_LINES:
            break
    return found[::-1]


def _code(line: str) -> str:
    """*line* without its comment and indentation."""
    return " ".join(_COMMENT.sub("", line).split())


def _bag(code: str) -> frozenset[str]:
    return frozenset(words(code)) | frozenset(_MARK.findall(code))


def _candidates(
    snapshot: Snapshot, site: CompletionSite, query: Sequence[str]
) -> Iterator[tuple[_Place, int]]:
    """Lines that may be like the last one of *query*."""
    yield from _own_lines(site, query[-1])
    assert snapshot.similar is not None
    found = snapshot.similar.search(words("\n".join(query)), MOST_CHUNKS) or ()
    around = _around(site)
    places: dict[FileId, _Place] = {}
    for chunk in found:
        file = snapshot.table.find(chunk.path)
        if file is None or file == site.file:
            continue
        if file not in places:
            text = snapshot.text(file)
            if text is None:
                continue
            places[file] = _Place(file, text)
        place = places[file]
        if not _is_copy(place, chunk.line0, around):
            last = min(chunk.line0 + CHUNK_LINES, len(place.lines) - 1)
            yield from ((place, line) for line in range(max(chunk.line0 - 1, 0), last))


def _own_lines(site: CompletionSite, near: str) -> Iterator[tuple[_Place, int]]:
    """Lines of the file itself, outside of what the prompt shows, that have the longest word of the line *near*."""
    text = site.text
    first = text.line_of(window.above(site).start)
    last = text.line_of(window.below(site).end)
    place = _Place(site.file, text, first, last)
    longest = max(words(near), key=len, default="").encode()
    start = max(site.offset - OWN_BYTES, 0)
    lower = text.data[start : site.offset + OWN_BYTES].lower()
    at, left = lower.find(longest) if longest else -1, MOST_OWN_LINES
    while at >= 0 and left:
        line = text.line_of(start + at)
        if not place.is_shown(line):
            yield place, line
            left -= 1
        at = lower.find(longest, text.line_span(line).end - start)


def _around(site: CompletionSite) -> frozenset[str]:
    """The lines around the cursor that say something."""
    at = site.text.line_of(site.offset)
    last = min(at + COPY_LINES, len(site.text.line_starts) - 1)
    near = [*range(max(at - COPY_LINES, 0), at), *range(at + 1, last + 1)]
    return frozenset(
        code for line in near if len(code := _code(site.text.line_text(line))) > PLAIN_BYTES
    )


def _is_copy(place: _Place, line0: int, around: frozenset[str]) -> bool:
    here = place.lines[max(line0 - COPY_LINES, 0) : line0 + CHUNK_LINES + COPY_LINES]
    same = len(around.intersection(map(_code, here)))
    return same >= max(FEW_LINES, COPY_SHARE * len(around))


def _likeness(place: _Place, line: int, bags: Sequence[frozenset[str]]) -> float:
    """How alike *line* and the lines of code above it are to *bags*, nearest first; 0 to 2."""
    score = 0.0
    for weight, bag in zip(LINE_WEIGHTS, bags, strict=False):
        while line >= 0 and not _code(place.lines[line]):
            line -= 1
        if line < 0:
            break
        other = _bag(_code(place.lines[line]))
        score += weight * len(bag & other) / max(len(bag | other), 1)
        line -= 1
    return score


def _shown(place: _Place, line: int) -> str:
    """The lines around *line*, without comments and blank lines, up to those that the prompt shows."""
    kept: list[str] = []
    room = LONGEST_BYTES
    start = line
    while start > max(line - LINES_BEFORE, 0) and not place.is_shown(start - 1):
        start -= 1
    for at in range(start, min(line + LINES_AFTER + 1, len(place.lines))):
        text = _COMMENT.sub("", place.lines[at]).rstrip()
        room -= len(text) + 1
        if room < 0 or place.is_shown(at):
            break
        if text:
            kept.append(text)
    return "\n".join(kept) if len(kept) > LINES_BEFORE else ""
