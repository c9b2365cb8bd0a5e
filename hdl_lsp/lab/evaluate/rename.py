"""Renames of random symbols of a design, judged by slang's own driver over the edited files.

Must not judge by anything the feature used: the edited design lies in a second copy on disk, and another process
walks it (truth.py).
"""

# The lab is one program that waits for its own disk: nobody is kept waiting by it.
# ruff: noqa: ASYNC240

from __future__ import annotations

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hdl_lsp.features.rename import Refused, rename
from hdl_lsp.lab.evaluate.asking import opened as editor_opened
from hdl_lsp.lab.evaluate.design import Design, opened
from hdl_lsp.lab.evaluate.score import Bar, percent
from hdl_lsp.lab.evaluate.truth import walked
from hdl_lsp.semantics.truth.record import DesignTruth, Place, TruthRequest, TruthSymbol
from hdl_lsp.server.session import Session
from hdl_lsp.text.edit import TextEdit, apply
from hdl_lsp.text.source import SourceText

NEW_NAME = "hdl_lsp_renamed"
_PLACE = re.compile(r"\S*?([^\s/]+):\d+\b")
_QUOTED = re.compile(r"'[^']*'")
JUDGED_TOGETHER = 20  # a walk takes longer than a rename
LEAST_RENAMED = 0.9  # of the symbols asked for; a refusal is safe, and no help


@dataclass(slots=True)
class RenameResult:
    """Counts, and the places of what went wrong."""

    asked: int = 0
    renamed: int = 0
    edits: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])  # by reason, without names
    refusals: list[str] = field(default_factory=list[str])  # FILE:OFFSET NAME: reason
    new_errors: list[str] = field(default_factory=list[str])
    missed: list[str] = field(default_factory=list[str])

    def bars(self) -> tuple[Bar, ...]:
        """The lines of the table."""
        return (
            Bar(
                "renamed",
                f">= {LEAST_RENAMED:.0%}",
                percent(self.renamed, self.asked),
                self.renamed >= LEAST_RENAMED * self.asked,
            ),
            Bar("new errors after it", "0", str(len(self.new_errors)), not self.new_errors),
            Bar("uses missed in silence", "0", str(len(self.missed)), not self.missed),
        )


async def evaluate_rename(
    design: Design, count: int, seed: int, tell: Callable[[str], None]
) -> RenameResult:
    """Renames *count* symbols drawn by *seed*, each from the untouched design; *tell* gets every name in turn."""
    result = RenameResult()
    async with _copied(design) as (trial, trial_root), opened(design) as (session, _):
        root = design.folder.absolute()
        before = await walked(trial)
        inside = [s for s in before.symbols if s.name and _is_inside(s, trial_root)]
        chosen = random.Random(seed).sample(inside, min(count, len(inside)))  # noqa: S311 - a sample, no secret
        judge = Judge(trial, before, result)
        for number, symbol in enumerate(chosen):
            tell(symbol.name)
            done = await _renamed(session, root, trial_root, symbol, f"{NEW_NAME}_{number}", result)
            if done is not None:
                await judge.add(done)
        await judge.judge()
    return result


@asynccontextmanager
async def _copied(design: Design) -> AsyncGenerator[tuple[TruthRequest, Path]]:
    """The files that the judge reads: a copy of the folder and of the list of files."""
    with TemporaryDirectory(prefix="hdl-lsp-rename-") as scratch:
        root = Path(scratch).resolve() / design.folder.absolute().name
        shutil.copytree(design.folder, root, symlinks=False, ignore_dangling_symlinks=True)
        async with opened(design) as (_, request):
            listed = Path(request.filelist).read_text(encoding="utf-8")
        own = str(design.folder.absolute())
        moved = Path(scratch) / "design.f"
        moved.write_text(listed.replace(own, str(root)), encoding="utf-8")
        yield replace(request, filelist=str(moved)), root


def _is_inside(symbol: TruthSymbol, root: Path) -> bool:
    """Declared in the design's folder, and written there under its name."""
    if not symbol.places:
        return False
    for path, start in symbol.places:
        if not path.startswith(f"{root}{os.sep}"):
            return False
        data = Path(path).read_bytes()
        if data[start : start + len(symbol.name.encode())] != symbol.name.encode():
            return False
    return True


@dataclass(frozen=True, slots=True)
class Done:
    """One rename as edits of the copy."""

    symbol: TruthSymbol
    where: str
    new: str
    edits: Mapping[str, tuple[TextEdit, ...]]


