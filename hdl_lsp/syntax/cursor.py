"""What is under and before an offset in a text that is being typed: the word, its owner, the lists it is in.

Must not know what names mean; and must not trust the tree where the text is broken, so that it reads tokens.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from hdl_lsp.syntax.brackets import CallAt, InstanceAt, Site, site_at
from hdl_lsp.syntax.lookback import TokensBefore, base_names
from hdl_lsp.syntax.surroundings import container_at, is_in_procedure
from hdl_lsp.syntax.tokens import (
    BlockComments,
    Token,
    TokenKind,
    logical_line_start,
    tokens,
)
from hdl_lsp.syntax.tree import SyntaxTree
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import SourceText, Span, span

WORD_REST = re.compile(rb"[\w$]*")
ESCAPED_REST = re.compile(rb"[^\s]*")
INCLUDE_OPEN = re.compile(rb"""[ \t]*`include[ \t]*["<](?P<path>[^">\r\n]*)\Z""")
INCLUDE_REST = re.compile(rb"""[^">\r\n]*""")


class CursorKind(Enum):
    """What is being typed."""

    IDENTIFIER = auto()
    """A name or keyword, or nothing yet where one may start."""
    MEMBER = auto()
    """After `a.`."""
    SCOPE = auto()
    """After `pkg::`."""
    PORT_NAME = auto()
    """After `.` in an instance's port list."""
    PARAMETER_NAME = auto()
    """After `.` in `#(`."""
    ARGUMENT_NAME = auto()
    """After `.` in the arguments of a call."""
    MACRO = auto()
    """After a backtick."""
    SYSTEM = auto()
    """After a dollar sign."""
    INCLUDE = auto()
    """Inside the path of an `include`."""
    COMMENT = auto()
    STRING = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class _Word:
    kind: CursorKind
    where: Span
    before: int
    """Where the tokens before it end: its start, or that of its backtick."""


class Cursor:
    """The answer of cursor(), worked out as far as somebody asks. Empty strings and None where nothing is there.

    What stands around the word costs most: reading back to the start of its statement.
    """

    def __init__(self, tree: SyntaxTree, word: _Word, offset: int) -> None:
        self._tree = tree
        self._before = word.before
        self._word_kind = word.kind
        self._back = TokensBefore(tree.text.data, word.before)
        self.word = tree.text.slice(word.where)
        """The identifier around the cursor: MACRO without backtick, SYSTEM with dollar sign, INCLUDE the path."""
        self.word_span = word.where
        """Where the word is; empty, at the cursor, if there is none."""
        self.typed = tree.text.slice(span(word.where.start, offset))
        """The part of the word left of the cursor."""

    @property
    def before(self) -> TokensBefore:
        """The code tokens before the word, nearest first."""
        return self._back

    @property
    def kind(self) -> CursorKind:
        """What is being typed."""
        return self._kind_and_base[0]

    @property
    def base(self) -> tuple[str, ...]:
        """MEMBER and SCOPE: the names left of the dot or `::`, outermost first, without subscripts and arguments."""
        return self._kind_and_base[1]

    @property
    def instance(self) -> InstanceAt | None:
        """The instance whose connections or parameters the cursor is in."""
        return self._own_site.instance

    @property
    def call(self) -> CallAt | None:
        """The innermost call whose arguments the cursor is in, inside the instance's connection if both are there."""
        return self._own_site.call

    @property
    def statement(self) -> str:
        """First token of the statement or item that the word is in; empty if the word is first."""
        return self._own_site.statement

    @cached_property
    def container(self) -> str:
        """Name of the innermost module, interface, package, program, checker or class; empty at file scope."""
        return container_at(self._tree.text.data, self._before)

    @cached_property
    def in_procedure(self) -> bool:
        """Inside an always, initial or final procedure, a function or a task."""
        return is_in_procedure(self._tree, self._back, self._before)

    @cached_property
    def after_keyword(self) -> str:
        """The keyword right before the word; before `(...)` in between, as in `case (state) |`, the keyword of that."""
        return _keyword_before(self._back)

    @cached_property
    def _site(self) -> Site:
        return site_at(self._back, self._tree.text.data, self.word_span)

    @cached_property
    def _own_site(self) -> Site:
        is_name = self.kind in (CursorKind.PORT_NAME, CursorKind.PARAMETER_NAME)
        return self._site.without_connection() if is_name else self._site

    @cached_property
    def _kind_and_base(self) -> tuple[CursorKind, tuple[str, ...]]:
        """The kind that a dot or `::` before the word makes, and the names before it."""
        sign = self._back[0].text
        if self._word_kind is not CursorKind.IDENTIFIER or sign not in {"::", "."}:
            return self._word_kind, ()
        if sign == "::":
            return CursorKind.SCOPE, base_names(self._back, 1)
        if self._back.starts_connection(0):
            site = self._site
            if site.is_direct and site.instance is not None:
                is_parameter = site.instance.is_in_parameters
                return (CursorKind.PARAMETER_NAME if is_parameter else CursorKind.PORT_NAME), ()
            if site.is_direct_call:
                return CursorKind.ARGUMENT_NAME, ()
        return CursorKind.MEMBER, base_names(self._back, 1)


