"""The elements of a `'{ ... }` for an array: what goes on from the elements that are there, else `default:`.

Must not make up elements: those written must form a series, or the value is the zero of the element's type.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from hdl_lsp.computed.layout import indent_at, lead, starts_line, step_of
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.computed.zero_value import reset_value, zeros
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.literal_around import LiteralAround, literal_around
from hdl_lsp.text.source import span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.literal_type import dimensions_left, literal_type
from hdl_lsp.workspace.members import enum_members, members, type_name

RULE = "array literal"
MOST_ELEMENTS = 32

_RANGE = re.compile(r"\[\s*(\d+)\s*(?::\s*(\d+)\s*)?\]")
_DIMENSIONS = re.compile(r"(?:\s*\[[^\]]*\])*")
_DIMENSION = re.compile(r"\[[^\]]*\]")
_LOOK_BYTES = 200
_UNCOUNTED = re.compile(r"'[sS]?[hHbBoO]|(?<!\d)0\d")
"""Digits that do not count in tens, or are filled up with zeros."""
_NUMBER = re.compile(r"\d+")


def array_literal(asked: Asked) -> tuple[Computed, ...]:
    """The elements that are missing at the cursor, or `default:` with zero."""
    site = asked.site
    data = site.text.data
    if site.cursor.kind is not CursorKind.IDENTIFIER or site.cursor.word:
        return ()
    around = literal_around(data, site.offset, site.offset)
    if around is None or around.after or any(one.key == "default" for one in around.before):
        return ()
    found = literal_type(asked.snapshot, site.file, around.start)
    if found is None:
        return ()
    left, element = dimensions_left(asked.snapshot, found)
    if left <= 0:
        return ()
    unpacked = _unpacked(asked, found.declared)
    if not unpacked and not _has_own_type(asked, element):
        return ()  # a packed vector of bits
    if around.before:
        items = _series(data, around, _indexes(unpacked[found.taken :]))
    else:
        items = [f"default: {_zero(asked, element, left)}"]
    if not items:
        return ()
    return (Computed(_text(site, around, items), RULE),)


def _has_own_type(asked: Asked, element: Declared) -> bool:
    if element.decl is not None and type_name(element.decl.type_text):
        return True
    return bool(enum_members(asked.snapshot, element) or members(asked.snapshot, element))


def _unpacked(asked: Asked, declared: Declared) -> tuple[str, ...]:
    """The dimensions written after the name of *declared*."""
    source = None if declared.file is None else asked.snapshot.text(declared.file)
    if source is None:
        return ()
    end = declared.focus.end
    found = _DIMENSIONS.match(source.slice(span(end, end + _LOOK_BYTES)))
    return tuple(_DIMENSION.findall(found.group())) if found else ()


def _indexes(dimensions: Sequence[str]) -> tuple[int, ...]:
    """The indexes of the first of *dimensions*, as it is written; () where they are no numbers."""
    found = _RANGE.fullmatch(dimensions[0]) if dimensions else None
    if found is None:
        return ()
    first, last = int(found[1]), found[2]
    if last is None:
        return tuple(range(min(first, MOST_ELEMENTS + 1)))
    low, high = sorted((first, int(last)))
    return tuple(range(low, min(high, low + MOST_ELEMENTS) + 1))


def _series(data: bytes, around: LiteralAround, indexes: Sequence[int]) -> list[str]:
    """The elements after those written, where each of these is the one before with one number counted on."""
    written = [
        data[one.span.start : one.span.end].decode("utf-8", "replace") for one in around.before
    ]
    if len(written) < 2 or not len(written) < len(indexes) <= MOST_ELEMENTS:
        return []
    if any(_UNCOUNTED.search(one) for one in written):
        return []
    shapes = {_NUMBER.sub("#", one) for one in written}
    if len(shapes) != 1:
        return []
    columns = list(zip(*(map(int, _NUMBER.findall(one)) for one in written), strict=True))
    steps = [_step(column) for column in columns]
    if None in steps or not any(steps):
        return []
    parts = _NUMBER.split(written[-1])
    items: list[str] = []
    for number in range(1, len(indexes) - len(written) + 1):
        values = [
            column[-1] + (step or 0) * number for column, step in zip(columns, steps, strict=True)
        ]
        if any(value < 0 for value in values):
            return []
        items.append(parts[0] + "".join(f"{v}{p}" for v, p in zip(values, parts[1:], strict=True)))
    return items


def _step(column: Sequence[int]) -> int | None:
    """By what the numbers grow: by 1, by -1 or not at all; None for anything else."""
    steps = {after - before for before, after in itertools.pairwise(column)}
    step = steps.pop() if len(steps) == 1 else None
    return step if step in {0, 1, -1} else None


def _zero(asked: Asked, element: Declared, left: int) -> str:
    """Zero for one element."""
    if left > 1:
        return "'0"
    return reset_value(asked.snapshot, asked.site.file, asked.site.offset, element, zeros(()))


def _text(site: CompletionSite, around: LiteralAround, items: Sequence[str]) -> str:
    data = site.text.data
    base = indent_at(data, around.start)
    is_statement = data[: around.start].rstrip().endswith(b"=")
    closing = "" if around.is_closed else "};" if is_statement else "}"
    if not site.is_fresh_line:
        return ", ".join(items) + closing
    indent = next(
        (
            indent_at(data, one.span.start)
            for one in around.before
            if starts_line(data, one.span.start)
        ),
        site.line_prefix or base + step_of(data),
    )
    text = lead(site, indent) + (",\n" + indent).join(items)
    return text + (f"\n{base}{closing}" if closing else "")
