"""Gives a candidate's lines the file's own line end, indentation character and steps of indentation.

Must not change anything within a line; align_columns.py does.
"""

from __future__ import annotations

import math
from collections import Counter

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import CLOSERS, open_blocks, tokens
from hdl_lsp.syntax.statement import frames
from hdl_lsp.text.source import SourceText

_LOOKED_AT = 4096
"""Bytes that tell which line end a file uses."""

_LINES_LOOKED_AT = 200
_WIDEST_STEP = 8
_TAB = 4
_STEPS = frozenset((2, 3, 4, 8))
"""Steps that people use. Lines that stand to each other otherwise are aligned, not indented."""
_LABEL_MAY_STAND_LEFT = frozenset(("case", "casex", "casez"))
"""Some write the items of a `case` in its own column."""


def line_end_of(text: SourceText) -> str:
    """The line end that *text* uses."""
    return "\r\n" if b"\r\n" in text.data[:_LOOKED_AT] else "\n"


def reindent(candidate: Candidate) -> Candidate | None:
    """The candidate in the file's steps and indentation character, no trailing blanks, the file's line end.

    The lines below the cursor's are moved together, so that the first of them stands where its block wants it; how
    they stand to each other stays as written, in the file's steps. After half a statement they stay where they are.
    """
    site = candidate.site
    lines = [line.rstrip() for line in candidate.lines()]
    if len(lines) > 1:
        uses_tabs = "\t" in site.indent or (not site.indent and _uses_tabs(site.text))
        step = _step_of(site.text, site.text.line_of(site.offset)) or (_TAB if uses_tabs else 2)
        base = site.indent if site.line_prefix else lines[0]
        wanted = None if _goes_on(candidate) else _wanted(lines, _width(_wide(base)), step)
        moved = _moved(lines, wanted, step)
        lines = [lines[0], *(_tabbed(line) if uses_tabs else line for line in moved)]
    text = line_end_of(site.text).join(lines)
    if site.line_prefix.endswith((" ", "\t")):
        text = text.lstrip(" \t")
    return candidate.with_text(text) if text.strip() else None


def _goes_on(candidate: Candidate) -> bool:
    """The cursor's line is not the first of its statement or list, or the candidate closes what it did not open.

    Then the lines below it stand further left, and how far their writer knows best.
    """
    site = candidate.site
    found = frames(site.cursor.before, site.text.data, site.cursor.word_span.start)
    parts = found[-1].parts
    is_label = bool(parts) and parts[0].text == ":"
    starts_above = bool(parts) and not is_label and parts[0].start < site.line_start
    is_list = any(not frame.parts or frame.parts[0].start < site.line_start for frame in found[:-1])
    return starts_above or is_list or open_blocks(candidate.text)[1] is not None


def _moved(lines: list[str], wanted: int | None, step: int) -> list[str]:
    """The lines after the first, with blanks, the first of them indented by *wanted*."""
    body = [_wide(line) for line in lines[1:]]
    first = next((_width(line) for line in body if line), 0)
    if wanted is None:
        return body
    own_step = math.gcd(*(_width(line) - first for line in body if line))
    ratio = step / own_step if own_step in _STEPS else 1
    return [
        " " * max(0, wanted + round((_width(line) - first) * ratio)) + line.lstrip() if line else ""
        for line in body
    ]


def _wanted(lines: list[str], base: int, step: int) -> int | None:
    """The indentation of the second line; None where the first line does not end a statement or open a block."""
    words = [token for token in tokens(lines[0]) if token.kind != "comment"]
    opened, _ = open_blocks(lines[0])
    following = next((token.text for line in lines[1:] for token in tokens(line)), "")
    if any(token.text in "([{" for token in opened) or not words or not lines[0].strip():
        return None
    if following in CLOSERS:
        return base
    last = words[-1].text
    if last == ":" or any(token.text in _LABEL_MAY_STAND_LEFT for token in opened):
        return None
    if opened:
        return base + step
    is_end = last == ";" or (last.isalpha() and last in CLOSERS)
    return base if is_end else None


def _step_of(text: SourceText, line0: int) -> int:
    """Blanks of one step of indentation, as most lines around *line0* take it; 0 if none is indented."""
    steps: Counter[int] = Counter()
    last = 0
    for line in range(max(0, line0 - _LINES_LOOKED_AT), min(text.line_count, line0 + 40)):
        words = _wide(text.line_text(line))
        if not words.strip() or words.lstrip()[:2] in ("//", "/*"):
            continue
        width = _width(words)
        if 0 < width - last <= _WIDEST_STEP:
            steps[width - last] += 1
        last = width
    return steps.most_common(1)[0][0] if steps else 0


def _uses_tabs(text: SourceText) -> bool:
    head = text.data[:_LOOKED_AT]
    return head.count(b"\n\t") > head.count(b"\n  ")


def _tabbed(line: str) -> str:
    tabs, rest = divmod(_width(line), _TAB)
    return "\t" * tabs + " " * rest + line.lstrip()


def _wide(line: str) -> str:
    """*line* with the tabs it begins with as blanks."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(_TAB) + body


def _width(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
