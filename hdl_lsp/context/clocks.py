"""How clocks and resets are written around here: the head of one clocked procedure, where the prompt shows none.

Must not decide what the clock of a new procedure is: it only shows how people wrote the last one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from hdl_lsp.context import window
from hdl_lsp.context.budget import Piece, Stability
from hdl_lsp.context.site import CompletionSite, relative_path
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

MOST_PARENTS = 3
LONGEST_BYTES = 200
SEARCHED_BYTES = 300_000  # of a file: generated ones have megabytes

_EDGE = re.compile(rb"\b(?:pos|neg)edge\b")
_HEAD = re.compile(
    rb"^[ \t]*always(?:_ff)?[ \t]*@[ \t]*\([ \t]*(?:pos|neg)edge\b[^\r\n]*(?:\r?\n[ \t]*if\b[^\r\n]*)?",
    re.MULTILINE,
)


def clocks(snapshot: Snapshot, site: CompletionSite) -> tuple[Piece, ...]:
    """At most one piece: from this file, else from one that instantiates what it declares."""
    shown = site.text.data[window.above(site).start : window.below(site).end]
    if _EDGE.search(shown):
        return ()
    for file in _files(snapshot, site.file):
        text = snapshot.text(file)
        head = "" if text is None else _head(text)
        if head:
            return (Piece(head, relative_path(snapshot, file), 9.5, Stability.DESIGN),)
    return ()


def _files(snapshot: Snapshot, file: FileId) -> Iterator[FileId]:
    """The file itself, then the files of its parents by path."""
    yield file
    parents = {
        use.file
        for unit in snapshot.summary(file).units()[:1]
        for use in snapshot.index.instances_of(unit.name)
    }
    yield from sorted(parents - {file}, key=snapshot.path)[:MOST_PARENTS]


def _head(text: SourceText) -> str:
    """The first line of a clocked procedure, and its `if` on the second, as most are written; "" if there is none."""
    heads = [
        m.group()
        for m in _HEAD.finditer(text.data, 0, SEARCHED_BYTES)
        if len(m.group()) <= LONGEST_BYTES
    ]
    often = Counter(b" ".join(head.split()) for head in heads)
    best = max(heads, key=lambda head: often[b" ".join(head.split())], default=b"")
    return best.decode("utf-8", "replace").replace("\r", "")
