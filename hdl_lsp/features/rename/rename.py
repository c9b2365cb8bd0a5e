"""A name renamed everywhere, proved, or nothing edited and the reason said.

Must not write files: it gives edits. The face passes in the way to ask slang and which files may be written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from hdl_lsp.features.rename.edits import Rewrite, newly_connected, rewrites
from hdl_lsp.features.rename.prepare import (
    IsWritable,
    Prepared,
    Refused,
    not_ours,
    place,
    prepare_rename,
    refused_name,
)
from hdl_lsp.features.rename.proof import Names, difference, edited, trial
from hdl_lsp.semantics.name_uses import NamesFound, NamesRequest
from hdl_lsp.syntax.words import IDENTIFIER, KEYWORDS
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.meanings import Meanings, Place
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.twins import with_twins
from hdl_lsp.workspace.use_search import (
    Ask,
    FoundUses,
    accepted_places,
    asked_about,
    is_only,
    kept_design,
    search,
)
from hdl_lsp.workspace.use_target import Target, candidate_files
from hdl_lsp.workspace.uses import Use, Verdict

PROVED_FILES = 800
"""Files that one proof compiles at most, twice each; that is a minute."""

_NO_SLANG = "slang is not running, so nothing can be proved; see the server's status"


@dataclass(frozen=True, slots=True)
class Renamed:
    """A proved rename."""

    old: str
    new: str
    edits: Mapping[FileId, tuple[TextEdit, ...]]  # in text order
    notes: tuple[str, ...] = ()  # what the user should know besides
    unseen: frozenset[Place] = frozenset()
    """Edits, by file and start, that slang has not looked at: they stand in branches that are not compiled."""

    @property
    def places(self) -> int:
        """How many edits there are."""
        return sum(len(some) for some in self.edits.values())


async def rename(
    snapshot: Snapshot,
    file: FileId,
    offset: int,
    new: str,
    ask: Ask,
    is_writable: IsWritable,
) -> Renamed | Refused:
    """The edits that give what is named at *offset* the name *new*; a Refused when one of them can't be proved."""
    prepared = prepare_rename(snapshot, file, offset, is_writable)
    if isinstance(prepared, Refused):
        return prepared
    new = _as_written(new.strip())
    target = prepared.target
    reason = refused_name(snapshot, target, new)
    if reason:
        return Refused(reason)
    meanings = Meanings(snapshot)
    found = await search(snapshot, meanings, with_twins(snapshot, target), ask)
    if found.target.files != target.files and all(
        use.file in found.target.files for use in found.uses
    ):
        found = await search(snapshot, meanings, target, ask)  # nobody can mean one for the other
    reason = _unproved(snapshot, meanings, found, file, prepared)
    if reason:
        return Refused(reason)
    if target.formal is not None:
        return _in_definition(meanings, found, new)
    return await _proved(snapshot, meanings, found, new, ask, is_writable)


def _as_written(new: str) -> str:
    """An escaped identifier that needs no backslash loses it (5.6.1)."""
    bare = new.removeprefix("\\").rstrip()
    is_simple = IDENTIFIER.fullmatch(bare) is not None and bare not in KEYWORDS
    return bare if is_simple else new


def _unproved(
    snapshot: Snapshot, meanings: Meanings, found: FoundUses, file: FileId, prepared: Prepared
) -> str:
    """The first use that is no more than likely, as a sentence."""
    target = found.target
    for use in (*found.guessed, *found.unknown):
        where = place(snapshot, use.file, int(use.span.start))
        return f"it can't be proved whether {target.name} at {where} is meant"
    if not any(use.file == file and use.span.covers(prepared.span) for use in found.uses):
        where = place(snapshot, file, int(prepared.span.start))
        return f"it can't be proved what {target.name} means at {where}"
    for use in found.uses:
        is_bare = use.macro is not None and not target.is_macro
        if is_bare and not is_only(meanings, target, use):
            where = place(snapshot, use.file, int(use.span.start))
            name = use.macro.name if use.macro else ""
            return (
                f"{target.name} is also used through the macro {name} ({where}), "
                "which means other declarations elsewhere"
            )
    return ""


def _in_definition(meanings: Meanings, found: FoundUses, new: str) -> Renamed:
    """An argument of a macro: its uses expand to the same text when the names in the definition stay distinct."""
    changes = rewrites(meanings, found.target, found.uses, new)
    edits = {file: tuple(one.edit for one in some) for file, some in changes.items()}
    return Renamed(found.target.name, new, edits)


