"""Names and keywords that may have been meant where a misspelt one stands: those that look like it.

Must not choose between them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.syntax.cursor import Cursor, CursorKind, cursor
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import Offset
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.members import after_dots, before_dot, members
from hdl_lsp.workspace.names import scope_members, scope_named, units
from hdl_lsp.workspace.snapshot import Snapshot

MOST_NAMES = 6
LIKENESS = 0.6
"""difflib's ratio; `valdi_q` and `valid_q` have 0.86, `a` and `b` 0."""


def near_names(
    snapshot: Snapshot, file: FileId, offset: Offset, facts: FileFacts
) -> tuple[str, ...]:
    """Names that can stand in place of the word at *offset* and are spelt like it, most alike first.

    *facts*: of the file's present text.
    """
    at = cursor(snapshot.syntax(file), offset)
    if not at.word:
        return ()
    known = set(_possible(snapshot, file, offset, at, facts)) - {at.word, ""}
    near = difflib.get_close_matches(at.word, sorted(known), MOST_NAMES, LIKENESS)
    return tuple(sorted(near, key=lambda name: (-likeness(at.word, name), name)))


def likeness(wrong: str, name: str) -> float:
    """How alike two spellings are, 0 to 1."""
    return difflib.SequenceMatcher(None, wrong, name).ratio()


def _possible(
    snapshot: Snapshot, file: FileId, offset: Offset, at: Cursor, facts: FileFacts
) -> Iterable[str]:
    match at.kind:
        case CursorKind.PORT_NAME | CursorKind.PARAMETER_NAME:
            return _connectable(snapshot, file, at)
        case CursorKind.MEMBER:
            found = before_dot(snapshot, file, offset, at.base[0]) if at.base else ()
            holders = after_dots(snapshot, found, at.base[1:])
            return {m.name for holder in holders[:1] for m in members(snapshot, holder)}
        case CursorKind.SCOPE:
            holders = scope_named(snapshot, file, offset, at.base) if at.base else ()
            return {m.name for holder in holders for m in scope_members(snapshot, holder)}
        case CursorKind.MACRO:
            return snapshot.index.macro_names()
        case _:
            return KEYWORDS | set(snapshot.index.unit_names()) | _visible(offset, facts)


def _connectable(snapshot: Snapshot, file: FileId, at: Cursor) -> set[str]:
    """Ports, or parameters, of the instantiated module that are not connected yet."""
    if at.instance is None:
        return set()
    is_parameter = at.kind is CursorKind.PARAMETER_NAME
    names_of = parameters_of if is_parameter else ports_of
    taken = at.instance.connected_parameters if is_parameter else at.instance.connected_ports
    found = units(snapshot, file, at.instance.definition)[:1]
    return {d.name for unit in found for d in names_of(snapshot, unit)} - set(taken)


def _visible(offset: Offset, facts: FileFacts) -> set[str]:
    """Names in the scopes around *offset*; all that the facts know where they know no scope."""
    around = [scope for scope in facts.scopes if scope.span.contains(offset)]
    if not around:
        return {symbol.name for symbol in facts.symbols}
    return {facts.symbols[index].name for scope in around for index in scope.symbols}
