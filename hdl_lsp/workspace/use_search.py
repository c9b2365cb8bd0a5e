"""All uses of a declaration: first what texts and scopes prove, then slang's word on the rest, then names alone.

Must not start a process or read a clock: the caller passes in the way to ask slang. Cancelling the caller ends it
between two files.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hdl_lsp.semantics.name_uses import FileNames, NamesFound, NamesRequest, NameUse
from hdl_lsp.semantics.request import DesignRequest, FactsRequest
from hdl_lsp.syntax.cursor import cursor
from hdl_lsp.workspace.closure import design_list, facts_request, request_of
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import named_at
from hdl_lsp.workspace.meanings import ELSEWHERE, Answer, Meanings, Place
from hdl_lsp.workspace.needs import Looked
from hdl_lsp.workspace.occurrences import Around
from hdl_lsp.workspace.paths import rank
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.use_target import Target, can_be_plain, candidate_files
from hdl_lsp.workspace.uses import Use, UseFinder, Verdict, sure

T = TypeVar("T")

Ask = Callable[[NamesRequest], Awaitable[NamesFound | None]]
"""Asks slang; None while analysis is down."""

FILES_PER_STEP = 8
"""Files looked at before others may run: about 10 ms."""

ASKED_FILES = 120
"""Files that slang is asked about one by one, nearest first; 10 to 60 ms each."""

BY_NAME = 400
"""Occurrences that names alone decide at last; each costs a syntax tree of its file."""

_MACRO_DEPTH = 6


@dataclass(slots=True)
class FoundUses:
    """What is known of the uses of one target."""

    target: Target
    uses: list[Use] = field(default_factory=list[Use])  # sure ones, sorted by file and place
    guessed: list[Use] = field(default_factory=list[Use])  # by names alone; among `uses` too
    unknown: list[Use] = field(default_factory=list[Use])  # nobody could say what they mean
    expanded: list[tuple[FileId, int]] = field(default_factory=list[tuple[FileId, int]])
    """Macro uses out of whose bodies the target's name comes."""
    macros: set[str] = field(default_factory=set[str])
    """Macros whose bodies have the name after a dot or two colons, of what depends on their arguments."""


async def search(
    snapshot: Snapshot,
    meanings: Meanings,
    target: Target,
    ask: Ask | None,
) -> FoundUses:
    """The uses of *target*. The whole design is elaborated only where types come from parameters."""
    finder = UseFinder(meanings, target)
    found = FoundUses(target)
    open_: list[Use] = []
    for number, file in enumerate(candidate_files(snapshot, target)):
        if number % FILES_PER_STEP == FILES_PER_STEP - 1:
            await asyncio.sleep(0)
        open_ += _taken(found, finder.in_file(file))
    open_ = _by_macros(meanings, found, open_)
    open_ = _by_known_facts(snapshot, found, open_)
    if open_ and ask is not None:
        open_ = await _by_slang(snapshot, found, open_, ask, None)
    if ask is not None and any(use.macro is None for use in open_):
        design = await kept_design(snapshot)
        if design.options.tops:
            open_ = await _by_slang(snapshot, found, open_, ask, design)
    return await _stepped(_by_name(snapshot, meanings, found, open_))


def search_at_once(snapshot: Snapshot, meanings: Meanings, target: Target) -> FoundUses:
    """The uses of *target* without slang's word on them."""
    finder = UseFinder(meanings, target)
    found = FoundUses(target)
    open_: list[Use] = []
    for file in candidate_files(snapshot, target):
        open_ += _taken(found, finder.in_file(file))
    open_ = _by_macros(meanings, found, open_)
    return _at_once(_by_name(snapshot, meanings, found, _by_known_facts(snapshot, found, open_)))


def _taken(found: FoundUses, uses: Iterable[Use]) -> list[Use]:
    """Adds the sure ones of *uses* to *found*; gives the others."""
    open_: list[Use] = []
    for use in uses:
        (open_ if use.verdict is Verdict.MAYBE else found.uses).append(use)
    return open_


