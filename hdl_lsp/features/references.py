"""All uses of a name over the whole workspace: proved by scopes where they can be, else by slang, else by name.

Must not elaborate: the face passes in the way to ask the analysis process.
"""

from __future__ import annotations

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.meanings import Meanings
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.use_search import Ask, FoundUses, search, search_at_once
from hdl_lsp.workspace.use_target import target_at

TARGET_LIMIT = 5_000  # places in one answer; no editor shows more usefully


async def references(
    snapshot: Snapshot,
    file: FileId,
    offset: int,
    ask: Ask | None,
    *,
    with_declaration: bool = True,
) -> tuple[NavTarget, ...]:
    """The uses of what is named at *offset*, each once: this file's first, then by path and place.

    Dead `ifdef branches count, comments and strings don't. Without *ask*, or where slang has no say, the
    likeliest meaning of a name decides.
    """
    meanings = Meanings(snapshot)
    found = target_at(snapshot, meanings, file, offset)
    if found is None:
        return ()
    known = await search(snapshot, meanings, found[0], ask)
    return _targets(snapshot, file, known, with_declaration=with_declaration)


def lexical_references(snapshot: Snapshot, file: FileId, offset: int) -> tuple[NavTarget, ...]:
    """The same without asking slang, at once."""
    meanings = Meanings(snapshot)
    found = target_at(snapshot, meanings, file, offset)
    if found is None:
        return ()
    known = search_at_once(snapshot, meanings, found[0])
    return _targets(snapshot, file, known, with_declaration=True)


def _targets(
    snapshot: Snapshot, file: FileId, known: FoundUses, *, with_declaration: bool
) -> tuple[NavTarget, ...]:
    answer: dict[NavTarget, None] = {}
    for use in sorted(known.uses, key=lambda u: (u.file != file, snapshot.path(u.file), u.span)):
        if use.is_declaration and not with_declaration:
            continue
        where = snapshot.path(use.file)
        answer.setdefault(NavTarget(where, use.span, use.span, known.target.name))
        if len(answer) >= TARGET_LIMIT:
            break
    return tuple(answer)
