"""Which sentences of a model may be shown: those that name only what exists.

Must not rewrite a sentence; it is kept or left out.
"""

from __future__ import annotations

import re

from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_IDENTIFIER = re.compile(r"[A-Za-z]\w*(?:_\w+)+|`([A-Za-z_]\w*)`")


def _named(words: str) -> frozenset[str]:
    """What looks like an identifier: words with an underscore, and words in backticks."""
    return frozenset(m[1] or m[0] for m in _IDENTIFIER.finditer(words))


def grounded(words: str, is_known: frozenset[str]) -> str:
    """The sentences of *words* whose identifiers are all in *is_known*; an unfinished last one is dropped.

    A sentence that is said twice is kept once.
    """
    sentences = _SENTENCE_END.split(" ".join(words.split()))
    if sentences and not sentences[-1].endswith((".", "!", "?")):
        sentences = sentences[:-1]
    return " ".join(dict.fromkeys(s for s in sentences if _named(s) <= is_known))


def grounded_words(snapshot: Snapshot, file: FileId, words: str) -> str:
    """The sentences of *words* that name only what occurs in *file* or elsewhere in the workspace."""
    here = snapshot.summary(file).identifiers
    elsewhere = frozenset(n for n in _named(words) - here if snapshot.index.files_naming(n))
    return grounded(words, here | elsewhere)
