"""Bender's target expressions: `all(a, not(b))`, `any(a, b)`, `*`, a name.

Must not know what a target selects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(r"[(),]|\*|[^\s(),*]+")


def holds(expression: str, targets: frozenset[str]) -> bool:
    """*expression* is true for the set *targets* (lower case). One that is not well formed is true: files are kept."""
    tokens = tuple(_TOKEN.findall(expression.lower()))
    try:
        value, rest = _value(tokens, 0, targets)
    except (_NotWellFormedError, RecursionError):
        return True
    return value if rest == len(tokens) else True


@lru_cache(maxsize=1024)
def names_in(expression: str) -> frozenset[str]:
    """The targets that *expression* asks for, lower case."""
    return frozenset(_names(expression.lower()))


def _names(expression: str) -> Iterator[str]:
    tokens = _TOKEN.findall(expression)
    for i, token in enumerate(tokens):
        is_call = i + 1 < len(tokens) and tokens[i + 1] == "("
        if token not in {"(", ")", ",", "*"} and not is_call:
            yield token.rpartition(":")[2]


class _NotWellFormedError(ValueError):
    """The expression can't be read."""


def _value(tokens: tuple[str, ...], at: int, targets: frozenset[str]) -> tuple[bool, int]:
    """The value of the expression that begins at token *at*, and the token after it."""
    if at >= len(tokens):
        raise _NotWellFormedError
    word = tokens[at]
    if word == "*":
        return True, at + 1
    if at + 1 >= len(tokens) or tokens[at + 1] != "(":
        if word in {"(", ")", ","}:
            raise _NotWellFormedError
        return word.rpartition(":")[2] in targets, at + 1
    values: list[bool] = []
    at += 2
    while at < len(tokens) and tokens[at] != ")":
        value, at = _value(tokens, at, targets)
        values.append(value)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
    if at >= len(tokens) or not values:
        raise _NotWellFormedError
    match word:
        case "all":
            return all(values), at + 1
        case "any":
            return any(values), at + 1
        case "not":
            return not values[0], at + 1
        case _:
            raise _NotWellFormedError
