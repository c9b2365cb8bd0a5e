"""The reset branch of a clocked procedure: what is assigned in it, and in the rest of the procedure.

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin          <- the branch
        q <= '0;
      end else begin
        q <= d;                   <- the rest
      end
    end

Must not know what the names mean; reads tokens, so that unfinished text around it does no harm.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hdl_lsp.syntax.statements import (
    BLOCK_CLOSERS,
    CLOSING,
    ENDS,
    MOST_TOKENS,
    OPENING,
    group_end,
    statement_end,
    text_at,
)
from hdl_lsp.syntax.tokens import Token, TokenKind, code_tokens, tokens_before
from hdl_lsp.text.source import Span, span

PROCEDURES = frozenset(("always", "always_ff"))
_IS_RESET = re.compile(r"rst|reset|clear|clr|por_", re.IGNORECASE)
_NEXT_ITEM = ENDS - BLOCK_CLOSERS - {"else"}
_BOUNDARIES = BLOCK_CLOSERS | {";", "begin", "else", ":", ")"}


@dataclass(frozen=True, slots=True)
class Assigned:
    """One non-blocking assignment."""

    names: tuple[str, ...]
    """The signals on its left, without subscripts and fields; several in a concatenation."""
    target: Span
    """Its left side."""
    value: Span
    """Its right side, a delay included."""
    is_whole: bool
    """The left side is one plain name."""


@dataclass(frozen=True, slots=True)
class ResetBranch:
    """One reset branch, with the place in it that was asked for."""

    head: Span
    """The procedure's first line: from its keyword to the parenthesis that closes the event list."""
    start: int
    """Where the `if` is."""
    has_block: bool
    """`begin` is written after the condition."""
    before: tuple[Assigned, ...]
    after: tuple[Assigned, ...]
    """What is assigned in the branch before the place, and after it."""
    rest: tuple[Assigned, ...]
    """What is assigned in the other branches, and after them."""


def reset_around(data: bytes, start: int, after: int) -> ResetBranch | None:
    """The reset branch in which the next statement may stand at *start*; what follows is read from *after* on."""
    procedure = _procedure_before(data, start)
    if procedure is None:
        return None
    tokens = list(itertools.islice(code_tokens(data, procedure, start), MOST_TOKENS))
    opened = _opened(tokens)
    if opened is None:
        return None
    at = opened.branch
    if not opened.has_block and at != len(tokens):
        return None
    while at < len(tokens):
        end = statement_end(tokens, at)
        if end is None:
            return None
        at = end
    return _with_rest(tokens, opened, _until_item(data, after))


def reset_at(data: bytes, procedure: int) -> ResetBranch | None:
    """The reset branch of the procedure whose keyword is at *procedure*, all of it in `after`; None without one."""
    tokens = _until_item(data, procedure, first=True)
    opened = _opened(tokens)
    if opened is None:
        return None
    return _with_rest(tokens[: opened.branch], opened, tokens[opened.branch :])


@dataclass(frozen=True, slots=True)
class _Opened:
    head: Span
    start: int
    has_block: bool
    branch: int
    """Index of the first token in the branch."""


def _procedure_before(data: bytes, offset: int) -> int | None:
    for number, token in enumerate(tokens_before(data, offset)):
        if token.text in PROCEDURES:
            return token.start
        if token.text in _NEXT_ITEM or number > MOST_TOKENS:
            return None
    return None


def _until_item(data: bytes, start: int, *, first: bool = False) -> list[Token]:
    """The tokens from *start* to the next item of the module; *first*: an item starts at *start*."""
    found: list[Token] = []
    for token in code_tokens(data, start, len(data)):
        if token.text in _NEXT_ITEM and not (first and not found):
            break
        found.append(token)
        if len(found) >= MOST_TOKENS:
            break
    return found