async def kept_design(snapshot: Snapshot) -> DesignRequest:
    """The whole design as it is now, under a number that the analysis process keeps it by. Others run meanwhile."""
    listed = await _stepped(design_list(snapshot, snapshot.project))
    return replace(request_of(snapshot, listed), version=snapshot.revision + 1)


async def asked_about(snapshot: Snapshot, files: Iterable[FileId]) -> tuple[FactsRequest, ...]:
    """What slang is to be asked about *files*; one takes up to 20 ms, and others run in between."""
    found: list[FactsRequest] = []
    looked: dict[str, Looked] = {}
    for file in files:
        found.append(facts_request(snapshot, file, looked=looked))
        await asyncio.sleep(0)
    return tuple(found)


def _by_macros(meanings: Meanings, found: FoundUses, open_: Iterable[Use]) -> list[Use]:
    """Names in macro bodies mean what they mean where the macro is used."""
    rest: list[Use] = []
    known: dict[str, Verdict] = {}
    for use in open_:
        if use.macro is None:
            rest.append(use)
            continue
        if use.around is not Around.PLAIN:
            found.macros.add(use.macro.name)
        verdict = known.get(use.macro.name)
        if verdict is None:
            verdict = known[use.macro.name] = _macro_verdict(meanings, found.target, use.macro.name)
        if verdict is Verdict.YES:
            found.uses.append(replace(use, verdict=Verdict.YES))
        elif verdict is Verdict.MAYBE:
            rest.append(use)
    return rest


def is_only(meanings: Meanings, target: Target, use: Use) -> bool:
    """*use*, in the body of a macro, means the target wherever the macro is used."""
    if use.macro is None or use.around in {Around.SCOPED, Around.MEMBER}:
        return True  # by the names left of it, which stand in the body too
    answers = set(_meanings_through(meanings, target, use.macro.name))
    return all(one is not None and bool(one & target.places) for one in answers)


def _macro_verdict(meanings: Meanings, target: Target, macro: str) -> Verdict:
    """YES when the target's name comes out of *macro* somewhere, NO when it never does, else MAYBE."""
    verdict = Verdict.NO
    for answer in _meanings_through(meanings, target, macro):
        if answer is None:
            verdict = Verdict.MAYBE
        elif answer & target.places:
            return Verdict.YES
    return verdict


def _meanings_through(meanings: Meanings, target: Target, macro: str) -> Iterator[Answer]:
    """What the target's name means at every use of *macro*, and of the macros that use it in their bodies."""
    snapshot = meanings.snapshot
    seen: set[str] = set()
    waiting = [macro]
    for _ in range(_MACRO_DEPTH):
        users: list[str] = []
        for name in waiting:
            seen.add(name)
            for file in snapshot.index.macro_users(name):
                summary = snapshot.summary(file)
                for used in summary.macro_uses:
                    if used.name != name:
                        continue
                    inside = next((m for m in summary.macros if m.span.covers(used.span)), None)
                    if inside is not None:
                        users.append(inside.name)
                        continue
                    answer = meanings.plain(file, int(used.span.start), target.name)
                    is_elsewhere = answer is None and not can_be_plain(snapshot, target, file)
                    yield ELSEWHERE if is_elsewhere else answer
        waiting = [name for name in dict.fromkeys(users) if name not in seen]
        if not waiting:
            break


def _by_known_facts(snapshot: Snapshot, found: FoundUses, open_: Iterable[Use]) -> list[Use]:
    """What fresh facts of open files say."""
    rest: list[Use] = []
    accepted = {(snapshot.path(f), start) for f, start in found.target.places}
    for use in open_:
        facts = snapshot.fresh_facts(use.file)
        known = facts.reference_at(int(use.span.start)) if facts else None
        if facts is None or known is None or known.span != use.span or use.is_super:
            rest.append(use)
            continue
        symbol = facts.symbols[known.symbol]
        if (symbol.path, int(symbol.name_span.start)) in accepted:
            found.uses.append(sure(use))
        elif symbol.path is None or use.is_declaration:
            rest.append(use)
    return rest


