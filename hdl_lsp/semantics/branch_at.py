"""A text in which the `ifdef branch around one place is the one that is taken.

Must not change the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(
    rb"`(?P<word>ifdef|ifndef|elsif|else|endif)\b(?:[ \t]*(?P<name>[A-Za-z_][\w$]*))?"
)
_BESIDE = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\r\n]*|\"(?:[^\"\\\r\n]|\\.)*\"?", re.DOTALL)
_TO_SPACES = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))
_NAMING = frozenset((b"ifdef", b"ifndef", b"elsif"))


@dataclass(frozen=True, slots=True)
class BranchAt:
    """A text in which one place is read; `names` have to be defined for that, so that other files agree."""

    data: bytes
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Directive:
    """One of the directives of a conditional: where it stands, and what it asks to be defined, if anything."""

    start: int
    end: int
    name: str = ""


def branch_at(data: bytes, offset: int) -> BranchAt:
    """*data* with every conditional around *offset* decided for the branch that holds it.

    The directives of these conditionals and their other branches become blank; line ends stay.
    """
    if b"`if" not in data:
        return BranchAt(data, ())
    code = _BESIDE.sub(lambda found: found[0].translate(_TO_SPACES), data)
    around: list[list[_Directive]] = []
    opened: list[list[_Directive]] = []
    for match in _WORD.finditer(code):
        word = match["word"]
        name = (match["name"] or b"").decode() if word in (b"ifdef", b"elsif") else ""
        end = match.end() if word in _NAMING else match.end("word")
        directive = _Directive(match.start(), end, name)
        if word in (b"ifdef", b"ifndef"):
            opened.append([directive])
        elif opened and word == b"endif":
            done = [*opened.pop(), directive]
            if done[0].start < offset < end:
                around.append(done)
        elif opened:
            opened[-1].append(directive)
    end_of_text = _Directive(len(data), len(data))
    around += [[*torn, end_of_text] for torn in opened if torn[0].start < offset]
    text = bytearray(data)
    names = [name for one in around if (name := _decide(text, one, offset))]
    return BranchAt(bytes(text), tuple(dict.fromkeys(names)))


def _decide(text: bytearray, directives: list[_Directive], offset: int) -> str:
    """Blanks what does not belong to the branch at *offset*; gives the name that decides for it, "" without."""
    name = ""
    for one, after in pairwise(directives):
        is_here = one.end <= offset <= after.start
        name = one.name if is_here else name
        blank_to = one.end if is_here else after.start
        text[one.start : blank_to] = text[one.start : blank_to].translate(_TO_SPACES)
        text[after.start : after.end] = text[after.start : after.end].translate(_TO_SPACES)
    return name
