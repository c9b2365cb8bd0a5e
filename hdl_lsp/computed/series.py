"""The next line of a series: the lines above it are alike but for numbers that grow by the same step.

Must not go on past an array's bound, a literal's width, or a series that the text below already continues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hdl_lsp.computed.port_types import number
from hdl_lsp.computed.signals import Signal, signals
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.text.source import SourceText

RULE = "series"

_LONGEST_PERIOD = 4
"""Lines that repeat together: `a0 <= b0;` and `c0 <= d0;`, then the same with 1."""
_LOOK_BACK = 64  # lines
_LONGEST_LINE = 400
_MOST_STEPS = 4_096  # a jump of a register map; a larger one is no series

_COMMENT = re.compile(r"\s*//.*$")
_NUMBER = r"""
      (?P<size>\d+)?'[sS]?(?P<base>[hHdDbBoO])(?P<digits>[0-9a-fA-F_]+)
    | (?P<plain>\d+)
    """
_LETTER = "| (?<![A-Za-z0-9])(?P<letter>[A-Za-z])(?![A-Za-z0-9])"
_MOVING = re.compile(_NUMBER + "| (?P<letter>(?!))", re.VERBOSE)
_MOVING_LETTER = re.compile(_NUMBER + _LETTER, re.VERBOSE)
_BASES = {"h": 16, "d": 10, "b": 2, "o": 8}
_DIGITS = "0123456789abcdef"
_ENDS = (";", ",", "end", ")", "else")
_STEPS = frozenset({1, 2, 4, 8, 16, 32, 64})
"""By these, two lines alone may count: ones, bytes and words. A third line allows any step."""
_PADDED_LEFT = re.compile(r"[\[({:,] +$")
"""Blanks that right-align a number: `[ 7: 0]`."""
_INDEXED = re.compile(r"([A-Za-z_]\w*)\s*\[\s*(\d+)\s*\]")
_FIRST_RANGE = re.compile(r"\[([^\[\]:]+)(?::([^\[\]:]+))?\]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line cut at its numbers: one more piece than numbers."""

    pieces: tuple[str, ...]
    numbers: tuple[re.Match[str], ...]

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(_value(found) for found in self.numbers)

    def is_like(self, other: _Line) -> bool:
        """The same text between numbers of the same notation, but for blanks that align."""
        return len(self.pieces) == len(other.pieces) and all(
            left.split() == right.split()
            for left, right in zip(self.pieces, other.pieces, strict=True)
        )


def series(asked: Asked) -> tuple[Computed, ...]:
    """The next line, or the rest of it where its beginning is typed; () where no series is certain."""
    site = asked.site
    if site.line_suffix.strip() or site.cursor.kind in {CursorKind.COMMENT, CursorKind.STRING}:
        return ()
    here = site.text.line_of(site.offset)
    above = list(_code_above(site.text, here))
    for period in range(1, _LONGEST_PERIOD + 1):
        text = _next(above, period)
        if text is None:
            continue
        begun = site.line_prefix.lstrip()
        if not text.startswith(begun) or text.strip() == begun.strip():
            return ()
        if _is_below(site.text, here, text) or not _is_within(text, signals(asked)):
            return ()
        lead = "" if begun else _missing_indent(site.line_prefix, above[0])
        return (Computed(lead + text[len(begun) :], RULE),)
    return ()


def _code_above(text: SourceText, line0: int) -> Iterator[str]:
    """The lines above, nearest first, up to an empty one; without comments at their ends."""
    for number_ in range(line0 - 1, max(-1, line0 - 1 - _LOOK_BACK), -1):
        line = _COMMENT.sub("", text.line_text(number_).rstrip("\r\n"))
        if not line.strip() or len(line) > _LONGEST_LINE:
            return
        yield line


def _missing_indent(prefix: str, model: str) -> str:
    indent = model[: len(model) - len(model.lstrip())]
    return indent.removeprefix(prefix) if indent.startswith(prefix) else ""


def _next(above: Sequence[str], period: int) -> str | None:
    """What follows lines that repeat every *period* lines; None where they do not."""
    if len(above) < 2 * period:
        return None
    moving_text = _MOVING_LETTER if period == 1 else _MOVING
    lines = [_cut(line, moving_text) for line in above[: 4 * period]]
    if any(not lines[n].is_like(lines[n + period]) for n in range(period)):
        return None
    if period > 1 and all(lines[0].is_like(line) for line in lines[1:period]):
        return None  # a shorter period has been refused
    last, before = lines[period - 1], lines[2 * period - 1]
    third = lines[3 * period - 1] if len(lines) >= 3 * period else None
    if third is not None and not third.is_like(last):
        third = None
    model = above[period - 1].strip()
    if not last.numbers or not (model.endswith(_ENDS) or model.startswith(",")):
        return None
    new: list[int] = []
    steps: set[int] = set()
    for at, value in enumerate(last.values):
        step = value - before.values[at]
        if third is not None and step != before.values[at] - third.values[at]:
            return None
        steps.add(step)
        new.append(value + step)
    moving = steps - {0}
    if not moving or any(abs(step) > _MOST_STEPS for step in moving) or min(new) < 0:
        return None
    if third is None and not _is_plain_step(last, before):
        return None
    return _written(last, new)


