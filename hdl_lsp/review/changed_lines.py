"""Which lines changed since a revision, from the text of `git diff`.

Must not run git: the command line does, and hands the text over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FILE = re.compile(r'^\+\+\+ (?:"?b/(?P<path>.*?)"?|/dev/null)\s*$')
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")


def changed_lines(diff: str) -> Mapping[str, frozenset[int]]:
    """1-based lines of the new text that *diff* (made with `-U0`) added or changed, by path in the repository."""
    lines: dict[str, set[int]] = {}
    path = ""
    for line in diff.split("\n"):
        if named := _FILE.match(line):
            path = named["path"] or ""
        elif path and (hunk := _HUNK.match(line)):
            start = int(hunk["start"])
            count = int(hunk["count"]) if hunk["count"] is not None else 1
            lines.setdefault(path, set()).update(range(start, start + count))
    return {name: frozenset(numbers) for name, numbers in lines.items()}
