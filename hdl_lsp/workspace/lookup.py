"""What the name at an offset is: slang's answer where facts are of the present text, else names and the index.

Must not decide what is shown (features do) and must not wait for fresh facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.semantics.facts import FileFacts, MacroExpansion
from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind
from hdl_lsp.syntax.cursor import Cursor, CursorKind, cursor
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.declared import Declared, of_symbol, with_fact
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.members import after_dots, before_dot, inherited, members
from hdl_lsp.workspace.names import (
    macros,
    packages,
    resolve,
    resolve_scoped,
    scope_members,
    units,
)
from hdl_lsp.workspace.snapshot import Snapshot

_UNIT_KINDS = frozenset(kind.value for kind in DESIGN_UNITS)
_NAMES_MACRO = re.compile(rb"`(?:define|undef|ifdef|ifndef|elsif)[ \t]+$")
_SILENT = frozenset({CursorKind.COMMENT, CursorKind.STRING, CursorKind.NUMBER, CursorKind.SYSTEM})
_LONGEST_DIRECTIVE = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a file and the declarations it may mean, best first."""

    name: str
    span: Span
    declared: tuple[Declared, ...]
    cursor: Cursor

    @property
    def best(self) -> Declared:
        """The first of the declarations, which are never empty."""
        return self.declared[0]


def look_up(snapshot: Snapshot, file: FileId, offset: int) -> Found | None:
    """What is named at *offset*; None between names, on keywords, and on names nobody declares."""
    text = snapshot.text(file)
    if text is None:
        return None
    at = cursor(snapshot.syntax(file), offset)
    if not at.word or at.kind in _SILENT or at.kind is CursorKind.INCLUDE:
        return None
    if is_macro_name(snapshot, file, at):
        found = _expanded_first(
            snapshot, file, at, macros(snapshot, file, at.word_span.start, at.word)
        )
    elif at.word in KEYWORDS and at.word != "new":
        return None
    else:
        # slang names the overriding method for `super.f`.
        found = () if at.base[:1] == ("super",) else _resolved(snapshot, file, offset)
        found = found or named_at(snapshot, file, at)
        if at.kind is CursorKind.PORT_NAME:
            found = _both_ends(found, _connected(snapshot, file, at))
    facts = snapshot.facts(file)
    declared = tuple(with_fact(snapshot, one, facts) for one in found)
    return Found(at.word, at.word_span, declared, at) if declared else None


def _expanded_first(
    snapshot: Snapshot, file: FileId, at: Cursor, found: tuple[Declared, ...]
) -> tuple[Declared, ...]:
    """The definitions of a macro, with the one first that slang has expanded at this use."""
    facts = snapshot.fresh_facts(file)
    start = at.word_span.start
    for use in facts.macros if facts else ():
        if use.name == at.word and use.span.start <= start <= use.span.start + 1 and use.path:
            path, place = use.path, use.name_span
            there = [d for d in found if d.file is not None and snapshot.path(d.file) == path]
            best = next((d for d in there if d.focus == place), there[0] if there else None)
            return (best, *(d for d in found if d is not best)) if best else found
    return found


def _both_ends(found: tuple[Declared, ...], ports: tuple[Declared, ...]) -> tuple[Declared, ...]:
    """`.clk_i` alone names a signal here and a port there; with a value in parentheses only the port (23.3.2.3)."""
    places = {(one.file, one.focus) for one in found}
    return (*found, *(port for port in ports if (port.file, port.focus) not in places))


def is_macro_name(snapshot: Snapshot, file: FileId, at: Cursor) -> bool:
    """The word is used or declared as a macro: after a backtick, or after `` `define ``, `` `ifdef `` and such."""
    if at.kind is CursorKind.MACRO:
        return True
    text = snapshot.text(file)
    start = at.word_span.start
    return text is not None and bool(
        _NAMES_MACRO.search(text.data[max(0, start - _LONGEST_DIRECTIVE) : start])
    )


