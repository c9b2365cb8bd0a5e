"""How lists of connections are laid out around here: lines, indents, commas, columns, blanks, `.clk_i` alone or not.

Must not know what is connected; it learns from written lists and writes new ones like them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hdl_lsp.semantics.summary import Connection
from hdl_lsp.text.source import SourceText

_SEPARATOR = re.compile(r"\s*,\s*")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_WRITTEN = re.compile(
    r"\.\s*[\w$\\]+(?P<gap>[ \t]*)\((?P<left>\s*)(?P<value>.*?)(?P<right>\s*)\)", re.DOTALL
)
_INDENT = re.compile(r"[ \t]*")
_ENOUGH = 40  # connections of one list that are looked at


@dataclass(frozen=True, slots=True)
class Layout:
    """One style of lists. Indents are relative to the line on which the instance begins."""

    is_split: bool = True  # one connection a line
    indent: str = "  "
    is_comma_first: bool = False
    comma_gap: str = " "  # between connections on one line; in comma-first style after the comma
    gap: str = ""  # between name and parenthesis; of the longest name where they are aligned
    is_aligned: bool = False  # the parentheses stand in one column
    name_width: int = 0  # of the longest name so far, where they are aligned
    left: str = ""
    right: str = ""
    is_right_aligned: bool = False  # the closing parentheses stand in one column
    value_width: int = 0
    is_closed_apart: bool = True  # the list's own closing parenthesis has a line of its own
    close_indent: str = ""
    has_shorthand: bool = False  # `.clk_i` for `.clk_i(clk_i)`


def indent_of(text: SourceText, offset: int) -> str:
    """White space that the line of *offset* begins with."""
    found = _INDENT.match(text.line_text(text.line_of(offset)))
    return found.group() if found else ""


def learned(
    text: SourceText, start: int, closing: int, connections: Sequence[Connection]
) -> Layout | None:
    """The layout of a written list of an instance that starts at *start*; None where it shows none.

    *closing*: where the list's own `)` is; -1 where there is none yet.
    """
    named = [c for c in connections if c.name not in {"", "*"}][:_ENOUGH]
    if not named:
        return None
    base = indent_of(text, start)
    first_line, last = text.line_of(named[0].span.start), named[-1]
    separators = [_between(text, a, b) for a, b in itertools.pairwise(named)]
    is_split = (
        sum("\n" in one for one in separators) * 2 > len(separators)
        if separators
        else first_line > text.line_of(start)
    )
    commas_first = sum(bool(re.match(r"\s*\n\s*,", one)) for one in separators)
    is_comma_first = bool(separators) and commas_first * 2 > len(separators)
    lines = [indent_of(text, c.span.start) for c in named if _starts_line(text, c.span.start)]
    indent = Counter(lines).most_common(1)[0][0] if lines else base + "  "
    after = text.data[last.span.end : closing].decode("utf-8", "replace") if closing >= 0 else ""
    return replace(
        _shape(text, named),
        is_split=is_split,
        indent=indent.removeprefix(base),
        is_comma_first=is_comma_first,
        comma_gap=_comma_gap(separators, is_comma_first=is_comma_first),
        is_closed_apart="\n" in after if closing >= 0 else is_split,
        close_indent=_relative(indent_of(text, closing), base) if "\n" in after else "",
        has_shorthand=_has_shorthand(named),
    )


def _relative(indent: str, base: str) -> str:
    return indent[len(base) :] if indent.startswith(base) else ""


def _between(text: SourceText, left: Connection, right: Connection) -> str:
    return _COMMENT.sub("", text.data[left.span.end : right.span.start].decode("utf-8", "replace"))


def _starts_line(text: SourceText, offset: int) -> bool:
    line = text.line_span(text.line_of(offset))
    return not text.data[line.start : offset].strip(b" \t,")


def _comma_gap(separators: Sequence[str], *, is_comma_first: bool) -> str:
    gaps = [one.rpartition(",")[2] for one in separators if "," in one]
    gaps = [gap for gap in gaps if "\n" not in gap]
    if not gaps:
        return "" if is_comma_first else " "
    return Counter(gaps).most_common(1)[0][0]


def _has_shorthand(named: Sequence[Connection]) -> bool:
    """Of the connections that may be written short, more are than are not."""
    short = sum(c.span.end == c.name_span.end for c in named)
    long = sum(c.value_text == c.name for c in named)
    return short > long


def _shape(text: SourceText, named: Sequence[Connection]) -> Layout:
    """Blanks around names and values, and what is aligned."""
    found: list[tuple[Connection, re.Match[str]]] = []
    for connection in named:
        match = _WRITTEN.fullmatch(text.slice(connection.span))
        if match and "\n" not in match.group():
            found.append((connection, match))
    if not found:
        return Layout()
    gap, longest = _columns(found)
    valued = [(c, m) for c, m in found if m["value"]]
    ends = Counter(m.end("right") for _, m in valued)
    widths = {m.end("value") for _, m in valued}
    is_right = longest > 0 and len(widths) > 1 and ends.most_common(1)[0][1] * 3 > len(valued) * 2
    lefts = Counter(m["left"] for _, m in valued)
    rights = Counter(m["right"] for _, m in valued)
    tightest = min((m["right"] for _, m in valued), key=len, default="")
    return Layout(
        gap=gap,
        is_aligned=longest > 0,
        name_width=longest,
        left=lefts.most_common(1)[0][0] if lefts else "",
        right=tightest if is_right or not rights else rights.most_common(1)[0][0],
        is_right_aligned=is_right,
        value_width=max(len(m["value"]) for _, m in valued) if is_right else 0,
    )


def _columns(found: Sequence[tuple[Connection, re.Match[str]]]) -> tuple[str, int]:
    """Blanks after a name, and the longest name of those whose parentheses stand in one column; 0 if in none."""
    columns = Counter(len(c.name) + len(m["gap"]) for c, m in found)
    column, count = columns.most_common(1)[0]
    inside = [len(c.name) for c, m in found if len(c.name) + len(m["gap"]) == column]
    if len(set(inside)) > 1 and count * 3 > len(found) * 2:
        return " " * (column - max(inside)), max(inside)
    return Counter(m["gap"] for _, m in found).most_common(1)[0][0], 0


def connection_text(
    name: str, value: str, layout: Layout, name_width: int, value_width: int
) -> str:
    """One connection; the widths are those of the longest name and value of the list."""
    if name == value and layout.has_shorthand:
        return f".{name}"
    padded = f"{name:<{max(name_width, layout.name_width)}}" if layout.is_aligned else name
    if layout.is_right_aligned:
        value = f"{value:<{max(value_width, layout.value_width)}}"
        return f".{padded}{layout.gap}({layout.left}{value}{layout.right})"
    inside = f"{layout.left}{value}{layout.right}" if value else ""
    return f".{padded}{layout.gap}({inside})"
