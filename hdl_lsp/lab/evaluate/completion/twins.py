"""Files that have a near copy elsewhere in the project: what is taken out of them still stands there.

Must not look at single masks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

RUN = 3  # lines that make one piece to compare
MOST_SHARED = 0.5  # of a file's pieces that one other file may have


def without_twins(snapshot: Snapshot, files: Sequence[FileId]) -> list[FileId]:
    """*files* in their order, without those that are half to be found in one other file of the project."""
    holders: dict[int, list[FileId]] = {}
    runs: dict[FileId, frozenset[int]] = {}
    for file in snapshot.files:
        text = snapshot.text(file)
        if text is not None:
            runs[file] = _runs(text)
            for run in runs[file]:
                holders.setdefault(run, []).append(file)
    kept: list[FileId] = []
    for file in files:
        mine = runs.get(file, frozenset())
        others = Counter(other for run in mine for other in holders[run] if other != file)
        most = max(others.values(), default=0)
        if most <= MOST_SHARED * len(mine):
            kept.append(file)
    return kept


def _runs(text: SourceText) -> frozenset[int]:
    """Hashes of all runs of lines, without white space and empty lines."""
    lines = [squeezed for line in text.data.split(b"\n") if (squeezed := b"".join(line.split()))]
    return frozenset(hash(tuple(lines[at : at + RUN])) for at in range(len(lines) - RUN + 1))