def _resolved(snapshot: Snapshot, file: FileId, offset: int) -> tuple[Declared, ...]:
    facts = snapshot.fresh_facts(file)
    symbol = facts.symbol_at(offset) if facts else None
    if symbol is None:
        return ()
    best = of_symbol(snapshot, symbol)
    if best.kind not in _UNIT_KINDS:
        return (best,)
    others = units(snapshot, file, symbol.name)
    return (best, *(o for o in others if (o.file, o.focus) != (best.file, best.focus)))


def named_at(snapshot: Snapshot, file: FileId, at: Cursor) -> tuple[Declared, ...]:
    """What the word at a cursor means by name alone."""
    offset = at.word_span.start
    match at.kind:
        case CursorKind.PORT_NAME | CursorKind.PARAMETER_NAME | CursorKind.ARGUMENT_NAME:
            return _connected(snapshot, file, at)
        case CursorKind.MEMBER:
            found = before_dot(snapshot, file, offset, at.base[0]) if at.base else ()
            return after_dots(snapshot, found, (*at.base[1:], at.word))
        case CursorKind.SCOPE:
            return resolve_scoped(snapshot, file, offset, at.base, at.word)
        case _:
            return _plain(snapshot, file, at)


def _connected(snapshot: Snapshot, file: FileId, at: Cursor) -> tuple[Declared, ...]:
    if at.instance is not None:
        for unit in units(snapshot, file, at.instance.definition):
            found = tuple(scope_members(snapshot, unit, at.word))
            if found:
                return found
    if at.call is not None:
        offset = at.word_span.start
        for called in resolve_scoped(snapshot, file, offset, tuple(at.call.base), at.call.name):
            found = tuple(m for m in members(snapshot, called) if m.name == at.word)
            if found:
                return found
    return ()


def _plain(snapshot: Snapshot, file: FileId, at: Cursor) -> tuple[Declared, ...]:
    text = snapshot.text(file)
    offset = at.word_span.start
    if text is not None and text.data[at.word_span.end : at.word_span.end + 2] == b"::":
        found = packages(snapshot, file, at.word)
        if found:
            return found
    found = resolve(snapshot, file, offset, at.word) or inherited(snapshot, file, offset, at.word)
    if at.instance is not None and at.instance.definition == at.word:
        return units(snapshot, file, at.word) or found
    return found


def declaring_macro(snapshot: Snapshot, file: FileId, name: str) -> MacroExpansion | None:
    """The first macro use in *file* that writes *name* without being given it: what declares a name that no text has.

    None while there are no fresh facts.
    """
    facts, text = snapshot.fresh_facts(file), snapshot.text(file)
    if facts is None or text is None:
        return None
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    for use in facts.macros:
        if word.search(use.expansion) and not word.search(text.slice(use.span)):
            return use
    return None


def visible_symbol(facts: FileFacts, name: str, container: str) -> int | None:
    """Index of the symbol called *name*, in facts of any age: the one of *container* if there is one."""
    fallback: int | None = None
    for index, symbol in enumerate(facts.symbols):
        if symbol.name == name:
            if symbol.container == container:
                return index
            fallback = index if fallback is None else fallback
    return fallback


def ports_of(snapshot: Snapshot, unit: Declared) -> tuple[Declared, ...]:
    """The ports of a module, interface, function or task, in order; a port declared twice (non-ANSI) once."""
    return _of_kinds(snapshot, unit, frozenset({DeclKind.PORT.value}))


def parameters_of(snapshot: Snapshot, unit: Declared) -> tuple[Declared, ...]:
    """The parameters of a unit that an instance may set, in order."""
    return _of_kinds(snapshot, unit, frozenset({DeclKind.PARAMETER.value}))


def _of_kinds(snapshot: Snapshot, unit: Declared, kinds: frozenset[str]) -> tuple[Declared, ...]:
    by_name: dict[str, Declared] = {}
    for member in scope_members(snapshot, unit):
        if member.kind not in kinds:
            continue
        known = by_name.get(member.name)
        if known is None or (not known.direction and member.direction):
            by_name[member.name] = member
    return tuple(by_name.values())
