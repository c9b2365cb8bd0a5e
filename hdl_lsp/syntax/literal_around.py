"""The `'{ ... }` that an offset stands in between two items: what is written of it, and what stands before it.

Must not know types: what the literal is assigned to is given as tokens (literal_type.py follows them).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from hdl_lsp.syntax.lookback import BOUNDARIES, NOTHING, TokensBefore
from hdl_lsp.syntax.statements import CLOSING, MOST_TOKENS, OPENING, group_end, text_at
from hdl_lsp.syntax.tokens import Token, code_tokens, tokens_after
from hdl_lsp.text.source import Span, span


@dataclass(frozen=True, slots=True)
class LiteralItem:
    """One item of a literal: `key: value`, or a value alone (then the key is empty)."""

    key: str
    span: Span
    value: Span


@dataclass(frozen=True, slots=True)
class LiteralAround:
    """A literal with an offset between its items."""

    start: int
    """Where `'{` is."""
    before: tuple[LiteralItem, ...]
    after: tuple[LiteralItem, ...]
    needs_comma: bool
    """An item stands before the offset without a comma after it."""
    is_closed: bool
    """`}` stands after the items."""
    end: int
    """After the `}`, or after the last item read."""


def literal_around(data: bytes, start: int, after: int) -> LiteralAround | None:
    """The literal in which an item may start at *start*; what follows is read from *after* on. None inside an item."""
    bracket = open_bracket(TokensBefore(data, start))
    opened = bracket.start if bracket is not None and bracket.text == "'{" else None
    if opened is None:
        return None
    tokens = list(itertools.islice(code_tokens(data, opened, start), MOST_TOKENS))
    inner = tokens[1:]
    needs_comma = bool(inner) and inner[-1].text != ","
    if needs_comma:
        return None
    before = _items(inner)
    following = _until_closed(data, after)
    if following is None:
        return None
    later, closing = following
    return LiteralAround(
        start=opened,
        before=before,
        after=_items(later),
        needs_comma=needs_comma,
        is_closed=closing is not None,
        end=closing.end if closing else (later[-1].end if later else after),
    )


def literal_at(data: bytes, start: int) -> LiteralAround | None:
    """The literal that `'{` at *start* opens, all items in `before`; None where it does not close."""
    following = _until_closed(data, start + len("'{"))
    items, closing = following or ([], None)
    if closing is None:
        return None
    return LiteralAround(
        start=start,
        before=_items(items),
        after=(),
        needs_comma=False,
        is_closed=True,
        end=closing.end,
    )


def open_bracket(back: TokensBefore, index: int = 0) -> Token | None:
    """The innermost bracket of the statement that is open before the token at *index*."""
    while True:
        token = back[index]
        if token is NOTHING or token.text == ";" or token.text in BOUNDARIES:
            return None
        if token.text in CLOSING:
            after = back.after_group(index)
            if after == index + 1:
                return None
            index = after
            continue
        if token.text in OPENING:
            return token
        index += 1


def _until_closed(data: bytes, start: int) -> tuple[list[Token], Token | None] | None:
    """The tokens up to the `}` of the literal around *start*, and that; None where another bracket closes first."""
    found: list[Token] = []
    depth = 0
    for token in itertools.islice(tokens_after(data, start), MOST_TOKENS):
        text = token.text
        if text in OPENING:
            depth += 1
        elif text in CLOSING:
            if depth == 0:
                return (found, token) if text == "}" else ([], None)
            depth -= 1
        elif text == ";" or text in BOUNDARIES:
            return ([], None) if depth == 0 else None
        found.append(token)
    return [], None


def _items(tokens: Sequence[Token]) -> tuple[LiteralItem, ...]:
    found: list[LiteralItem] = []
    low = at = 0
    while at <= len(tokens):
        if at == len(tokens) or tokens[at].text == ",":
            if at > low:
                found.append(_item(tokens[low:at]))
            low = at = at + 1
            continue
        at = max(group_end(tokens, at), at + 1)
    return tuple(found)


def _item(tokens: Sequence[Token]) -> LiteralItem:
    where = span(tokens[0].start, tokens[-1].end)
    if text_at(tokens, 1) == ":":
        value = span(tokens[min(2, len(tokens) - 1)].start, where.end)
        return LiteralItem(tokens[0].text, where, value)
    return LiteralItem("", where, where)
