"""Whether slang's answer about a text with a candidate in it lets the candidate pass, and what it warns of.

Must not call slang itself (a Checker does), nor change a candidate (repair.py does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens
from hdl_lsp.semantics.checked import Checked, Problem, Reading
from hdl_lsp.text.source import Offset, SourceText

Checker = Callable[[SourceText, Offset, tuple[str, ...]], Awaitable[Checked | None]]
"""slang's findings about a text, and with each of several insertions at one place; None while slang is down."""

AS_BAD_AS_ERRORS = frozenset(
    {
        "ImplicitNet",
        "ImplicitNetPortNoDefault",
        "MixedVarAssigns",
        "MultipleContAssigns",
        "MultipleAlwaysAssigns",
        "InputPortCoercion",
    }
)
"""Warnings that no code should be born with: a misspelt signal becomes a new net (IEEE 1800-2023 6.10), or what is
driven already is driven once more (6.5, 9.2.2.2), or an input is (23.3.3)."""

_QUOTED = re.compile(r"'([^']+)'")
_ENDS_WHOLE = frozenset({";", ",", "begin"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What slang says of a candidate."""

    errors: tuple[str, ...] = ()  # messages of what it breaks; () lets it pass
    warnings: tuple[str, ...] = ()  # messages of what slang warns of since
    first_error: int | None = None
    """Bytes of the candidate before the first thing it breaks in itself; None if that lies elsewhere."""

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


def _verdict(candidate: Candidate, before: Reading, after: Reading) -> Verdict:
    if after.failure:
        return Verdict((after.failure,))
    broken = list(_new_errors(candidate, before, after)) or list(_torn(candidate, before, after))
    if not broken:
        return Verdict(warnings=new_warnings(before, after))
    inserted = candidate.site.inserted(candidate.text)
    inside = [p.start for p in broken if p.start is not None and inserted.contains(p.start)]
    first = min(inside) - inserted.start if inside else None
    return Verdict(tuple(dict.fromkeys(p.message for p in broken)), first_error=first)


def _new_errors(candidate: Candidate, before: Reading, after: Reading) -> Iterator[Problem]:
    """The errors in *after* that *before* did not have, counted with repetition.

    Places are not compared: they shift. A name that was unknown before and is unknown once more is new, unless what
    would declare it is missing. Where a text can be parsed only now, slang finds elsewhere what was wrong all the
    time: that counts only if it is about a word of the candidate.
    """
    had = Counter(problem.key for problem in before.problems if is_bad(problem))
    known = frozenset(had)
    is_parsed_now = _syntax_errors(after) < _syntax_errors(before)
    inserted = candidate.site.inserted(candidate.text)
    words = {token.text for token in tokens(candidate.text)} if is_parsed_now else set[str]()
    for problem in after.problems:
        if not is_bad(problem):
            continue
        had[problem.key] -= 1
        if had[problem.key] >= 0 or (problem.may_recur and problem.key in known):
            continue
        is_inside = problem.start is not None and inserted.contains(problem.start)
        if is_parsed_now and not problem.is_syntax and not is_inside:
            about = {
                word for quoted in _QUOTED.findall(problem.message) for word in quoted.split(".")
            }
            if about.isdisjoint(words):
                continue
        yield problem


def is_bad(problem: Problem) -> bool:
    """An error, or as bad as one."""
    return problem.is_error or problem.code in AS_BAD_AS_ERRORS


def _syntax_errors(reading: Reading) -> int:
    return sum(problem.is_syntax for problem in reading.errors())


def _torn(candidate: Candidate, before: Reading, after: Reading) -> Iterator[Problem]:
    """Errors of syntax in the candidate or at the first token after it: what was written is not whole.

    Behind the end of something whole may stand what stood there before: a module that is never closed.
    """
    site = candidate.site
    where = site.inserted(candidate.text)
    rest = site.text.data[site.offset :]
    gap = len(rest) - len(rest.lstrip())
    end = site.inserted(candidate.text.rstrip()).end
    words = [token.text for token in tokens(candidate.text) if token.kind != "comment"]
    is_whole = not words or words[-1] in _ENDS_WHOLE or words[-1].startswith("end")
    known = {problem.key for problem in before.errors()} if is_whole else set[tuple[str, str]]()
    for problem in after.errors():
        if not problem.is_syntax or problem.start is None:
            continue
        is_near = where.start <= problem.start <= where.end + gap
        if is_near and not (problem.start >= end - 1 and problem.key in known):
            yield problem


def new_warnings(before: Reading, after: Reading) -> tuple[str, ...]:
    """Messages of the warnings in *after* that *before* did not have."""
    had = Counter(p.key for p in before.problems if not p.is_error)
    has = Counter(p.key for p in after.problems if not p.is_error)
    return tuple(message for _, message in has - had)
