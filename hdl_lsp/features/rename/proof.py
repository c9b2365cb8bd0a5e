"""The proof of a rename: every name means before and after what it should, and slang finds nothing new.

Must not guess: whatever can't be matched is a sentence, and nothing is edited.
"""

from __future__ import annotations

import bisect
import re
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from hdl_lsp.features.rename.edits import Rewrite
from hdl_lsp.features.rename.prepare import place
from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.semantics.name_uses import FileNames, NamesFound, NameUse
from hdl_lsp.semantics.request import DesignRequest
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.edit import apply
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

Meaning = frozenset[tuple[str | None, int]]


@dataclass(frozen=True, slots=True)
class Moves:
    """Where offsets of one file lie after its rewrites."""

    starts: tuple[int, ...]
    growth: tuple[int, ...]  # bytes gained up to and with each rewrite

    def after(self, offset: int) -> int:
        """The new place of a byte that no rewrite replaces, or at which one begins."""
        number = bisect.bisect_left(self.starts, offset) - 1
        return offset + (self.growth[number] if number >= 0 else 0)


def moves_of(rewrites: Sequence[Rewrite]) -> Moves:
    """The Moves of rewrites in text order."""
    growth: list[int] = []
    total = 0
    for one in rewrites:
        total += len(one.edit.new_text.encode()) - one.edit.span.length
        growth.append(total)
    return Moves(tuple(int(one.edit.span.start) for one in rewrites), tuple(growth))


def edited(snapshot: Snapshot, rewrites: Mapping[FileId, Sequence[Rewrite]]) -> Snapshot:
    """The world with all rewrites applied, in memory only."""
    texts: dict[FileId, SourceText] = {}
    for file, some in rewrites.items():
        text = snapshot.text(file)
        if text is not None:
            texts[file] = apply(text, [one.edit for one in some])
    summaries = {f: (t.digest, summarise(t, snapshot.path(f))) for f, t in texts.items()}
    return replace(
        snapshot,
        # A ChainMap writes to its first map only.
        files=ChainMap(texts, cast("dict[FileId, SourceText]", snapshot.files)),
        open_files=snapshot.open_files | texts.keys(),
        index=snapshot.index.with_files(summaries),
    )


def trial(
    design: DesignRequest, after: Snapshot, files: Iterable[FileId], tops: Mapping[str, str]
) -> DesignRequest:
    """The same design with the texts of *after*; *tops* gives renamed tops their new names."""
    texts = {after.path(f): text.text for f in files if (text := after.text(f)) is not None}
    options = replace(
        design.options, tops=tuple(tops.get(name, name) for name in design.options.tops)
    )
    return replace(design, options=options, overlays={**design.overlays, **texts}, version=0)


@dataclass(frozen=True, slots=True)
class Names:
    """What the proof is about."""

    old: str
    new: str  # bare
    accepted: frozenset[tuple[str, int]]  # by which slang knows the target


def difference(
    snapshot: Snapshot,
    names: Names,
    rewrites: Mapping[FileId, Sequence[Rewrite]],
    before: NamesFound,
    after: NamesFound,
) -> str:
    """The first thing that is not as it was, as a sentence; "" when the rename is proved."""
    moves = {snapshot.path(file): moves_of(some) for file, some in rewrites.items()}
    if after.failure and not before.failure:
        return f"the design could not be elaborated after the rename: {after.failure}"
    for was, now in zip(before.files, after.files, strict=True):
        if now.failure and not was.failure:
            return f"{now.path} could not be analysed after the rename: {now.failure}"
        file = snapshot.table.id_of(was.path)
        reason = _file_difference(snapshot, names, rewrites.get(file, ()), moves, was, now)
        if reason:
            return reason
    return _new_problem(snapshot, names, before, after)


def _file_difference(
    snapshot: Snapshot,
    names: Names,
    rewrites: Sequence[Rewrite],
    moves: Mapping[str, Moves],
    was: FileNames,
    now: FileNames,
) -> str:
    own = moves.get(was.path, Moves((), ()))
    replaced = {int(one.edit.span.start) for one in rewrites if one.edit.span.length}
    rewritten = [one for one in rewrites if not one.is_plain]
    skipped = {int(one.edit.span.start) for one in rewritten if one.edit.span.length}
    regions = [
        (start, start + len(one.edit.new_text.encode()), start + one.edit.new_text.startswith("."))
        for one in rewritten
        for start in (own.after(int(one.edit.span.start)),)
    ]
    expected: dict[tuple[int, str, bool], Meaning] = {}
    old_place: dict[tuple[int, str, bool], int] = {}
    for use in was.uses:
        start = int(use.span.start)
        if (start in skipped and not use.is_expanded) or (use.is_expanded and not use.means):
            continue  # out of a macro, behind a dot: nobody can say
        name = use.name
        if use.is_expanded:
            if name == names.old and _meaning(use) & names.accepted:
                name = names.new
        elif start in replaced:
            name = names.new
        key = (own.after(start), name, use.is_expanded)
        expected[key] = frozenset(
            (path, moves[path].after(at) if path is not None and path in moves else at)
            for path, at in _meaning(use)
        )
        old_place[key] = start
    file = snapshot.table.id_of(was.path)
    for use in now.uses:
        start = int(use.span.start)
        region = next((one for one in regions if one[0] <= start < one[1]), None)
        if region is not None and not use.is_expanded:
            # The port of a branch that is not elaborated is known by its module's text only.
            if not use.means and start != region[2]:
                return f"{use.name} would mean nothing at {place(snapshot, file, start)}"
            continue
        key = (start, use.name, use.is_expanded)
        if use.is_expanded and not use.means and key not in expected:
            continue
        wanted = expected.pop(key, None)
        where = place(snapshot, file, old_place.get(key, start))
        if wanted is None:
            return f"{use.name} would stand at {where} for something else than now"
        if wanted != _meaning(use):
            is_ours = old_place[key] in replaced and not use.is_expanded
            return _elsewhere(snapshot, use, where, "" if is_ours else "renamed ")
    for key in expected:
        return f"{key[1]} would mean nothing any more at {place(snapshot, file, old_place[key])}"
    return ""


def _elsewhere(snapshot: Snapshot, use: NameUse, where: str, which: str) -> str:
    for one in use.means:
        file = snapshot.table.find(one.path) if one.path else None
        if file is not None:
            there = place(snapshot, file, one.start)
            return f"{use.name} at {where} would then mean the {which}declaration at {there}"
    return f"{use.name} at {where} would mean nothing any more"


def _meaning(use: NameUse) -> Meaning:
    return frozenset((one.path, one.start) for one in use.means)


def _new_problem(snapshot: Snapshot, names: Names, before: NamesFound, after: NamesFound) -> str:
    word = re.compile(rf"(?<![\w$]){re.escape(names.old)}(?![\w$])")

    def key(path: str, found: Diagnostic) -> tuple[str, str, str]:
        return path, found.code, word.sub(names.new, found.message)

    was = Counter(key(path, one) for path, one in _problems(before))
    for path, one in _problems(after):
        was[key(path, one)] -= 1
        if was[key(path, one)] < 0:
            file = snapshot.table.id_of(path)
            return f"slang would report '{one.message}' at {place(snapshot, file, int(one.span.start))}"
    return ""


def _problems(found: NamesFound) -> Iterable[tuple[str, Diagnostic]]:
    yield from found.problems
    for file in found.files:
        yield from ((file.path, one) for one in file.problems)
