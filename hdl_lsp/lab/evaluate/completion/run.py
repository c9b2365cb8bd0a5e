"""Goes through the files of a design: masks drawn, asked, judged, one row after the other.

Must not print.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from hdl_lsp.errors import WorkerError
from hdl_lsp.lab.evaluate.completion import asking
from hdl_lsp.lab.evaluate.completion.asking import Hole, Shown
from hdl_lsp.lab.evaluate.completion.file_judge import FileJudge, added, judging
from hdl_lsp.lab.evaluate.completion.judging import Likeness, likeness
from hdl_lsp.lab.evaluate.completion.masks import ONE_LINE, Mask, MaskKind, draw, masks
from hdl_lsp.lab.evaluate.completion.scores import Key, Row
from hdl_lsp.lab.evaluate.completion.twins import without_twins
from hdl_lsp.semantics.truth.file_record import Errors, FileError
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import SourceText, encode
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId

PER_FILE = 3
"""Masks of one kind that one file gives at most: a thousand masks should be of many files."""

REASON_CHARS = 300

Way = Callable[[Hole, frozenset[str]], Awaitable[Shown]]


async def _computed(hole: Hole, without: frozenset[str]) -> Shown:
    del without
    return await asking.computed(hole)


async def _raw_prefix(hole: Hole, without: frozenset[str]) -> Shown:
    del without
    return await asking.raw_prefix(hole)


async def _raw_infill(hole: Hole, without: frozenset[str]) -> Shown:
    del without
    return await asking.raw_infill(hole)


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        "all": asking.everything,
        "asked": asking.by_hand,
        "computed": _computed,
        "model": asking.model_alone,
        "ungated": asking.ungated,
        "raw-prefix": _raw_prefix,
        "raw-infill": _raw_infill,
    }
)
"""How it can be asked."""

RAW = frozenset({"raw-prefix", "raw-infill"})
"""Ways of asking that give one line and no more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask for."""

    kinds: tuple[MaskKind, ...] = tuple(MaskKind)
    engines: tuple[str, ...] = ("all",)
    per_kind: int = 30
    seed: int = 1
    without: frozenset[str] = frozenset()
    level: str = ""

    def asks(self, engine: str, kind: MaskKind) -> bool:
        """Whether this way of asking makes sense there."""
        return kind in ONE_LINE or engine not in RAW

    def label(self, engine: str) -> str:
        """The name of a way of asking in rows: with everything that makes answers differ."""
        parts = [engine, f"level {self.level}" if self.level else ""]
        parts += [f"without {source}" for source in sorted(self.without)]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Miss:
    """A suggestion that is not what stood there, or none (`got` "")."""

    site: str
    place: str  # FILE:LINE
    wanted: str
    got: str
    origin: str


@dataclass(slots=True)
class Evaluation:
    """One run over one design. *done*: questions that have their row already."""

    session: Session
    root: Path
    plan: Plan
    done: Mapping[Key, Row] = field(default_factory=dict[Key, Row])
    counts: Counter[MaskKind] = field(default_factory=Counter[MaskKind])
    misses: list[Miss] = field(default_factory=list[Miss])
    problems: list[str] = field(default_factory=list[str])  # files that could not be judged

    @property
    def total(self) -> int:
        """Questions that are asked if the design has so many."""
        plan = self.plan
        return plan.per_kind * sum(plan.asks(e, k) for e in plan.engines for k in plan.kinds)

    async def rows(self, files: Sequence[FileId]) -> AsyncIterator[Row]:
        """A row for each mask and way of asking, those of *done* among them."""
        table = self.session.table
        listed = sorted(files, key=table.path_of)
        listed = without_twins(self.session.snapshot(), listed)
        random.Random(self.plan.seed).shuffle(listed)  # noqa: S311 - a sample, no secret
        for file in listed:
            wanted = [k for k in self.plan.kinds if self.counts[k] < self.plan.per_kind]
            if not wanted:
                return
            try:
                async for row in self._of_file(file, wanted):
                    yield row
            except WorkerError as err:
                self.problems.append(str(err))

    async def _of_file(self, file: FileId, wanted: Sequence[MaskKind]) -> AsyncIterator[Row]:
        session = self.session
        snapshot = session.snapshot()
        text = snapshot.text(file)
        request = closure.diagnostics_request(snapshot, file, text)
        if text is None or request.includers:
            return  # a fragment is no text that slang can be asked about alone
        name = Path(session.table.path_of(file)).relative_to(self.root).as_posix()
        async with judging() as judge:
            seed = f"{self.plan.seed}:{name}"
            found = masks(
                text,
                await judge.pieces(request),
                lambda module: bool(snapshot.index.units(module)),
                random.Random(seed),  # noqa: S311 - a sample, no secret
            )
            original: Errors | None = None
            for mask in draw((m for m in found if m.kind in wanted), seed, PER_FILE):
                if self.counts[mask.kind] >= self.plan.per_kind:
                    continue
                self.counts[mask.kind] += 1
                original = original or await judge.errors(request)
                one = _One(self, judge, file, name, text, mask, original)
                for engine in self.plan.engines:
                    if not self.plan.asks(engine, mask.kind):
                        continue
                    row = await one.row(engine)
                    if row is not None:
                        yield row


@dataclass(slots=True)
class _One:
    """One mask of one file."""

    run: Evaluation
    judge: FileJudge
    file: FileId
    name: str
    text: SourceText
    mask: Mask
    original: Errors
    masked: Errors | None = None

    async def row(self, engine: str) -> Row | None:
        """The row for asking by *engine*, from an earlier run if there is one."""
        is_model = engine != "computed"
        model = self.run.session.config.llm.model if is_model else ""
        blank = self._row(self.run.plan.label(engine), model)
        known = self.run.done.get(blank.key)
        if known is not None:
            return known
        session = self.run.session
        hole = await asking.opened(
            session, self.file, self.mask.applied(self.text), self.mask.start
        )
        try:
            shown = await WAYS[engine](hole, self.run.plan.without)
            new = await self._added(shown) if shown.text else ()
        finally:
            hole.close()
        row = self._row(blank.engine, model, shown, new)
        if not row.is_right:
            self._note_miss(shown)
        return row

    def _note_miss(self, shown: Shown) -> None:
        place = f"{self.name}:{self.text.line_of(self.mask.start) + 1}"
        wanted = self.mask.wanted(self.text)
        self.run.misses.append(Miss(self.mask.kind.value, place, wanted, shown.text, shown.origin))

    async def _added(self, shown: Shown) -> tuple[FileError, ...]:
        if self.masked is None:
            self.masked = await self._errors(b"")
        return added(await self._errors(encode(shown.text)), self.masked, self.original)

    async def _errors(self, by: bytes) -> Errors:
        text = self.mask.filled(self.text, by)
        snapshot = self.run.session.snapshot()
        return await self.judge.errors(closure.diagnostics_request(snapshot, self.file, text))

    def _row(
        self,
        engine: str,
        model: str,
        shown: Shown = asking.NOTHING,
        new: tuple[FileError, ...] = (),
    ) -> Row:
        like = Likeness(False, False, False, 0.0)
        if shown.text:
            like = likeness(shown.text, self.mask.wanted(self.text), self.mask)
        reason = f"{new[0].message}: {shown.text!r}"[:REASON_CHARS] if new else ""
        return Row(
            file=self.name,
            digest=self.text.digest[:12],
            offset=self.mask.start,
            length=self.mask.end - self.mask.start,
            site=self.mask.kind.value,
            engine=engine,
            model=model,
            shown=bool(shown.text),
            exact=like.exact,
            same=like.same,
            equivalent=like.equivalent,
            similarity=round(like.similarity, 4),
            given=like.given,
            right=like.right,
            wanted=like.wanted,
            origin=shown.origin,
            score=None if shown.score is None else round(shown.score, 4),
            parses=not any(error.is_syntax for error in new),
            elaborates=not new,
            reason=reason,
            latency_ms=round(shown.latency_ms, 1),
            prompt_tokens=shown.timings.prompt_tokens,
            generated_tokens=shown.timings.generated_tokens,
        )