async def _proved(
    snapshot: Snapshot,
    meanings: Meanings,
    found: FoundUses,
    new: str,
    ask: Ask,
    is_writable: IsWritable,
) -> Renamed | Refused:
    target = found.target
    bare = new.removeprefix("\\")
    names = frozenset({target.name, bare})
    asked = _affected(snapshot, found, bare)
    if len(asked) > PROVED_FILES:
        return Refused(f"{target.name} is named in {len(asked)} files, too many for a proof")
    design = await kept_design(snapshot)
    design = design if design.options.tops else None
    requests = await asked_about(snapshot, asked)
    before = await ask(NamesRequest(names, requests, design, with_problems=True))
    if before is None:
        return Refused(_NO_SLANG)
    known = {snapshot.table.id_of(one.path): one for one in before.files}
    accepted = accepted_places(snapshot, target, known)
    uses = _with_slangs(snapshot, found, before, accepted)
    if isinstance(uses, Refused):
        return uses
    changes = rewrites(meanings, target, uses, new)
    reason = _not_editable(snapshot, changes, is_writable)
    caught = newly_connected(meanings, target, bare)
    if caught is not None:
        reason = f".* at {place(snapshot, *caught)} would then connect it to the port {bare}"
    if reason:
        return Refused(reason)
    tops = {target.name: bare} if target.is_unit else {}
    after_world = edited(snapshot, changes)
    after = await ask(
        NamesRequest(
            names,
            await asked_about(after_world, asked),
            None if design is None else trial(design, after_world, changes, tops),
            with_problems=True,
        )
    )
    if after is None:
        return Refused(_NO_SLANG)
    reason = difference(snapshot, Names(target.name, bare, accepted), changes, before, after)
    if reason:
        return Refused(reason)
    edits = {file: tuple(one.edit for one in some) for file, some in changes.items()}
    unseen = frozenset(
        (use.file, int(use.span.start)) for use in uses if use.macro is None and not target.is_macro
    ) - {(file, int(said.span.start)) for file, one in known.items() for said in one.uses}
    return Renamed(target.name, new, edits, _notes(snapshot, target, bare), unseen)


def _affected(snapshot: Snapshot, found: FoundUses, new: str) -> tuple[FileId, ...]:
    """Files with a use, and those that name the new name where the target can be seen."""
    target = found.target
    files = dict.fromkeys(use.file for use in found.uses)
    files |= dict.fromkeys(file for file, _ in found.expanded)
    if not target.is_macro:
        files |= dict.fromkeys(candidate_files(snapshot, replace(target, name=new)))
    if target.is_connected:
        files |= dict.fromkeys(snapshot.index.instantiators(target.unit))
    macros = {use.macro.name for use in found.uses if use.macro is not None} | found.macros
    for name in sorted(macros):
        files |= dict.fromkeys(snapshot.index.macro_users(name))
    return tuple(files)


def _with_slangs(
    snapshot: Snapshot,
    found: FoundUses,
    before: NamesFound,
    accepted: frozenset[tuple[str, int]],
) -> list[Use] | Refused:
    """The uses by scopes and those that only slang has seen; a Refused where the two disagree."""
    target = found.target
    uses = {(use.file, int(use.span.start)): use for use in found.uses}
    bodies = any(use.macro is not None for use in found.uses)
    for one in before.files:
        file = snapshot.table.id_of(one.path)
        for said in one.uses:
            if said.name != target.name or not said.means or target.is_macro:
                continue
            places = {(m.path, m.start) for m in said.means if m.path is not None}
            where = place(snapshot, file, int(said.span.start))
            key = (file, int(said.span.start))
            if said.is_expanded:
                if places & accepted and not bodies:
                    return Refused(
                        f"{target.name} comes out of a macro at {where}, whose body would stay as it is"
                    )
                continue
            known = uses.get(key)
            if places & accepted and not places <= accepted:
                return Refused(f"{target.name} at {where} differs from instance to instance")
            if places & accepted and known is None:
                uses[key] = Use(file, said.span, Verdict.YES, found.uses[0].around)
            is_both = known is not None and known.verdict is Verdict.SHORTHAND
            if known is not None and not places & accepted and not is_both:
                return Refused(f"slang takes {target.name} at {where} for another declaration")
    return list(uses.values())


def _not_editable(
    snapshot: Snapshot, changes: Mapping[FileId, tuple[Rewrite, ...]], is_writable: IsWritable
) -> str:
    for file, some in changes.items():
        reason = not_ours(snapshot, snapshot.path(file), is_writable)
        if reason:
            where = place(snapshot, file, int(some[0].edit.span.start))
            return f"it is also named at {where}, {reason}"
    return ""


def _notes(snapshot: Snapshot, target: Target, new: str) -> tuple[str, ...]:
    notes: list[str] = []
    home = snapshot.path(target.best.file) if target.best.file is not None else ""
    others = sorted(snapshot.path(file) for file in target.files if snapshot.path(file) != home)
    if others and not target.is_macro:
        notes.append(
            f"{target.name} is declared under this name in {', '.join(others)} too, and renamed there"
        )
    path = PurePath(home)
    if target.is_unit and re.fullmatch(re.escape(target.name), path.stem):
        notes.append(
            f"the file keeps its name {path.name}; tools that find modules by file want {new}"
        )
    return tuple(notes)
