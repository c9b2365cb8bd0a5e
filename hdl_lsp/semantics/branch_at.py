"""A text in which the `ifdef branch around one place is the one that is taken.

Must not change the length of the text. Other branches with the same condition stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

_WORD = re.compile(
    rb"`(?P<word>ifdef|ifndef|elsif|else|endif)\b(?:[ \t]*(?P<name>[A-Za-z_][\w$]*))?"
)
_BESIDE = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\r\n]*|\"(?:[^\"\\\r\n]|\\.)*\"?", re.DOTALL)
_TO_SPACES = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))
_NAMING = frozenset((b"ifdef", b"ifndef", b"elsif"))


@dataclass(slots=True)
class _Conditional:
    """An `ifdef with its branches so far: (start and end of the directive, end of the branch)."""

    directives: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def with_branch_at(data: bytes, offset: int) -> bytes:
    """*data* with every conditional around *offset* decided for the branch that holds it.

    The directives of these conditionals and their other branches become blank; line ends stay.
    """
    if b"`if" not in data:
        return data
    code = _BESIDE.sub(lambda found: found[0].translate(_TO_SPACES), data)
    text: bytearray | None = None
    opened: list[_Conditional] = []
    for match in _WORD.finditer(code):
        word = match["word"]
        where = (match.start(), match.end() if word in _NAMING else match.end("word"))
        if word in (b"ifdef", b"ifndef"):
            opened.append(_Conditional([where]))
        elif opened and word == b"endif":
            done = opened.pop()
            done.directives.append(where)
            if done.directives[0][0] < offset < where[1]:
                text = text or bytearray(data)
                _decide(text, done.directives, offset)
        elif opened:
            opened[-1].directives.append(where)
    for torn in opened:  # never closed: runs to the end of the text
        if torn.directives[0][0] < offset:
            text = text or bytearray(data)
            _decide(text, [*torn.directives, (len(data), len(data))], offset)
    return bytes(text) if text is not None else data


def _decide(text: bytearray, directives: list[tuple[int, int]], offset: int) -> None:
    for (start, end), (next_start, next_end) in pairwise(directives):
        blank_to = end if end <= offset <= next_start else next_start
        text[start:blank_to] = text[start:blank_to].translate(_TO_SPACES)
        text[next_start:next_end] = text[next_start:next_end].translate(_TO_SPACES)