async def _renamed(
    session: Session,
    root: Path,
    trial_root: Path,
    symbol: TruthSymbol,
    new: str,
    result: RenameResult,
) -> Done | None:
    """The rename of *symbol*; None when it was refused, which *result* is told."""
    path, start = min(symbol.places)
    relative = os.path.relpath(path, trial_root)
    where = f"{relative}:{start} {symbol.name}"
    result.asked += 1
    at = await editor_opened(session, str(root / relative))
    if at is None:
        result.refused["the file is not known"] += 1
        return None
    found = await rename(at.snapshot, at.file, start, new, session.names, bool)
    at.close()
    if isinstance(found, Refused):
        reason = _QUOTED.sub("'...'", _PLACE.sub("FILE", found.reason)).replace(str(root), "")
        result.refused[re.sub(rf"\b{re.escape(symbol.name)}\b", "NAME", reason)] += 1
        result.refusals.append(f"{where}: {found.reason}")
        return None
    result.renamed += 1
    result.edits += found.places
    edits = {
        str(trial_root / os.path.relpath(session.table.path_of(f), root)): some
        for f, some in found.edits.items()
    }
    return Done(symbol, where, new, edits)


class Judge:
    """Judges renames several at a time, as long as their edits lie apart; each alone where something is wrong."""

    def __init__(self, request: TruthRequest, before: DesignTruth, result: RenameResult) -> None:
        self._request = request
        self._before = before
        self._result = result
        self._waiting: list[Done] = []
        self._taken: set[tuple[str, int]] = set()  # bytes that wait to be edited

    async def add(self, done: Done) -> None:
        """Judges *done* now or with others."""
        bytes_ = {
            (path, at)
            for path, some in done.edits.items()
            for edit in some
            for at in range(edit.span.start, max(edit.span.end, edit.span.start + 1))
        }
        if self._taken & bytes_ or len(self._waiting) >= JUDGED_TOGETHER:
            await self.judge()
        self._waiting.append(done)
        self._taken |= bytes_

    async def judge(self) -> None:
        """Judges what waits."""
        waiting, self._waiting, self._taken = self._waiting, [], set()
        if waiting and not await self._is_right(waiting):
            for done in waiting:
                await self._one(done)

    async def _is_right(self, waiting: Sequence[Done]) -> bool:
        edits = _merged(waiting)
        after = await _walked_with(self._request, edits)
        return after.errors <= self._before.errors and not any(
            _missed(self._before, after, done, edits) for done in waiting
        )

    async def _one(self, done: Done) -> None:
        after = await _walked_with(self._request, done.edits)
        if after.errors > self._before.errors:
            fresh = [e for e in after.first_errors if e not in self._before.first_errors]
            self._result.new_errors.append(f"{done.where}: {fresh[:1]}")
        self._result.missed += _missed(self._before, after, done, done.edits)


def _merged(waiting: Sequence[Done]) -> Mapping[str, tuple[TextEdit, ...]]:
    found: dict[str, tuple[TextEdit, ...]] = {}
    for done in waiting:
        for path, some in done.edits.items():
            both = (*found.get(path, ()), *some)
            found[path] = tuple(sorted(both, key=lambda edit: edit.span))
    return found


async def _walked_with(
    request: TruthRequest, edits: Mapping[str, tuple[TextEdit, ...]]
) -> DesignTruth:
    """The walk over the copy with *edits* applied; the copy is as before afterwards."""
    kept = {path: Path(path).read_bytes() for path in edits}
    try:
        for path, some in edits.items():
            Path(path).write_bytes(apply(SourceText(kept[path]), some).data)
        return await walked(request)
    finally:
        for path, data in kept.items():
            Path(path).write_bytes(data)


def _missed(
    before: DesignTruth,
    after: DesignTruth,
    done: Done,
    edits: Mapping[str, tuple[TextEdit, ...]],
) -> list[str]:
    """Uses of the symbol that are none of the renamed one, and names that mean something else than before."""
    symbol, where = done.symbol, done.where
    number = before.symbols.index(symbol)
    places = frozenset((path, _moved(edits.get(path, ()), start)) for path, start in symbol.places)
    renamed = {
        index
        for index, one in enumerate(after.symbols)
        if one.places & places and one.name == done.new
    }
    if not renamed:
        return [f"{where}: the declaration is gone"]
    uses = {
        (path, one.start)
        for path, names in after.names.items()
        for one in names
        if renamed & set(one.symbols)
    }
    lost: list[str] = []
    for path, names in before.names.items():
        some = edits.get(path, ())
        split = {int(e.span.start) for e in some if e.new_text.strip() != done.new}
        for one in names:
            if number in one.symbols and one.start not in split:
                place: Place = (path, _moved(some, one.start))
                if place not in uses:
                    lost.append(f"{where}: use at {Path(path).name}:{one.start}")
    stray = sum(
        one.name == symbol.name and bool(set(one.symbols) & renamed)
        for names in after.names.values()
        for one in names
    )
    return lost + ([f"{where}: the old name is still used"] if stray else [])


def _moved(edits: tuple[TextEdit, ...], start: int) -> int:
    """Where a byte lies after *edits*; where a replaced name begins stays its beginning."""
    return start + sum(
        len(edit.new_text.encode()) - edit.span.length
        for edit in edits
        if edit.span.start < start or (edit.span.start == start and not edit.span.length)
    )
