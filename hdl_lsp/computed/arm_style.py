"""How the arms of case statements are written in a file: blocks or not, the colon, alignment, what `default` does.

Must not decide which arms there are.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hdl_lsp.computed.layout import indent_at, starts_line, step_of
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.syntax.case_around import CaseArm, CaseAround, case_at

_NEIGHBOURS = 6  # case statements of the file that are asked for its habits
_NEAR_BYTES = 100_000
_CASE = re.compile(rb"(?<![\w`$.])case\s*\(")
_NOTHING = re.compile(rb";|begin\s*(?:;\s*)?end\b")


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """How arms are written at one place."""

    indent: str
    is_block: bool
    """`begin` and `end` around an arm's statements."""
    colon: str
    """The colon with the blanks around it: `: `, ` : `."""
    gap: str
    """Line ends between two arms: one, or two where the neighbours have an empty line between them."""
    width: int
    """Colons stand in one column, so many characters after the label's start; 0 where they do not."""
    default: str
    """The statement after `default:`."""

    def arm(self, labels: Sequence[str]) -> str:
        """One arm with an empty body, without the indentation of its first line."""
        label = ", ".join(labels)
        body = f"begin\n{self.indent}end" if self.is_block else ";"
        if label == "default":
            body = self.default
        return f"{label.ljust(self.width - (self.colon[0] == ' '))}{self.colon}{body}"


def neighbours(data: bytes, offset: int) -> tuple[CaseAround, ...]:
    """Whole case statements of the file that *offset* is not in, the nearest above first, then those below."""
    low, high = max(0, offset - _NEAR_BYTES), min(len(data), offset + _NEAR_BYTES)
    above = [found.start() for found in _CASE.finditer(data, low, offset)]
    below = (found.start() for found in _CASE.finditer(data, offset, high))
    places = itertools.islice(itertools.chain(reversed(above), below), _NEIGHBOURS)
    return tuple(_whole(data, offset, places))


def _whole(data: bytes, offset: int, places: Iterator[int]) -> Iterator[CaseAround]:
    for place in places:
        found = case_at(data, place)
        if found is None or not found.before or found.endcase is None:
            continue
        if not found.head.start <= offset <= found.endcase:
            yield found


def arm_style(site: CompletionSite, around: CaseAround, habits: Sequence[CaseAround]) -> ArmStyle:
    """How the next arm of *around* is written, as its neighbours are; else as in *habits*."""
    data = site.text.data
    own = [arm for arm in around.arms if not arm.is_default]
    others = [arm for each in habits for arm in each.before if not arm.is_default]
    near = [arm for arm in (*around.before[-1:], *around.after[:1]) if not arm.is_default]
    arms = own or others
    blocks = sum(arm.is_block for arm in arms)
    indent = _indent(site, around)
    return ArmStyle(
        indent=indent,
        is_block=near[0].is_block if near else 2 * blocks >= len(arms),
        colon=_colon(data, arms),
        gap=_gap(data, around.before),
        width=_label_width(data, own),
        default=_default_body(data, habits, indent),
    )


def _indent(site: CompletionSite, around: CaseAround) -> str:
    data = site.text.data
    for arm in around.arms:
        if starts_line(data, arm.label_span.start):
            return indent_at(data, arm.label_span.start)
    if site.is_fresh_line and site.line_prefix:
        return site.line_prefix
    return indent_at(data, around.head.start) + step_of(data)


def _colon(data: bytes, arms: Sequence[CaseArm]) -> str:
    """The most frequent way in which the arms write the colon, alignment aside."""
    ways: Counter[str] = Counter()
    for arm in arms:
        written = data[arm.label_span.end : arm.body.start].decode("utf-8", "replace")
        if "\n" not in written and ":" in written:
            left, _, right = written.partition(":")
            ways[(" " if left else "") + ":" + (" " if right else "")] += 1
    return ways.most_common(1)[0][0] if ways else ": "


def _label_width(data: bytes, arms: Sequence[CaseArm]) -> int:
    """The column of all colons, counted from the label's start; 0 unless labels of two lengths share it."""
    columns = {
        data.find(b":", arm.label_span.end, arm.body.start) - arm.label_span.start for arm in arms
    }
    lengths = {arm.label_span.length for arm in arms}
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else 0


def _gap(data: bytes, before: Sequence[CaseArm]) -> str:
    """Line ends between arms, as between the last two."""
    if len(before) < 2:
        return "\n"
    between = data[before[-2].body.end : before[-1].label_span.start]
    return "\n\n" if between.count(b"\n") > 1 and not between.strip() else "\n"


def _default_body(data: bytes, habits: Sequence[CaseAround], indent: str) -> str:
    """An empty statement, written as the file writes it."""
    for each in habits:
        for arm in each.before:
            if arm.is_default and _NOTHING.fullmatch(data, arm.body.start, arm.body.end):
                return f"begin\n{indent}end" if arm.is_block else ";"
    return ";"
