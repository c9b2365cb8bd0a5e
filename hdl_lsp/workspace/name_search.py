"""Which names a person may mean who typed some letters of one.

Must not know what the names are of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def ranked(names: Iterable[str], query: str) -> list[str]:
    """Those of *names* that hold the letters of *query* in order, the best first; see WorkspaceIndex.search."""
    wanted = query.lower()
    pattern = re.compile(".*?".join(map(re.escape, wanted)), re.IGNORECASE)
    found = (
        (_rank(name, wanted, query), len(name), name) for name in filter(pattern.search, names)
    )
    return [name for _, _, name in sorted(found)]


def _rank(name: str, wanted: str, query: str) -> tuple[int, int]:
    """Lower is better."""
    lower = name.lower()
    case = 0 if query in name else 1
    if lower == wanted:
        return 0, case
    if lower.startswith(wanted):
        return 1, case
    if f"_{wanted}" in lower:
        return 2, case
    return (3, case) if wanted in lower else (4, case)
