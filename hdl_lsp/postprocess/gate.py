"""Whether slang's answer about a text with a candidate in it lets the candidate pass, and what it warns of.

Must not call slang itself (a Checker does), nor change a candidate (repair.py does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from hdl_lsp.context.site_kind import SiteKind
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens
from hdl_lsp.semantics.checked import Checked, Problem, Reading
from hdl_lsp.semantics.finding_codes import NOT_A_MEMBER, UNDECLARED
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
        "Redefinition",
        "RedefinitionDifferentType",
        "UnknownSystemName",
    }
)
"""Warnings that no code should be born with: a misspelt signal becomes a new net (IEEE 1800-2023 6.10), or what is
driven already is driven once more (6.5, 9.2.2.2), or an input is (23.3.3); names that exist twice or not at all."""

LISTS = frozenset(
    {
        SiteKind.PORT_CONNECTION,
        SiteKind.PARAMETER_OVERRIDE,
        SiteKind.ENUM_LITERAL,
        SiteKind.STRUCT_LITERAL,
        SiteKind.ARGUMENT,
    }
)
"""Places where a comma ends something whole."""

NAMES = UNDECLARED | NOT_A_MEMBER | {"ImplicitNet"}
"""Errors about a name that nothing declares."""

_QUOTED = re.compile(r"'([^']+)'")


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
    known = frozenset(problem.key for problem in before.problems if is_bad(problem))
    readable = [
        problem
        for problem in after.problems
        if not _was_hidden(problem, candidate, before)
        and not (problem.may_recur and problem.key in known)
    ]
    broken = [*_new_errors(candidate, before, after, readable)] or [*_torn(candidate, readable)]
    if not broken:
        return Verdict(warnings=new_warnings(before, after))
    inserted = candidate.site.inserted(candidate.text)
    inside = [p.start for p in broken if p.start is not None and inserted.contains(p.start)]
    first = min(inside) - inserted.start if inside else None
    return Verdict(tuple(dict.fromkeys(p.message for p in broken)), first_error=first)


def _new_errors(
    candidate: Candidate, before: Reading, after: Reading, problems: list[Problem]
) -> Iterator[Problem]:
    """The errors in *problems*, of *after*, that *before* did not have, counted with repetition.

    Places are not compared: they shift. A name that was unknown before and is unknown once more is new. Where a text
    can be parsed only now, slang finds elsewhere what was wrong all the time: that counts only if it is about a word
    of the candidate, or a name that a declaration in its place would declare.
    """
    had = Counter(problem.key for problem in before.problems if is_bad(problem))
    is_parsed_now = _syntax_errors(after) < _syntax_errors(before)
    site = candidate.site
    inserted = site.inserted(candidate.text)
    begun = site.text.data.rfind(b";", 0, site.offset) + 1  # the statement that is being written
    words = {token.text for token in tokens(candidate.text)} if is_parsed_now else set[str]()
    for problem in problems:
        if not is_bad(problem):
            continue
        had[problem.key] -= 1
        if had[problem.key] >= 0:
            continue
        is_here = problem.start is not None and begun <= problem.start <= inserted.end
        if is_parsed_now and not problem.is_syntax and not is_here:
            is_declared_here = site.kind is SiteKind.DECLARATION and problem.code in NAMES
            quoted = _QUOTED.findall(problem.message)
            about = (word for name in quoted for word in name.split("."))
            if not is_declared_here and words.isdisjoint(about):
                continue
        yield problem


def is_bad(problem: Problem) -> bool:
    """An error, or as bad as one."""
    return problem.is_error or problem.code in AS_BAD_AS_ERRORS


def _syntax_errors(reading: Reading) -> int:
    return sum(problem.is_syntax for problem in reading.errors())


def _torn(candidate: Candidate, problems: list[Problem]) -> Iterator[Problem]:
    """Errors of syntax in the candidate or at the first token after it: what was written is not whole."""
    start, _, next_token = _ends(candidate)
    for problem in problems:
        is_near = problem.start is not None and start <= problem.start <= next_token
        if problem.is_error and problem.is_syntax and is_near:
            yield problem


def _was_hidden(problem: Problem, candidate: Candidate, before: Reading) -> bool:
    """An error of syntax right behind a candidate that is whole, where one was before: of a module never closed, say.

    slang tells one error of syntax at one place, and which one depends on what stands before.
    """
    _, end, next_token = _ends(candidate)
    if problem.start is None or not problem.is_syntax or not end <= problem.start <= next_token:
        return False
    site = candidate.site
    low = len(site.text.data[: site.offset].rstrip())
    high = site.offset + next_token - site.inserted(candidate.text).end
    return _is_whole(candidate) and any(
        one.is_syntax and one.start is not None and low <= one.start <= high
        for one in before.errors()
    )


def _ends(candidate: Candidate) -> tuple[int, int, int]:
    """Where the candidate starts, where its last token ends, and where the first token after it starts."""
    site = candidate.site
    rest = site.text.data[site.offset :]
    gap = len(rest) - len(rest.lstrip())
    where = site.inserted(candidate.text)
    return where.start, site.inserted(candidate.text.rstrip()).end, where.end + gap


def _is_whole(candidate: Candidate) -> bool:
    """The candidate ends like a statement, a block, or an item of the list it stands in."""
    words = [token.text for token in tokens(candidate.text) if token.kind != "comment"]
    if not words or words[-1] == ";" or words[-1].startswith("end"):
        return True
    return words[-1] in {")", ","} and candidate.site.kind in LISTS


def new_warnings(before: Reading, after: Reading) -> tuple[str, ...]:
    """Messages of the warnings in *after* that *before* did not have."""
    had = Counter(p.key for p in before.problems if not p.is_error)
    has = Counter(p.key for p in after.problems if not p.is_error)
    return tuple(message for _, message in has - had)
