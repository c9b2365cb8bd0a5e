"""The names of a piece of text one after the other, and what stands around them; signs are skipped.

Must not know what names mean, and must not need a tree: it is the fast way through a big or broken file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.syntax.tokens import BlockComments, line_start, logical_line_start
from hdl_lsp.text.source import SourceText, Span, span

NAME_TOKEN = re.compile(
    rb"""
      (?P<comment> //[^\r\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<string>  (?<!`)"(?:\\(?:\r\n|.)|[^"\\\r\n])*"? )
    | (?P<macro>   (?<!`)`[A-Za-z_][\w$]* )
    | (?P<word>    [A-Za-z_][\w$]* | \\[^\s`"]\S* )
    | (?P<system>  \$[A-Za-z_$][\w$]* )
    | (?P<number>  (?:\d[\d_]*\s*)?'[sS]?[bodhBODH]\s*[0-9a-fA-FxXzZ?_]* | '[01xXzZ](?![\w$])
                 | \d[\w.]* )
    """,
    re.VERBOSE | re.DOTALL,
)

_BEFORE = re.compile(rb"(\.|::)[ \t]*\Z")
_AFTER_SCOPE = re.compile(rb"\s*::")
_BASE = re.compile(rb"([A-Za-z_$][\w$]*)\s*(?:#\s*\([^()]*\)\s*)?(?:::|\.)\s*\Z")
_TARGET_AHEAD = re.compile(
    rb"(?:\s*\[[^\[\]\r\n]*(?:\[[^\[\]\r\n]*\][^\[\]\r\n]*)*\])*\s*(?:[-+*/%&|^]|<<<?|>>>?)?(?:<=|=(?!=))"
)
_STATEMENT_BEFORE = re.compile(rb"(?:[;):]|\b(?:begin|end|else|assign|force|do)|\A)\s*\Z")
_FOR = re.compile(rb"\bfor\s*\([^)]*\Z")
_LOOK_BACK = 120


def name_tokens(data: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    """The matches of NAME_TOKEN that start in data[start:end], but for what lies in a comment or string there."""
    line = logical_line_start(data, start)
    around = BlockComments(data).around(line)
    for match in NAME_TOKEN.finditer(data, line if around is None else min(around[1], len(data))):
        if match.start() >= end:
            return
        if match.start() >= start:
            yield match


def slices(text: SourceText, where: Span, size_bytes: int) -> Iterator[Span]:
    """*where*, which begins at a line start, in pieces of about *size_bytes* that do so too."""
    start, size = int(where.start), int(where.end)
    while start < size:
        end = size if size - start <= size_bytes else line_start(text.data, start + size_bytes)
        if end <= start:  # one very long line
            after = text.data.find(b"\n", start + size_bytes)
            end = size if after < 0 else min(size, after + 1)
        yield span(start, end)
        start = end


def joined_by(data: bytes, start: int) -> str:
    """`.` or `::` where the name at *start* follows one, else ""."""
    match = _BEFORE.search(data, max(0, start - _LOOK_BACK), start)
    return match[1].decode() if match else ""


def is_scope(data: bytes, end: int) -> bool:
    """The name that ends at *end* is followed by `::`."""
    return _AFTER_SCOPE.match(data, end) is not None


def base_of(data: bytes, start: int) -> str:
    """The name before the `.` or `::` before *start*; "" when there is none."""
    match = _BASE.search(data, max(0, start - _LOOK_BACK), start)
    return match[1].decode() if match else ""


def is_target(data: bytes, start: int, end: int) -> bool:
    """The plain name *start* to *end* begins a statement that assigns to it, as far as the words around it tell."""
    if _TARGET_AHEAD.match(data, end) is None:
        return False
    low = max(0, start - _LOOK_BACK)
    if _STATEMENT_BEFORE.search(data, low, start) is None:
        return False
    return _FOR.search(data, line_start(data, start), start) is None
