"""Definition, hover and references at every identifier of a design, judged by slang's full walk of it.

Must not help a feature: files are opened in a real Session, and asked as the server's handlers ask.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hdl_lsp.lab.evaluate.asking import OpenFile, Raised, identifiers, opened
from hdl_lsp.lab.evaluate.hover_words import judge_hover
from hdl_lsp.lab.evaluate.score import Bar, Mismatch, Tally, percent
from hdl_lsp.semantics.truth.record import DesignTruth, Place, TruthName
from hdl_lsp.server.session import Session
from hdl_lsp.text.columns import Encoding, position_at
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import Offset, SourceText

DEFINITION_BAR = 0.995
REFERENCE_SEED = 20
SHOWN_PLACES = 3

Advance = Callable[[str], None]


@dataclass(slots=True)
class LanguageResult:
    """What was found about one design."""

    definitions: Tally = field(default_factory=Tally)
    hovers: Tally = field(default_factory=Tally)
    recall: Tally = field(default_factory=Tally)
    precision: Tally = field(default_factory=Tally)
    ambiguous: int = 0  # right answers that come with others
    beyond: int = 0  # identifiers the walk says nothing about: dead `ifdef branches, macro bodies
    beyond_answered: int = 0
    raised: int = 0
    symbols: int = 0
    symbols_asked: int = 0
    files: int = 0
    mismatches: list[Mismatch] = field(default_factory=list[Mismatch])

    def bars(self) -> list[Bar]:
        """The lines of the table."""
        exact = self.definitions
        right = exact.count("right")
        return [
            Bar(
                "definition: the first target is the declaration that slang elaborated",
                f"≥ {DEFINITION_BAR:.1%}",
                percent(right, exact.asked),
                exact.asked > 0 and right >= DEFINITION_BAR * exact.asked,
            ),
            Bar(
                "definition: right with no second target",
                "",
                percent(right - self.ambiguous, right),
            ),
            Bar(
                "hover: agrees with slang on kind, direction and width",
                "",
                percent(self.hovers.count("right"), self.hovers.asked),
            ),
            Bar(
                f"references: uses found, {self.symbols_asked:,} of {self.symbols:,} symbols asked",
                "",
                percent(self.recall.count("right"), self.recall.asked),
            ),
            Bar(
                "references: answers that are uses",
                "",
                percent(self.precision.count("right"), self.precision.asked),
            ),
            Bar("exceptions", "0", str(self.raised), self.raised == 0),
            Bar(
                "names slang did not elaborate (dead `ifdef branches, macro bodies): answered",
                "",
                percent(self.beyond_answered, self.beyond),
            ),
        ]


class Evaluation:
    """One run over one design."""

    def __init__(self, session: Session, truth: DesignTruth, references: int | None) -> None:
        """*references*: so many symbols are asked for their uses, always the same ones; None: all."""
        self._session = session
        self._truth = truth
        self._names: Mapping[Place, TruthName] = {
            (path, one.start): one for path, names in truth.names.items() for one in names
        }
        self._users = self._uses_by_symbol()
        self._texts: dict[str, SourceText] = {}
        self.result = LanguageResult()
        self._chosen = self._choose(references)

    async def run(self, advance: Advance) -> LanguageResult:
        """Asks everything; *advance* is told of each file that is done."""
        for path in sorted(self._truth.names):
            at = await opened(self._session, path)
            if at is not None:  # else a header outside the folder
                self.result.files += 1
                self._texts[path] = at.text
                for offset in identifiers(at.text):
                    self._ask(at, path, offset)
                for name in self._chosen.get(path, ()):
                    await self._references(at, path, name)
                at.close()
            advance(path)
        return self.result

    def _ask(self, at: OpenFile, path: str, offset: int) -> None:
        name = self._names.get((path, offset))
        found, shown = at.definition(offset), at.hover(offset)
        for question, answer in (("definition", found), ("hover", shown)):
            if isinstance(answer, Raised):
                self.result.raised += 1
                self._miss(question, path, offset, name, "raised", (), answer.error)
        if name is None:
            self.result.beyond += 1
            self.result.beyond_answered += bool(found)
            return
        self._judge_definition(path, name, () if isinstance(found, Raised) else found)
        self._judge_hover(path, name, None if isinstance(shown, Raised) else shown)

    def _judge_definition(self, path: str, name: TruthName, found: tuple[Place, ...]) -> None:
        wanted = self._declared(name)
        if found and found[0] in wanted:
            self.result.definitions.add(name.category, "right")
            self.result.ambiguous += any(place not in wanted for place in found)
            return
        verdict = "none" if not found else "not first" if wanted & set(found) else "wrong"
        self.result.definitions.add(name.category, verdict)
        self._miss("definition", path, name.start, name, verdict, wanted, self._listed(found))

    def _judge_hover(self, path: str, name: TruthName, shown: str | None) -> None:
        if shown is None:
            self.result.hovers.add(name.category, "none")
            self._miss("hover", path, name.start, name, "none", (), "")
            return
        verdict = judge_hover(shown, [self._truth.symbols[number] for number in name.symbols])
        self.result.hovers.add(name.category, verdict.word)
        if verdict.word != "right":
            self._miss("hover", path, name.start, name, verdict.word, verdict.wanted, verdict.said)

    # -- references

    def _uses_by_symbol(self) -> Mapping[int, frozenset[Place]]:
        users: dict[int, set[Place]] = {}
        for place, name in self._names.items():
            for symbol in name.symbols:
                users.setdefault(symbol, set()).add(place)
        return {symbol: frozenset(places) for symbol, places in users.items()}

    def _choose(self, count: int | None) -> Mapping[str, list[TruthName]]:
        """One use of each symbol that is asked for its uses, by file."""
        source = random.Random(REFERENCE_SEED)  # noqa: S311 - not a secret
        single = {
            number: uses
            for number in sorted(self._users)
            if (
                uses := [p for p in sorted(self._users[number]) if len(self._names[p].symbols) == 1]
            )
        }
        numbers = list(single)
        self.result.symbols = len(numbers)
        if count is not None and count < len(numbers):
            numbers = sorted(source.sample(numbers, count))
        self.result.symbols_asked = len(numbers)
        chosen: dict[str, list[TruthName]] = {}
        for number in numbers:
            place = source.choice(single[number])
            chosen.setdefault(place[0], []).append(self._names[place])
        return chosen

    async def _references(self, at: OpenFile, path: str, name: TruthName) -> None:
        wanted = self._users[name.symbols[0]]
        found = await at.references(name.start)
        if isinstance(found, Raised):
            self.result.raised += 1
            self._miss("references", path, name.start, name, "raised", (), found.error)
            found = frozenset[Place]()
        judged = {place for place in found if place in self._names}
        missing, extra = wanted - found, judged - wanted
        for tally, right, verdict, others in (
            (self.result.recall, wanted & found, "missing", missing),
            (self.result.precision, judged & wanted, "extra", extra),
        ):
            tally.add(name.category, "right", len(right))
            tally.add(name.category, verdict, len(others))
            if others:
                listed = self._listed(sorted(others))
                self._miss("references", path, name.start, name, verdict, (), listed)

    # -- what differs

    def _declared(self, name: TruthName) -> frozenset[Place]:
        return frozenset(
            place for number in name.symbols for place in self._truth.symbols[number].places
        )

    def _miss(
        self,
        question: str,
        path: str,
        offset: int,
        name: TruthName | None,
        verdict: str,
        wanted: Iterable[Place] | str,
        got: str,
    ) -> None:
        self.result.mismatches.append(
            Mismatch(
                question=question,
                category=name.category if name else "",
                verdict=verdict,
                place=self._shown((path, offset)),
                name=name.name if name else "",
                wanted=wanted if isinstance(wanted, str) else self._listed(sorted(wanted)),
                got=got,
            )
        )

    def _listed(self, places: Iterable[Place]) -> str:
        listed = list(places)
        shown = ", ".join(self._shown(place) for place in listed[:SHOWN_PLACES])
        more = len(listed) - SHOWN_PLACES
        return f"{shown} and {more} more" if more > 0 else shown

    def _shown(self, place: Place) -> str:
        """FILE:LINE:COL, relative to the design's folder."""
        path, offset = place
        text = self._texts.get(path)
        if text is None:
            file = self._session.table.find(path)
            known = self._session.snapshot().text(file) if file is not None else None
            text = self._texts[path] = known or decode(b"")
        line0, column = position_at(text, Offset(offset), Encoding.UTF32)
        for root in self._session.roots:
            path = path.removeprefix(root + "/")
        return f"{path}:{line0 + 1}:{column + 1}"