def _is_plain_step(last: _Line, before: _Line) -> bool:
    """Two lines alone show a series only where they count by ones, and else by bytes or words."""
    pairs = zip(last.numbers, last.values, before.values, strict=True)
    moving = [(found, abs(value - old)) for found, value, old in pairs if value != old]
    if any(step not in _STEPS or found["letter"] for found, step in moving):
        return False
    steps = {step for _, step in moving}
    return len(steps) == 1 or 1 in steps


def _cut(line: str, moving: re.Pattern[str]) -> _Line:
    found = tuple(moving.finditer(line))
    edges = [0, *(n.end() for n in found)]
    starts = [*(n.start() for n in found), len(line)]
    pieces = tuple(line[a:b] for a, b in zip(edges, starts, strict=True))
    return _Line((pieces[0].lstrip(), *pieces[1:]), found)


def _value(found: re.Match[str]) -> int:
    if found["plain"]:
        return int(found["plain"])
    if found["letter"]:
        return ord(found["letter"])
    try:
        return int(found["digits"].replace("_", ""), _BASES[found["base"].lower()])
    except ValueError:  # a digit that the base does not have
        return 0


def _written(last: _Line, values: Sequence[int]) -> str | None:
    """The line with its numbers replaced; None where one does not fit its literal."""
    text = last.pieces[0]
    for found, value, piece in zip(last.numbers, values, last.pieces[1:], strict=True):
        new = _spelled(found, value)
        if new is None:
            return None
        grown = len(new) - len(found.group())
        if grown > 0 and _PADDED_LEFT.search(text):
            text = text[: len(text) - min(grown, len(text) - len(text.rstrip(" ")))]
        is_padded = grown > 0 and piece.startswith(" " * (grown + 1))
        text += new + (piece[grown:] if is_padded else piece)
    return text.rstrip()


def _spelled(found: re.Match[str], value: int) -> str | None:
    """*value* as the number *found* is written: base, width, zeros, underscores, letters."""
    if found["plain"]:
        old = found["plain"]
        return f"{value:0{len(old)}d}" if old.startswith("0") and len(old) > 1 else str(value)
    if found["letter"]:
        letter = chr(value)
        return letter if letter.isascii() and letter.isalpha() else None
    size, base, old = found["size"], _BASES[found["base"].lower()], found["digits"]
    if size and value >= 1 << int(size):
        return None
    if value == _value(found):
        return found.group()
    digits = ""
    rest = value
    while rest or not digits:
        digits = _DIGITS[rest % base] + digits
        rest //= base
    width = len(old.replace("_", ""))
    digits = digits.rjust(width, "0")
    if re.search("[A-F]", old):
        digits = digits.upper()
    for at in range(len(old) - 1, -1, -1):
        if old[at] == "_":
            place = len(digits) - (len(old) - 1 - at - old[at + 1 :].count("_"))
            digits = digits[:place] + "_" + digits[place:] if place > 0 else digits
    head = found.group()[: found.start("digits") - found.start()]
    return head + digits


def _is_below(text: SourceText, line0: int, line: str) -> bool:
    """The next line of code is the one that would be written, or one that the series has passed."""
    for number_ in range(line0 + 1, min(line0 + 4, text.line_count)):
        below = _COMMENT.sub("", text.line_text(number_).rstrip("\r\n")).strip()
        if below:
            return below.split() == line.split()
    return False


def _is_within(line: str, known: Mapping[str, Signal]) -> bool:
    """No index in *line* is out of the bounds that its signal is declared with."""
    values = {name: signal.value for name, signal in known.items() if signal.value}
    for name, index in _INDEXED.findall(line):
        signal = known.get(name)
        first = _FIRST_RANGE.search(signal.type_text) if signal else None
        if first is None or signal is None:
            continue
        left = number(first[1], values)
        if first[2] is None:
            low, high = 0, None if left is None else left - 1
        else:
            right = number(first[2], values)
            if left is None or right is None:
                continue
            low, high = min(left, right), max(left, right)
        if high is not None and not low <= int(index) <= high:
            return False
    return True
