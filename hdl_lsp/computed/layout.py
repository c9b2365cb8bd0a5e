"""How the file is laid out: indentation of a line, the step it grows by, what is missing of it at the cursor.

Must not know what any construct means.
"""

from __future__ import annotations

import re
from collections import Counter

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.syntax.tokens import line_start

_INDENT = re.compile(rb"[ \t]*")
_STEP = re.compile(
    rb"^([ \t]*)(?:[^\r\n]*\bbegin\b(?:[ \t]*:[ \t]*\w+)?|(?:module|interface|package|class)\b[^\r\n]*;)"
    rb"[ \t]*\r?\n([ \t]*)\S",
    re.MULTILINE,
)
_LOOK_BYTES = 60_000
DEFAULT_STEP = "  "


def indent_at(data: bytes, offset: int) -> str:
    """White space that the line of *offset* begins with."""
    found = _INDENT.match(data, line_start(data, offset))
    return found.group().decode("ascii") if found else ""


def starts_line(data: bytes, offset: int) -> bool:
    """Nothing but white space stands before *offset* in its line."""
    return not data[line_start(data, offset) : offset].strip()


def column_of(data: bytes, offset: int) -> int:
    """Bytes between the start of the line and *offset*."""
    return offset - line_start(data, offset)


def step_of(data: bytes) -> str:
    """What a block is indented by in this file; two spaces where no block says so."""
    steps: Counter[str] = Counter()
    for found in _STEP.finditer(data, 0, _LOOK_BYTES):
        outer, inner = found.group(1).decode("ascii"), found.group(2).decode("ascii")
        if inner.startswith(outer) and len(inner) > len(outer):
            steps[inner[len(outer) :]] += 1
    return steps.most_common(1)[0][0] if steps else DEFAULT_STEP


def lead(site: CompletionSite, indent: str) -> str:
    """What is missing of *indent* left of the cursor on a fresh line."""
    return indent[len(site.line_prefix) :] if indent.startswith(site.line_prefix) else ""


def is_free(site: CompletionSite) -> bool:
    """Nothing stands right of the cursor, so that whole lines may follow."""
    return not site.line_suffix.strip()
