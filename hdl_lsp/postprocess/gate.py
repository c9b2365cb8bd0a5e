"""Whether slang's answer about a text with a candidate in it lets the candidate pass, and what to try next.

Must not call slang: it compares two lists of diagnostics and cuts text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.semantics.facts import FileFacts, Severity

AS_BAD_AS_ERRORS = frozenset({"implicit-net"})
"""Warnings that say a name does not exist: a misspelt signal becomes a new net (IEEE 1800-2023 6.10)."""


def _counted(facts: FileFacts) -> Counter[tuple[str, str]]:
    return Counter(
        (d.code, d.message)
        for d in facts.diagnostics
        if d.severity is Severity.ERROR or d.code in AS_BAD_AS_ERRORS
    )


def new_errors(before: FileFacts, after: FileFacts) -> tuple[str, ...]:
    """Messages of the errors in *after* that *before* did not have, counted with repetition.

    Places are not compared: they shift. A name that was unknown before and is unknown once more is new.
    """
    missing = set(after.missing_macros) - set(before.missing_macros)
    return (
        *(message for _, message in (_counted(after) - _counted(before)).elements()),
        *(f"unknown macro `{name}" for name in sorted(missing)),
    )


def shorter(candidate: Candidate) -> Iterator[Candidate]:
    """The candidate, then it without its last line, and so on; each a text that may pass where the longer failed."""
    yield candidate
    lines = candidate.lines()
    for count in range(len(lines) - 1, 0, -1):
        text = "\n".join(lines[:count]).rstrip()
        if text.strip():
            yield candidate.with_text(text)
