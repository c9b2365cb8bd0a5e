"""The comment that belongs to a declaration: above it, or behind it on its line.

Must not judge what a comment says, except that a licence is nobody's documentation.
"""

from __future__ import annotations

import re
from itertools import takewhile

from hdl_lsp.syntax.lookback import BOUNDARIES, NOTHING, TokensBefore
from hdl_lsp.syntax.tokens import BlockComments, TokenKind, tokens
from hdl_lsp.text.source import SourceText, span

MARKERS = re.compile(r"^\s*(?://[/!<]*|/\*[*!]*|\*(?!/))? ?|\s*(?:\*/|/{3,}|\s//)?\s*$")
"""What a comment line begins and ends with: slashes, stars, and the slashes that close a box."""

RULER = re.compile(r"[\s/*#=~_+.-]*")
"""A line that only draws."""

LICENCE = re.compile(r"copyright|SPDX-License|licensed under", re.IGNORECASE)


def doc_comment(text: SourceText, offset: int) -> str:
    """The comment of the declaration at *offset*, without its markers; empty if there is none.

    *offset* may be anywhere in the declaration, as on its name. The comment lines directly above the line where
    the declaration starts come first, then the comment behind it on the line of *offset*, with the
    comment lines that continue it in the same column. A blank line ends a comment; a licence is left out.
    """
    offset = max(0, min(offset, text.size_bytes))
    above = _above(text, text.line_of(_declaration_start(text, offset)))
    behind = _behind(text, offset)
    return "\n".join(part for part in (above, behind) if part)


def _declaration_start(text: SourceText, offset: int) -> int:
    """Start of the first token of the declaration around *offset*."""
    back = TokensBefore(text.data, offset)
    start = offset
    index = 0
    while (token := back[index]) is not NOTHING and token.text not in (";", ",", "(", "{", "begin"):
        is_end = token.text.startswith("end") or token.text.startswith("join")
        if token.kind is TokenKind.WORD and token.text in BOUNDARIES and is_end:
            break
        if token.text in (")", "]", "}"):
            index = back.after_group(index)
            start = back[index - 1].start
            continue
        start = token.start
        index += 1
    return start


def _above(text: SourceText, line0: int) -> str:
    """The comment lines directly above *line0*."""
    comments = BlockComments(text.data)
    lines: list[str] = []
    at = line0 - 1
    while at >= 0:
        where = text.line_span(at)
        line = text.slice(where)
        inside = comments.around(where.end) or comments.around(max(where.start, where.end - 1))
        if line.lstrip().startswith("//"):
            lines.append(line)
        elif "//" in line:
            lines = [each for each in lines if not _continues(each, line.rindex("//"))]
            break
        elif (
            inside is not None
            and text.slice(span(text.line_span(text.line_of(inside[0])).start, inside[0])).strip()
            == ""
        ):
            first = text.line_of(inside[0])
            lines.extend(text.line_text(each) for each in range(at, first - 1, -1))
            at = first
        else:
            break
        at -= 1
    found = _strip(lines[::-1])
    return "" if LICENCE.search(found) else found


def _behind(text: SourceText, offset: int) -> str:
    """The comment at the end of the line of *offset*, and the lines that continue it."""
    line0 = text.line_of(offset)
    where = text.line_span(line0)
    found = list(tokens(text.data, offset, where.end))
    if not found or found[-1].kind is not TokenKind.COMMENT:
        return ""
    last = found[-1]
    column = last.start - where.start
    lines = [last.text]
    if last.text.startswith("//"):
        following = (text.line_text(each) for each in range(line0 + 1, text.line_count))
        lines += takewhile(lambda line: _continues(line, column), following)
    return _strip(lines)


def _continues(line: str, column: int) -> bool:
    """*line* is a comment alone that starts at *column*, which is not the left edge."""
    return column > 0 and line[:column].strip() == "" and line[column:].startswith("//")


def _strip(lines: list[str]) -> str:
    """*lines* without comment markers, rulers, and blank lines at both ends."""
    bare = [MARKERS.sub("", line) for line in lines]
    kept = ["" if RULER.fullmatch(line) else line.rstrip() for line in bare]
    while kept and not kept[0]:
        kept.pop(0)
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)