async def _by_slang(
    snapshot: Snapshot,
    found: FoundUses,
    open_: list[Use],
    ask: Ask,
    design: DesignRequest | None,
) -> list[Use]:
    """What slang says of the files that hold open uses; those it doesn't know stay open."""
    by_file: defaultdict[FileId, list[Use]] = defaultdict(list)
    for use in open_:
        by_file[use.file].append(use)
    home = found.target.best.file
    asked = _nearest(snapshot, home, by_file)
    answer = await ask(
        NamesRequest(
            frozenset({found.target.name}),
            await asked_about(snapshot, asked),
            design,
        )
    )
    if answer is None:
        return open_
    names = {snapshot.table.id_of(one.path): one for one in answer.files}
    accepted = accepted_places(snapshot, found.target, names)
    rest: list[Use] = []
    for file, uses in by_file.items():
        known = names.get(file)
        by_start = {int(u.span.start): u for u in known.uses if not u.is_expanded} if known else {}
        for use in uses:
            said = by_start.get(int(use.span.start))
            if said is None or not said.means or use.is_super:
                rest.append(use)
            elif accepted & _places(said):
                found.uses.append(sure(use))
    for file, known in names.items():
        for use in known.uses:
            if use.is_expanded and accepted & _places(use):
                found.expanded.append((file, int(use.span.start)))
    return rest


def accepted_places(
    snapshot: Snapshot, target: Target, names: Mapping[FileId, FileNames]
) -> frozenset[tuple[str, int]]:
    """Places by which slang knows the target; a prototype and its body, a port and its net have one each."""
    accepted = {(snapshot.path(file), start) for file, start in target.places}
    for file, start in target.places:
        known = names.get(file)
        for use in known.uses if known else ():
            if int(use.span.start) == start and not use.is_expanded:
                accepted |= _places(use)
    return frozenset(accepted)


def _places(use: NameUse) -> frozenset[tuple[str, int]]:
    return frozenset((one.path, one.start) for one in use.means if one.path is not None)


def _nearest(
    snapshot: Snapshot, home: FileId | None, files: Iterable[FileId]
) -> tuple[FileId, ...]:
    sources = frozenset(snapshot.project.sources)
    here = snapshot.path(home) if home is not None else ""
    wanted = {*files, *(() if home is None else (home,))}
    ordered = sorted(wanted, key=lambda f: (f != home, rank(here, snapshot.path(f), sources)))
    return tuple(ordered[:ASKED_FILES])


def _likely(snapshot: Snapshot, meanings: Meanings, use: Use, name: str) -> Place | None:
    """The likeliest declaration. Of several in scopes without a name, the one above the use is nearest."""
    if use.around is Around.PLAIN and meanings.hides(use.file, name):
        starts = (
            int(decl.name_span.start)
            for decl in snapshot.summary(use.file).decls
            if decl.name == name and decl.name_span.start <= use.span.start
        )
        nearest = max(starts, default=None)
        if nearest is not None:
            return use.file, nearest
    at = cursor(snapshot.syntax(use.file), int(use.span.start))
    for one in named_at(snapshot, use.file, at)[:1]:
        if one.file is not None:
            return one.file, int(one.focus.start)
    return None


def _at_once(steps: Generator[None, None, T]) -> T:
    """What *steps* return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


async def _stepped(steps: Generator[None, None, T]) -> T:
    """What *steps* return; others run between two of them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        await asyncio.sleep(0)


def _by_name(
    snapshot: Snapshot, meanings: Meanings, found: FoundUses, open_: list[Use]
) -> Generator[None, None, FoundUses]:
    """What is still open is decided by the likeliest meaning of names; sure it is not. In short steps."""
    for number, use in enumerate(open_):
        yield
        if number >= BY_NAME or use.macro is not None:
            found.unknown.append(use)
            continue
        likely = _likely(snapshot, meanings, use, found.target.name)
        if likely in found.target.places:
            guess = sure(use)
            found.uses.append(guess)
            found.guessed.append(guess)
        elif likely is None:
            found.unknown.append(use)
    found.uses.sort(key=lambda use: (snapshot.path(use.file), use.span))
    return found
