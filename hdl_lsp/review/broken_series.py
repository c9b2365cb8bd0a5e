"""Rule `broken-series`: in a row of lines that count up, one line does not.

Must not judge: a series can be broken on purpose, so this is a lead that a reader (or the model) decides on.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from hdl_lsp.review.findings import Evidence, Finding, Origin
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.text.source import SourceText, span

RULE = "broken-series"
SHORTEST = 4
"""So many lines of one shape make a series; with fewer, no majority says which line is off."""

LONG = 6
"""In a series of so many lines one that differs inside is noticed, whatever its number is. In shorter ones, and at
the ends, numbers are permuted on purpose; there only the neighbour's number, copied and left as it was, counts."""

_SHORT = 6  # characters; `8'd1,` is data, not a statement
_MOST_DIGITS = 9  # longer ones are patterns of bits
_NUMBER = re.compile(r"\d+")
_COMMENT = re.compile(r"//.*")


@dataclass(frozen=True, slots=True)
class _Line:
    line0: int
    shape: str
    numbers: tuple[int, ...]


def broken_series(text: SourceText, path: str) -> tuple[Finding, ...]:
    """One finding for each line that breaks an arithmetic series its neighbours follow."""
    found: list[Finding] = []
    run: list[_Line] = []
    for line0 in range(text.line_count + 1):
        line = _shape(text, line0) if line0 < text.line_count else None
        if line and run and line.shape == run[-1].shape:
            run.append(line)
            continue
        found += _breaks(text, path, run)
        run = [line] if line else []
    return tuple(found)


def _shape(text: SourceText, line0: int) -> _Line | None:
    words = _COMMENT.sub("", text.line_text(line0)).split()
    code = " ".join(words)
    digits = _NUMBER.findall(code)
    if not digits or len(code) <= _SHORT or max(map(len, digits)) > _MOST_DIGITS:
        return None
    return _Line(line0, _NUMBER.sub("#", code), tuple(map(int, digits)))


def _breaks(text: SourceText, path: str, run: list[_Line]) -> list[Finding]:
    if len(run) < SHORTEST:
        return []
    columns = list(zip(*(line.numbers for line in run), strict=False))
    off = {index: step for column in columns if (odd := _odd_one(column)) for index, step in (odd,)}
    if len(off) != 1 or not any(_counts(column) for column in columns):
        return []
    index, expected = next(iter(off.items()))
    odd = run[index]
    where = text.line_span(odd.line0)
    neighbour = run[index - 1] if index else run[index + 1]
    code = text.line_text(odd.line0)
    return [
        Finding(
            rule=RULE,
            severity=Severity.INFORMATION,
            path=path,
            span=span(where.start + len(code) - len(code.lstrip()), where.end),
            message=f"this line breaks the series of the {len(run)} lines around it: {expected} would follow",
            evidence=(
                Evidence(
                    f"lines {run[0].line0 + 1} to {run[-1].line0 + 1} count evenly except here",
                    path,
                    text.line_span(neighbour.line0),
                ),
            ),
            origin=Origin.RULE,
            line_text=code.strip(),
        )
    ]


def _counts(column: tuple[int, ...]) -> bool:
    """The numbers grow or fall by one step throughout."""
    steps = {b - a for a, b in itertools.pairwise(column)}
    return len(steps) == 1 and steps != {0}


def _odd_one(column: tuple[int, ...]) -> tuple[int, int] | None:
    """Index of the one number that leaves an otherwise even count, and what would stand there; None if none does."""
    steps = Counter(b - a for a, b in itertools.pairwise(column))
    step, _ = steps.most_common(1)[0]
    if step == 0:
        return None
    starts = Counter(value - index * step for index, value in enumerate(column))
    start, agreeing = starts.most_common(1)[0]
    if agreeing != len(column) - 1:
        return None
    index = next(i for i, value in enumerate(column) if value != start + i * step)
    expected = start + index * step
    beside = column[max(0, index - 1) : index + 2 : 2] if index else column[1:2]
    is_copy = column[index] in beside
    is_inside = 0 < index < len(column) - 1
    return (index, expected) if is_copy or (is_inside and len(column) >= LONG) else None
