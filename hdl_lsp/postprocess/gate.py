"""Whether slang's answer about a text with a candidate in it lets the candidate pass, and what to try next.

Must not call slang: it compares two lists of diagnostics and cuts text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens
from hdl_lsp.semantics.facts import FileFacts, Severity

AS_BAD_AS_ERRORS = frozenset(
    {
        "implicit-net",
        "mixed-var-assigns",
        "multiple-cont-assigns",
        "multiple-always-assigns",
        "port-coercion",
    }
)
"""Warnings that no code should be born with: a misspelt signal becomes a new net (IEEE 1800-2023 6.10), or what is
driven already is driven once more (6.5, 9.2.2.2), or an input is (23.3.3)."""


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


def leaves_error_behind(candidate: Candidate, after: FileFacts) -> bool:
    """An error lies in the inserted text or at the first token after it: what was written is not whole."""
    site = candidate.site
    where = site.inserted(candidate.text)
    rest = site.text.data[site.offset :]
    gap = len(rest) - len(rest.lstrip())
    return any(
        where.start <= d.span.start <= where.end + gap
        for d in after.diagnostics
        if d.severity is Severity.ERROR
    )


_WHOLE_AFTER = frozenset({";", ",", "begin", "end", "endcase", "else", ":", "(", "[", "{"})
_MAY_END = frozenset({")", "]", "}", "'"})


def _ended(candidate: Candidate) -> Candidate | None:
    """The candidate with operators at its end cut off and a semicolon put there; None where none belongs."""
    if candidate.site.extent is not Extent.LINES:
        return None
    words = [token for token in tokens(candidate.text) if token.kind != "comment"]
    if not words or words[-1].text in _WHOLE_AFTER:
        return None
    while words and words[-1].kind == "mark" and words[-1].text not in _MAY_END:
        words.pop()
    return candidate.with_text(candidate.text[: words[-1].end] + ";") if words else None


def attempts(candidate: Candidate) -> Iterator[Candidate]:
    """Texts that may pass, best first: the candidate, it ended by a semicolon, it without its last line, ..."""
    lines = candidate.lines()
    for count in range(len(lines), 0, -1):
        text = "\n".join(lines[:count]).rstrip()
        if not text.strip():
            continue
        shorter = candidate if count == len(lines) else candidate.with_text(text)
        yield shorter
        ended = _ended(shorter)
        if ended is not None:
            yield ended
