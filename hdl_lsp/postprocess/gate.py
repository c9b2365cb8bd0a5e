"""Whether slang's answer about a text with a candidate in it lets the candidate pass, and what it warns of.

Must not call slang itself (a Checker does), nor change a candidate (repair.py does).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.semantics.facts import Checked, FileFacts, Severity
from hdl_lsp.text.source import Offset, SourceText

Checker = Callable[[SourceText, Offset, tuple[str, ...]], Awaitable[Checked | None]]
"""slang's diagnostics of a text, and of it with each of several insertions at one place; None while slang is down."""

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What slang says of a candidate."""

    errors: tuple[str, ...] = ()  # messages of what it breaks; () lets it pass
    warnings: tuple[str, ...] = ()  # messages of what slang warns of since

    @property
    def passes(self) -> bool:
        """The candidate may be shown."""
        return not self.errors


async def verdicts(candidates: tuple[Candidate, ...], check: Checker) -> tuple[Verdict, ...] | None:
    """The verdict on each of *candidates*, which are for one place; None while slang is down."""
    if not candidates:
        return ()
    site = candidates[0].site
    checked = await check(site.text, site.offset, tuple(c.text for c in candidates))
    if checked is None or len(checked.after) != len(candidates):
        return None
    before = checked.before
    return tuple(
        _verdict(candidate, before, after)
        for candidate, after in zip(candidates, checked.after, strict=True)
    )


def _verdict(candidate: Candidate, before: FileFacts, after: FileFacts) -> Verdict:
    errors = new_errors(before, after)
    if after.failure:
        errors = (after.failure,)
    elif not errors and leaves_error_behind(candidate, after):
        errors = ("what is written is not whole",)
    return Verdict(errors, () if errors else new_warnings(before, after))


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


def new_warnings(before: FileFacts, after: FileFacts) -> tuple[str, ...]:
    """Messages of the warnings in *after* that *before* did not have."""
    had = Counter((d.code, d.message) for d in before.diagnostics)
    has = Counter((d.code, d.message) for d in after.diagnostics if d.severity is Severity.WARNING)
    return tuple(message for _, message in (has - had))


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
