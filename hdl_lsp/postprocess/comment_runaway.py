"""Cuts a candidate where it stops being code: prose, banners, Markdown, another language, orders to the reader.

Must not judge whether a comment is true, and must not touch strings: what stands in one is text already.
"""

from __future__ import annotations

import re

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.words import KEYWORDS

MOST_COMMENT_LINES = 2
"""So many comment lines in a row may stand above code; what goes on is a model that tells a story."""

PLAIN_WORDS = 3
"""So many names in a row, without a keyword or sign between them, are prose: no construct of the language has them."""

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_BANNER = re.compile(r"\s*(?://|/\*|\*)?[\s]*(?:[-=*#/~+_]{5,}|\*{3,})")
_LICENCE = re.compile(r"copyright|SPDX-License|licensed under|all rights reserved", re.IGNORECASE)
_OTHER_LANGUAGE = re.compile(
    r"""
    \s*(?:
        \#\s*(?:include|define|pragma|!|ifdef|[A-Z][a-z]) | def\s+\w+\s*\(.*\)\s*: | </?[a-zA-Z][^>]*>
      | using\s+namespace | library\s+ieee | entity\s+\w+\s+is | architecture\s+\w+\s+of | --\s
      | from\s+\w+\s+import | import\s+\w+(?:\.\w+)*\s*$ | public\s+(?:static|class) | int\s+main\s*\(
      | (?:Answer|Question|User|Assistant|Human|Output|Input|Note|Example)\s*:\s
    )
    """,
    re.VERBOSE,
)
_TO_READER = re.compile(
    r"""
      \b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:above|previous|prior|earlier|instruction|prompt|rule)s?
    | \bas\s+an?\s+(?:AI|language\s+model|assistant)\b | \bsystem\s+prompt\b | \byou\s+(?:are|must|should)\s+now\b
    | \w+://
    """,
    re.VERBOSE | re.IGNORECASE,
)


def comment_runaway(candidate: Candidate) -> Candidate | None:
    """The candidate up to its first line that is no code; None when nothing else is left.

    In a comment prose is what is wanted: there only fences, banners, and what speaks to the reader or names an
    address end it. Comment lines at the end, with no code below them, are left out elsewhere.
    """
    is_comment = candidate.site.cursor.kind is CursorKind.COMMENT
    kept: list[str] = []
    for index, line in enumerate(_without_fence(candidate.lines())):
        whole = candidate.site.line_prefix + line if index == 0 else line
        if _ends_code(line, whole, is_in_comment=is_comment):
            break
        kept.append(line)
    if not is_comment:
        kept = _without_story(kept, is_fresh=candidate.site.is_fresh_line)
    text = "\n".join(kept).rstrip()
    if text == candidate.text.rstrip():
        return candidate if text.strip() else None
    return candidate.with_text(text) if text.strip() else None


def _without_fence(lines: list[str]) -> list[str]:
    """What is between the fences when the candidate begins with one, else what is above the first."""
    begins = bool(lines) and _FENCE.match(lines[0]) is not None
    inside: list[str] = []
    for line in lines[1:] if begins else lines:
        if _FENCE.match(line):
            break
        inside.append(line)
    return inside


def _ends_code(line: str, whole: str, *, is_in_comment: bool) -> bool:
    """*line* is none that a suggestion should hold; *whole* is it with what the user wrote before it."""
    if _BANNER.match(line) or _TO_READER.search(line) or _LICENCE.search(line):
        return True
    if is_in_comment:
        return False
    return _OTHER_LANGUAGE.match(whole) is not None or _is_prose(line) or _opens_comment(line)


def _is_prose(line: str) -> bool:
    count = 0
    for token in tokens(line):
        is_name = token.kind == "word" and token.text.isidentifier() and token.text not in KEYWORDS
        count = count + 1 if is_name else 0
        if count >= PLAIN_WORDS:
            return True
    return False


def _opens_comment(line: str) -> bool:
    """A block comment starts in *line* and does not end there."""
    return any(
        token.kind == "comment" and token.text.startswith("/*") and not token.text.endswith("*/")
        for token in tokens(line)
    )


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("//", "/*"))


def _without_story(lines: list[str], *, is_fresh: bool) -> list[str]:
    """*lines* up to a third comment line in a row, without comment lines at the end."""
    kept: list[str] = []
    run = 0
    for index, line in enumerate(lines):
        run = run + 1 if _is_comment(line) and (index or is_fresh) else 0
        if run > MOST_COMMENT_LINES:
            break
        kept.append(line)
    while kept and (
        not kept[-1].strip() or (_is_comment(kept[-1]) and (len(kept) > 1 or is_fresh))
    ):
        kept.pop()
    return kept
