"""Puts the columns of a candidate's lines where the lines next to the cursor have theirs.

Must not touch indentation (reindent.py does), nor anything but blanks between two tokens.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.reindent import line_end_of
from hdl_lsp.text.source import SourceText

LINES_LOOKED_AT = 12
"""Above and below the cursor. A column belongs to lines that stand together; an empty line ends them."""

_LIST_EDGE = re.compile(r"^\s*\)|\(\s*(?://.*)?$")
"""Where one list ends or begins; the columns of two lists are each their own."""

_BLANK = re.compile(r"[ \t]*")
_CONNECTION = re.compile(r"\s*\.[A-Za-z_][\w$]*(?P<gap>[ \t]*)\(")
_ASSIGNMENT = re.compile(
    r"""
    \s*(?:assign\s+|(?:localparam|parameter)\s[^=(]*?)?
    (?:[\w$.\[\]:{},'+*-]|\ (?=[\w\[])(?![ \t]*<?=))+?
    (?P<gap>[ \t]*)<?=(?![=>])
    """,
    re.VERBOSE,
)
_DECLARATION = re.compile(
    r"""
    \s*(?!(?:return|assign|else|end|begin|import|export|typedef|default|case|if|for|disable|force)\b)
    (?:(?:input|output|inout|logic|wire|reg|bit|int|integer|byte|genvar|unsigned|signed|rand|[\w$]+_[te]
         |[\w$]+::[\w$]+)\b[ \t]*|\[[^\]]*\][ \t]*)*?
    (?:\b[\w$]+|\[[^\]]*\])(?P<gap>[ \t]+)[A-Za-z_][\w$]*[ \t]*(?:\[[^\]]*\][ \t]*)*[,;=]?[ \t]*(?://.*)?$
    """,
    re.VERBOSE,
)


class _Column(NamedTuple):
    """Where the second part of a line starts, and the blanks before it."""

    kind: str
    indent: str
    gap_start: int
    gap_end: int


def align_columns(candidate: Candidate) -> Candidate | None:
    """The candidate with the gap before `(`, `=`, `<=` or a declared name as wide as next to it.

    Lines that share a column, of which one at least has a wider gap than it needs, are aligned on purpose: there
    the candidate joins them, unless it is too long. Where they all have the narrowest gap, so has the candidate.
    Its own lines that no neighbour tells of stay as they are.
    """
    site = candidate.site
    near = _neighbours(site.text, site.text.line_of(site.offset))
    wholes = [site.line_prefix * (n == 0) + line for n, line in enumerate(candidate.lines())]
    ends = Counter(column.gap_end for column in map(_column, wholes) if column)
    lines: list[str] = []
    for index, (line, whole) in enumerate(zip(candidate.lines(), wholes, strict=True)):
        prefix = site.line_prefix if index == 0 else ""
        aligned = _aligned(whole, near, ends)
        lines.append(aligned[len(prefix) :] if aligned.startswith(prefix) else line)
    return candidate.with_text(line_end_of(site.text).join(lines))


def _neighbours(text: SourceText, line0: int) -> list[_Column]:
    """Columns of the lines around *line0* that stand together with it."""
    found: list[_Column] = []
    for step in (-1, 1):
        for distance in range(1, LINES_LOOKED_AT + 1):
            at = line0 + step * distance
            line = text.line_text(at) if 0 <= at < text.line_count else ""
            if not line.strip() or _LIST_EDGE.search(line):
                break
            column = _column(line)
            if column is not None:
                found.append(column)
    return found


def _column(line: str) -> _Column | None:
    blank = _BLANK.match(line)
    indent = blank.group() if blank else ""
    for kind, pattern in (
        ("connection", _CONNECTION),
        ("assignment", _ASSIGNMENT),
        ("declaration", _DECLARATION),
    ):
        found = pattern.match(line)
        if found is not None:
            sign = line[found.end("gap") : found.end("gap") + 1]
            return _Column(
                kind + (sign if kind == "assignment" else ""), indent, *found.span("gap")
            )
    return None


def _aligned(line: str, near: list[_Column], written: Counter[int]) -> str:
    """*line* with the gap of those *near*; *written*: how many lines of the candidate end their gap in a column."""
    column = _column(line)
    if column is None or "\t" in line[column.gap_start : column.gap_end]:
        return line
    like = [each for each in near if each.kind == column.kind and each.indent == column.indent]
    width = _width(column, like, is_shared=written[column.gap_end] > 1)
    return line[: column.gap_start] + " " * width + line[column.gap_end :]


def _width(column: _Column, like: list[_Column], *, is_shared: bool) -> int:
    """The gap that *column* gets among those that are *like* it; *is_shared*: the candidate aligned it itself."""
    own = column.gap_end - column.gap_start
    least = 0 if column.kind == "connection" else 1
    if not like:
        return own
    ends = [each.gap_end for each in like]
    common = max(set(ends), key=lambda end: (ends.count(end), -ends.index(end)))
    gaps = [each.gap_end - each.gap_start for each in like if each.gap_end == common]
    if max(gaps) > least and (len(gaps) > 1 or len(like) == 1):
        return max(least, common - column.gap_start)
    is_narrow = len(like) > 1 and {each.gap_end - each.gap_start for each in like} == {least}
    return least if is_narrow and not is_shared and column.gap_end not in ends else own
