"""Which lines changed since a revision, from the text of `git diff`.

Must not run git: the command line does, and hands the text over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FILE = re.compile(r'^\+\+\+ (?P<name>"b/.*"|b/.*?|/dev/null)\t?$')
_HUNK = re.compile(
    r"^@@ -\d+(?:,(?P<gone>\d+))? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@",
)
_ESCAPED = re.compile(rb'\\([0-7]{3}|["\\abfnrtv])')
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}


def changed_lines(diff: str) -> Mapping[str, frozenset[int]]:
    """1-based lines of the new text that *diff* (made with `-U0`) added or changed, by path in the repository."""
    lines: dict[str, set[int]] = {}
    path = ""
    body = 0  # lines of the hunk that are still to come; they may look like anything
    for line in diff.split("\n"):
        if body and line[:1] in {"+", "-", " "}:
            body -= 1
        elif named := _FILE.match(line):
            path = _path(named["name"])
        elif path and (hunk := _HUNK.match(line)):
            start, count, gone = int(hunk["start"]), _count(hunk["count"]), _count(hunk["gone"])
            body = count + gone
            lines.setdefault(path, set()).update(range(start, start + count))
    return {name: frozenset(numbers) for name, numbers in lines.items()}


def _count(written: str | None) -> int:
    return 1 if written is None else int(written)


def _path(name: str) -> str:
    """The path behind `b/...`, unquoted as git-config(1) describes for core.quotePath; "" for a deleted file."""
    if name == "/dev/null":
        return ""
    if not name.startswith('"'):
        return name.removeprefix("b/")
    raw = name[1:-1].encode()
    return _ESCAPED.sub(_byte, raw).decode("utf-8", "surrogateescape").removeprefix("b/")


def _byte(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([_LETTERS[code] if code in _LETTERS else int(code, 8) & 0xFF])