def _opened(tokens: Sequence[Token]) -> _Opened | None:
    """What opens the reset branch, from the procedure's keyword on."""
    if text_at(tokens, 0) not in PROCEDURES or text_at(tokens, 1) != "@":
        return None
    events = group_end(tokens, 2)
    if events == 2:
        return None
    at = _after_begin(tokens, events)
    if text_at(tokens, at) != "if":
        return None
    condition = group_end(tokens, at + 1)
    if condition == at + 1:
        return None
    if not _is_reset(tokens[2:events], tokens[at + 1 : condition]):
        return None
    branch = _after_begin(tokens, condition)
    return _Opened(
        span(tokens[0].start, tokens[events - 1].end),
        tokens[at].start,
        branch > condition,
        branch,
    )


def _after_begin(tokens: Sequence[Token], at: int) -> int:
    """The index after a `begin` at *at* and its label; *at* where there is none."""
    if text_at(tokens, at) != "begin":
        return at
    return at + (3 if text_at(tokens, at + 1) == ":" else 1)


def _is_reset(events: Sequence[Token], condition: Sequence[Token]) -> bool:
    """The condition looks at one signal: one that the procedure waits for too, or that is called a reset."""
    names = {token.text for token in condition if token.kind is TokenKind.WORD}
    if len(names) != 1 or any(token.text in {"&", "|", "?"} for token in condition):
        return False
    name = next(iter(names))
    waits = [
        events[at + 1].text
        for at, token in enumerate(events[:-1])
        if token.text in {"posedge", "negedge"}
    ]
    return bool(waits) and (name in waits[1:] or bool(_IS_RESET.search(name)))


def _with_rest(
    before: Sequence[Token], opened: _Opened, following: Sequence[Token]
) -> ResetBranch | None:
    """The branch, whose text goes on with *following*; None where that does not close it."""
    at = 0
    while opened.has_block and text_at(following, at) != "end":
        end = statement_end(following, at)
        if end is None:
            return None
        at = end
    inner = following[:at]
    if not opened.has_block and text_at(following, 0) != "else":
        end = statement_end(following, 0)
        if end is None:
            return None
        inner, at = following[:end], end
    return ResetBranch(
        head=opened.head,
        start=opened.start,
        has_block=opened.has_block,
        before=tuple(_assigned(before[opened.branch :])),
        after=tuple(_assigned(inner)),
        rest=tuple(_assigned(following[at:])),
    )


def _assigned(tokens: Sequence[Token]) -> Iterator[Assigned]:
    """The non-blocking assignments in *tokens*, whatever they are nested in."""
    left = at = 0
    is_right = False
    while at < len(tokens):
        text = tokens[at].text
        if text in OPENING:
            at = max(group_end(tokens, at), at + 1)
            if tokens[at - 1].text == ")" and not is_right:
                left = at
            continue
        if text == "begin" and text_at(tokens, at + 1) == ":":
            at += 2
            left, is_right = at + 1, False
        elif text == "<=" and not is_right and at > left:
            yield _assignment(tokens, left, at)
            is_right = True
        elif text == "=":
            is_right = True
        elif (text in _BOUNDARIES and not (is_right and text == ":")) or text in CLOSING:
            left, is_right = at + 1, False
        at += 1


def _assignment(tokens: Sequence[Token], left: int, arrow: int) -> Assigned:
    target = tokens[left:arrow]
    end = arrow + 1
    while end < len(tokens) and tokens[end].text != ";":
        end += 1
    return Assigned(
        names=tuple(_targets(target)),
        target=span(target[0].start, target[-1].end),
        value=span(tokens[min(arrow + 1, end - 1)].start, tokens[end - 1].end),
        is_whole=len(target) == 1,
    )


def _targets(tokens: Sequence[Token]) -> Iterator[str]:
    """The names that the left side *tokens* assigns to."""
    depth = 0
    is_field = False
    for token in tokens:
        depth += (token.text == "[") - (token.text == "]")
        if token.kind is TokenKind.WORD and depth == 0 and not is_field:
            yield token.text
        is_field = token.text == "."
