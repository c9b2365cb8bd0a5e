"""How near a suggestion comes to what really stood there: in words, in edits, and in what it means.

Must not ask slang: file_judge.py does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from hdl_lsp.lab.evaluate.completion.masks import Mask, MaskKind
from hdl_lsp.syntax.tokens import TokenKind, tokens

FIRST_LINE = frozenset({MaskKind.NEXT_LINE, MaskKind.SERIES, MaskKind.DECLARATION})
"""Sites where the first line is judged: what comes after it in a suggestion, nobody masked."""

MAPS = frozenset({MaskKind.PORT_MAP, MaskKind.PORTS_LEFT, MaskKind.PARAMETER_MAP})
ARMS = frozenset({MaskKind.CASE_ARMS, MaskKind.CASE_ARMS_LEFT, MaskKind.CASE_ARMS_SOME})

_OPEN = frozenset({"(", "[", "{", "'{", "begin", "case", "casez", "casex", "fork"})
_CLOSE = frozenset({")", "]", "}", "end", "endcase", "join", "join_any", "join_none"})
_ZERO = re.compile(r"(?:\d*'[sS]?[bodhBODH])?0+$|'0$")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a suggestion compares with what stood there.

    `same`: equal but for white space, comments and, in lists, order. `equivalent`: about the same ports with the
    same connections, the same labels, fields or registers; for other sites, `same`.
    """

    exact: bool  # split at white space, both are the same words
    same: bool
    equivalent: bool
    similarity: float  # 0 to 1
    given: int = 0  # parts of a list in the suggestion,
    right: int = 0  # of these as they stood there (labels, fields and registers: there at all),
    wanted: int = 0  # and parts that stood there


def likeness(text: str, wanted: str, mask: Mask) -> Likeness:
    """Compares *text* with *wanted*, which stood at *mask*."""
    if mask.kind in FIRST_LINE:
        text, wanted = _first_line(text), _first_line(wanted)
    ours, theirs = code(text), code(wanted)
    exact = ours.split() == theirs.split()
    same = exact or _squeezed(ours) == _squeezed(theirs)
    similarity = SequenceMatcher(
        None, " ".join(ours.split()), " ".join(theirs.split()), autojunk=False
    ).ratio()
    items = parts(ours, mask.kind)
    there = parts(theirs, mask.kind)
    if not mask.keys:
        return Likeness(exact, same, same, similarity)
    if (
        mask.kind in ARMS
    ):  # slang's labels: arms of real code are no fragments this parser was made for
        there = {label: "" for key in mask.keys for label in key.split(",")}
        items = dict.fromkeys(items, "")
    is_same = items == there
    if mask.kind in MAPS:
        right = sum(there.get(key) == value for key, value in items.items())
        return Likeness(
            exact, same or is_same, same or is_same, similarity, len(items), right, len(there)
        )
    right = len(items.keys() & there.keys())
    return Likeness(
        exact,
        same or (is_same and mask.kind not in ARMS),
        same or items.keys() == there.keys(),
        similarity,
        len(items),
        right,
        len(there),
    )


def code(text: str) -> str:
    """*text* without its comments."""
    data = text.encode()
    kept = bytearray(data)
    for token in tokens(data, 0, len(data)):
        if token.kind is TokenKind.COMMENT:
            kept[token.start : token.end] = b" " * (token.end - token.start)
    return kept.decode("utf-8", "replace")


def parts(text: str, kind: MaskKind) -> dict[str, str]:
    """What a list is made of: port to connection, label to "", field or register to value."""
    words = [token.text for token in tokens(text.encode(), 0, len(text.encode()))]
    if kind in MAPS:
        return dict(_connection(part) for part in _split(words, ",") if part)
    if kind in ARMS:
        return dict.fromkeys(_labels(words), "")
    if kind is MaskKind.STRUCT_LITERAL:
        return {"".join(p[:1]): "".join(p[2:]) for p in _split(words, ",") if p[1:2] == [":"]}
    if kind is MaskKind.RESET_BRANCH:
        return dict(_assignment(part) for part in _split(words, ";") if "<=" in part)
    return {}


def _connection(part: Sequence[str]) -> tuple[str, str]:
    """`.name(value)`, or `.name`, which means `.name(name)`."""
    name = part[1] if len(part) > 1 and part[0] == "." else part[0]
    if len(part) <= 2:
        return name, name
    return name, "".join(part[3:-1])


def _assignment(part: Sequence[str]) -> tuple[str, str]:
    at = part.index("<=")
    value = "".join(part[at + 1 :])
    return "".join(part[:at]), "0" if _ZERO.match(value) else value


def _split(words: Sequence[str], mark: str) -> Iterator[list[str]]:
    """*words* cut at each *mark* that no bracket or block encloses."""
    depth, part = 0, list[str]()
    for word in words:
        depth += (word in _OPEN) - (word in _CLOSE)
        if word == mark and depth == 0:
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _labels(words: Sequence[str]) -> Iterator[str]:
    """Labels of case arms; a body is one statement that ends with a semicolon or with its block."""
    label: list[str] = []
    depth, is_body = 0, False
    for word in words:
        depth += (word in _OPEN) - (word in _CLOSE)
        if not is_body:
            if word == ":" and depth == 0:
                yield from (part[-1] for part in _split(label, ",") if part and part != ["default"])
                label, is_body = [], True
            else:
                label.append(word)
        elif depth == 0 and word in (";", "end", "endcase"):
            is_body = False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _first_line(text: str) -> str:
    lines = (line for line in re.split(r"\r\n|\n|\r", text) if line.strip())
    return next(lines, "")
