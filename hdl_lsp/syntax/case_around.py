"""The case statement in which an offset stands between two arms, with its arms; right on unfinished text too.

Must not know what the labels mean, and must not answer inside an arm: there somebody is writing a statement.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from hdl_lsp.syntax.statements import (
    BLOCK_CLOSERS,
    BLOCK_ENDS,
    CLOSING,
    ENDS,
    MOST_TOKENS,
    OPENING,
    group_end,
    statement_end,
    text_at,
    tokens_of_block,
)
from hdl_lsp.syntax.tokens import Token, code_tokens, tokens_before
from hdl_lsp.text.source import Span, span


@dataclass(frozen=True, slots=True)
class CaseArm:
    """One arm: its labels as written ("default" for that one), and where its parts are."""

    labels: tuple[str, ...]
    label_span: Span
    """From the first label to the last."""
    body: Span
    """The statement, its `begin` and `end` included."""
    is_block: bool
    """The statement is a `begin` ... `end`."""

    @property
    def is_default(self) -> bool:
        """It is the `default` arm."""
        return self.labels == ("default",)


@dataclass(frozen=True, slots=True)
class CaseAround:
    """A case statement with an offset between its arms."""

    keyword: str
    """"case", "casex" or "casez"."""
    qualifier: str
    """"unique", "unique0", "priority" or ""."""
    head: Span
    """From the qualifier to the closing parenthesis, or to `inside`."""
    subject: tuple[Token, ...]
    """What is looked at: the tokens between the parentheses."""
    is_inside: bool
    """`case (...) inside`."""
    before: tuple[CaseArm, ...]
    after: tuple[CaseArm, ...]
    endcase: int | None
    """Where `endcase` starts; None where the statement is not closed, or what stands before it can't be read."""
    is_unread: bool = False
    """Something stands after the arms that is neither `endcase` nor the end of what is around."""

    @property
    def arms(self) -> tuple[CaseArm, ...]:
        """All of them in text order."""
        return (*self.before, *self.after)


def case_around(data: bytes, start: int, after: int) -> CaseAround | None:
    """The case statement whose next arm may stand at *start*; what follows is read from *after* on.

    The two differ where a label is half typed. None inside an arm, outside every case statement, and where what
    stands before can't be read.
    """
    opened = _opening_case(data, start)
    if opened is None:
        return None
    keyword_at, qualifier_at = opened
    tokens = list(itertools.islice(code_tokens(data, keyword_at, start), MOST_TOKENS))
    closed = group_end(tokens, 1)
    if len(tokens) == MOST_TOKENS or closed <= 2:
        return None
    is_inside = text_at(tokens, closed) == "inside"
    before, rest = _arms(tokens, closed + is_inside)
    if rest != len(tokens):
        return None
    following = tokens_of_block(data, after)
    later, rest = _arms(following, 0)
    is_closed = text_at(following, rest) == "endcase"
    return CaseAround(
        keyword=tokens[0].text,
        qualifier=data[qualifier_at:keyword_at].decode("utf-8", "replace").strip(),
        head=span(qualifier_at, tokens[closed - 1 + is_inside].end),
        subject=tuple(tokens[2 : closed - 1]),
        is_inside=is_inside,
        before=before,
        after=later,
        endcase=following[rest].start if is_closed else None,
        is_unread=not is_closed and rest < len(following) and following[rest].text not in ENDS,
    )


def case_at(data: bytes, keyword_at: int) -> CaseAround | None:
    """The case statement whose keyword is at *keyword_at*, all arms in `before`; None if it is not whole."""
    tokens = tokens_of_block(data, keyword_at)
    closed = group_end(tokens, 1)
    if closed <= 2:
        return None
    is_inside = text_at(tokens, closed) == "inside"
    arms, rest = _arms(tokens, closed + is_inside)
    if text_at(tokens, rest) != "endcase":
        return None
    return CaseAround(
        keyword=tokens[0].text,
        qualifier="",
        head=span(keyword_at, tokens[closed - 1 + is_inside].end),
        subject=tuple(tokens[2 : closed - 1]),
        is_inside=is_inside,
        before=arms,
        after=(),
        endcase=tokens[rest].start,
    )


def _opening_case(data: bytes, offset: int) -> tuple[int, int] | None:
    """Where the keyword of the case statement around *offset*, and its qualifier, start; None inside a block in it."""
    closed: list[str] = []
    found: Token | None = None
    for number, token in enumerate(tokens_before(data, offset)):
        text = token.text
        if found is not None:
            is_qualified = text in {"unique", "unique0", "priority"}
            return found.start, token.start if is_qualified else found.start
        if number >= MOST_TOKENS:
            return None
        if text in BLOCK_CLOSERS:
            closed.append(text)
        elif text in BLOCK_ENDS:
            if closed:
                if closed.pop() not in BLOCK_ENDS[text]:
                    return None
            elif text.startswith("case"):
                found = token
            else:
                return None
        elif text in ENDS and text not in {"else", "assign"}:
            return None
    return None if found is None else (found.start, found.start)


def _arms(tokens: Sequence[Token], index: int) -> tuple[tuple[CaseArm, ...], int]:
    """The whole arms from *index* on, and the index after the last of them."""
    found: list[CaseArm] = []
    while (arm := _arm(tokens, index)) is not None:
        read, index = arm
        found.append(read)
    return tuple(found), index


def _arm(tokens: Sequence[Token], index: int) -> tuple[CaseArm, int] | None:
    labels, colon = _labels(tokens, index)
    if not labels:
        return None
    start = colon + (text_at(tokens, colon) == ":")
    end = statement_end(tokens, start)
    if end is None:
        return None
    return (
        CaseArm(
            labels=labels,
            label_span=span(tokens[index].start, tokens[colon - 1].end),
            body=span(tokens[start].start, tokens[end - 1].end),
            is_block=tokens[start].text == "begin",
        ),
        end,
    )


def _labels(tokens: Sequence[Token], index: int) -> tuple[tuple[str, ...], int]:
    """The labels from *index* on without blanks, and the index of the colon; none where these are no labels."""
    if text_at(tokens, index) == "default":
        return ("default",), index + 1
    labels: list[str] = []
    parts: list[str] = []
    at = index
    while at < len(tokens):
        text = tokens[at].text
        if text in OPENING:
            end = group_end(tokens, at)
            if end == at:
                return (), index
            parts += (token.text for token in tokens[at:end])
            at = end
            continue
        if text in {",", ":"}:
            if not parts:
                return (), index
            labels.append("".join(parts))
            parts = []
            if text == ":":
                return tuple(labels), at
        elif text in CLOSING or text in ENDS or text in BLOCK_ENDS or text in {";", "=", "<="}:
            return (), index
        else:
            parts.append(text)
        at += 1
    return (), index