@functools.lru_cache(maxsize=8)  # one question asks for it several times
def cursor(tree: SyntaxTree, offset: int) -> Cursor:
    """What is at *offset*, which is clamped into the text; an answer for every offset of every text.

    Reads the line of the offset and, backwards and forwards, the tokens of the statement around it. The tree is
    asked only whether that statement is in a procedure, and only where the tree has no error around it.
    """
    offset = max(0, min(offset, tree.text.size_bytes))
    return Cursor(tree, _word_at(tree.text, offset), offset)


def _word_at(text: SourceText, offset: int) -> _Word:
    """The word around *offset*, and whether it is one of code, comment, string, number, macro or system task."""
    data = text.data
    comment = BlockComments(data).around(offset)
    if comment is not None:
        return _Word(CursorKind.COMMENT, _plain_word(data, offset), comment[0])
    start = logical_line_start(data, offset)
    opened = BlockComments(data).around(start)
    found = list(tokens(data, opened[1] if opened else start, offset))
    last = found[-1] if found and found[-1].end == offset else None
    include = INCLUDE_OPEN.match(data, start, offset)
    if include:
        rest = INCLUDE_REST.match(data, offset)
        path = span(include.start("path"), rest.end() if rest else offset)
        return _Word(CursorKind.INCLUDE, path, start)
    if last is not None:
        kind = _kind_inside(last, found)
        if kind is not None:
            return _Word(kind, _plain_word(data, offset), last.start)
    return _word_of_code(data, offset, last)


def _kind_inside(last: Token, found: list[Token]) -> CursorKind | None:
    """COMMENT, STRING or NUMBER if the token that ends at the cursor goes on there; else None."""
    if last.kind is TokenKind.COMMENT:
        is_open = last.text.startswith("//") or len(last.text) < 4 or not last.text.endswith("*/")
        return CursorKind.COMMENT if is_open else None
    if last.kind is TokenKind.STRING:
        return CursorKind.STRING if _is_open_string(last.text) else None
    if last.kind is TokenKind.NUMBER:
        return CursorKind.NUMBER
    is_base = last.text == "'" and len(found) > 1 and found[-2].kind is TokenKind.NUMBER
    return CursorKind.NUMBER if is_base and found[-2].end == last.start else None


def _is_open_string(text: str) -> bool:
    """The closing quote is missing."""
    quote = '"""' if text.startswith('"""') else '"'
    if len(text) < 2 * len(quote) or not text.endswith(quote):
        return True
    body = text[len(quote) : -len(quote)]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _word_of_code(data: bytes, offset: int, last: Token | None) -> _Word:
    """The word that the token before the cursor and the text after it make."""
    text = "" if last is None else last.text
    if last is not None and last.kind is TokenKind.WORD:
        rest = ESCAPED_REST if text.startswith("\\") else WORD_REST
        return _Word(CursorKind.IDENTIFIER, span(last.start, _rest(rest, data, offset)), last.start)
    if last is not None and (last.kind is TokenKind.MACRO or text == "`"):
        where = span(last.start + 1, _rest(WORD_REST, data, offset))
        return _Word(CursorKind.MACRO, where, last.start)
    start = (
        last.start
        if last is not None and (last.kind is TokenKind.SYSTEM or text == "$")
        else offset
    )
    where = span(start, _rest(WORD_REST, data, offset))
    first = data[where.start : where.start + 1]
    if first == b"$":
        return _Word(CursorKind.SYSTEM, where, start)
    if first.isdigit():
        return _Word(CursorKind.NUMBER, where, start)
    if data.startswith(b"\\", offset) and start == offset:
        where = span(offset, _rest(ESCAPED_REST, data, offset))
    return _Word(CursorKind.IDENTIFIER, where, start)


def _rest(pattern: re.Pattern[bytes], data: bytes, offset: int) -> int:
    found = pattern.match(data, offset)
    return found.end() if found else offset


def _plain_word(data: bytes, offset: int) -> Span:
    """Identifier characters around *offset*, whatever they are part of."""
    start = offset
    while start > 0 and WORD_REST.fullmatch(data, start - 1, start):
        start -= 1
    return span(start, _rest(WORD_REST, data, offset))


def _keyword_before(back: TokensBefore) -> str:
    """The keyword right before the word, or before the parenthesis right before it."""
    at = 0
    if back[0].text == ")":
        at = back.after_group(0)
        if back[at].text == "@":
            at += 1
    text = back[at].text
    return text if text in KEYWORDS else ""
