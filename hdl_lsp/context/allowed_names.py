"""The names that exist where something is being written: members, package items, ports, case labels.

Must not guess: where a type, a unit or an enum is not found, or is made by macros, nothing is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.context.visible_names import blocks, visible_names
from hdl_lsp.llm.engine import AllowedNames, NamesAfter
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.case_around import case_around
from hdl_lsp.syntax.cursor import CursorKind, InstanceAt
from hdl_lsp.syntax.tokens import code_tokens
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.expression_enum import dimensions_of, enum_of
from hdl_lsp.workspace.lookup import parameters_of, ports_of, visible_symbol
from hdl_lsp.workspace.members import members, type_name, type_of
from hdl_lsp.workspace.names import packages, resolve, scope_members, units
from hdl_lsp.workspace.scopes import imports_at
from hdl_lsp.workspace.snapshot import Snapshot

BYTES_ABOVE = 3_000
"""Names written so near above the cursor are looked up; what the model writes is mostly among them."""

BYTES_BELOW = 1_000
MOST_OPENINGS = 60
MOST_NAMES = 6_000
"""Of all openings together: more would cost more than the model's token."""

MOST_NESTED = 2
"""Members of members so deep."""

_NAME = re.compile(rb"[A-Za-z_][\w$]*")
_PACKAGE = re.compile(rb"([A-Za-z_][\w$]*)\s*::")
_SILENT = frozenset(
    {CursorKind.COMMENT, CursorKind.STRING, CursorKind.INCLUDE, CursorKind.NUMBER, CursorKind.MACRO}
)
_HAVE_TYPES = frozenset(
    {
        DeclKind.VARIABLE,
        DeclKind.NET,
        DeclKind.PORT,
        DeclKind.PARAMETER,
        DeclKind.LOCALPARAM,
        DeclKind.INSTANCE,
    }
)
_NAMELESS = frozenset({DeclKind.BLOCK.value, DeclKind.ASSERTION.value, DeclKind.CONSTRAINT.value})
_OPENING = frozenset({"(", "[", "{", "'{"})
_CLOSING = frozenset({")", "]", "}"})
_ARRAY_METHODS = tuple(
    """
    and delete exists find find_first find_first_index find_index find_last find_last_index first insert last max
    min next num or pop_back pop_front prev product push_back push_front reverse rsort shuffle size sort sum unique
    unique_index xor
    """.split()
)
_CLASS_METHODS = tuple(
    """
    constraint_mode get_randstate new post_randomize pre_randomize rand_mode randomize set_randstate srandom
    """.split()
)


def allowed_names(
    snapshot: Snapshot, site: CompletionSite, facts: FileFacts | None
) -> AllowedNames | None:
    """What identifiers may be near *site*; None where nothing is known, and in comments and strings.

    *facts* of any age: members of types that no declaration in the workspace spells out.
    """
    if site.cursor.kind in _SILENT:
        return None
    after = tuple(_within(_after(snapshot, site, facts)))
    connections, depth = _connections(snapshot, site)
    labels = _labels(snapshot, site)
    plain = visible_names(snapshot, site)
    if not (after or connections or labels or plain):
        return None
    return AllowedNames(after, connections, depth, labels, plain, blocks(site) if plain else -1)


def _within(found: Iterator[NamesAfter]) -> Iterator[NamesAfter]:
    """The first of *found*, as many as may be sent."""
    left = MOST_NAMES
    seen: set[str] = set()
    for one in found:
        left -= len(one.names)
        if left < 0 or len(seen) >= MOST_OPENINGS:
            return
        if one.opening not in seen:
            seen.add(one.opening)
            yield one


def _after(
    snapshot: Snapshot, site: CompletionSite, facts: FileFacts | None
) -> Iterator[NamesAfter]:
    """Packages first, then what has members, in the order of declaration."""
    data = site.text.data
    near = data[max(0, int(site.line_start) - BYTES_ABOVE) : int(site.offset) + BYTES_BELOW]
    yield from _packages(snapshot, site, near)
    written = {match.decode("ascii") for match in _NAME.findall(near)}
    for decl in snapshot.summary(site.file).decls:
        if decl.name not in written or decl.kind not in _HAVE_TYPES:
            continue
        if not (type_name(decl.type_text) or decl.kind is DeclKind.INSTANCE):
            continue
        written.discard(decl.name)
        for declared in resolve(snapshot, site.file, int(site.offset), decl.name)[:1]:
            yield from _members(snapshot, declared, f"{declared.name}.", facts, MOST_NESTED)


def _packages(snapshot: Snapshot, site: CompletionSite, near: bytes) -> Iterator[NamesAfter]:
    """The packages named near the cursor, then those imported."""
    named = [match.decode("ascii") for match in _PACKAGE.findall(near)]
    imported = [one.package for one in imports_at(snapshot.summary(site.file), int(site.offset))]
    for name in dict.fromkeys((*named, *imported)):
        for unit in packages(snapshot, site.file, name)[:1]:
            names = _names(scope_members(snapshot, unit))
            if names and not _is_macro_made(snapshot, unit):
                yield NamesAfter(f"{name}::", names)


def _members(
    snapshot: Snapshot, declared: Declared, opening: str, facts: FileFacts | None, deeper: int
) -> Iterator[NamesAfter]:
    """What may follow `declared.`, and what may follow the members that have members themselves."""
    holder = type_of(snapshot, declared)
    if holder is None or holder.kind == DeclKind.MODULE.value:
        return
    found = members(snapshot, holder)
    names = _names(found) or _fact_names(facts, declared)
    if not names or _is_macro_made(snapshot, holder):
        return
    if holder.kind == DeclKind.CLASS.value:
        if holder.decl is None or "extends" in holder.decl.type_text:
            return  # a base class may have members that no text shows: UVM's come from macros
        names = (*names, *_CLASS_METHODS)
    if dimensions_of(declared):
        names = (*names, *_ARRAY_METHODS)
    yield NamesAfter(opening, names)
    if not deeper:
        return
    for member in found:
        if member.kind == DeclKind.STRUCT_MEMBER.value and type_name(member.type_text):
            yield from _members(snapshot, member, f"{opening}{member.name}.", facts, deeper - 1)


def _names(found: Iterator[Declared] | tuple[Declared, ...]) -> tuple[str, ...]:
    """The names of declarations that can be named, each once."""
    return tuple(dict.fromkeys(one.name for one in found if one.name and one.kind not in _NAMELESS))


def _fact_names(facts: FileFacts | None, declared: Declared) -> tuple[str, ...]:
    """Members as slang knew them."""
    index = visible_symbol(facts, declared.name, declared.container) if facts else None
    if facts is None or index is None:
        return ()
    listed = facts.symbols[index].type_members
    return () if listed is None else tuple(one.name for one in facts.member_lists[listed])


def _is_macro_made(snapshot: Snapshot, holder: Declared) -> bool:
    """A macro is used in *holder*, and may declare what its text does not show."""
    text = snapshot.text(holder.file) if holder.file is not None else None
    if text is None:
        return True
    inside = text.data[holder.full.start : holder.full.end]
    return any(not _is_harmless(word) for word in _MACRO.findall(inside))


_MACRO = re.compile(rb"`(\w+)")


def _is_harmless(macro: bytes) -> bool:
    """A directive, or a macro that by its name only checks something."""
    return macro in _DIRECTIVES or macro.startswith((b"ASSERT", b"ASSUME", b"COVER"))


_DIRECTIVES = frozenset(
    b"""
    ifdef ifndef else elsif endif include define undef timescale default_nettype resetall line pragma
    begin_keywords end_keywords celldefine endcelldefine
    """.split()
)


def _connections(
    snapshot: Snapshot, site: CompletionSite
) -> tuple[tuple[tuple[str, ...], ...], int]:
    """What is not connected yet of the instance around the cursor, and how deep in its list the cursor is."""
    at = site.cursor.instance
    unit = next(iter(units(snapshot, site.file, at.definition)), None) if at else None
    if at is None or unit is None:
        return (), 0
    ports = _free(ports_of(snapshot, unit), at.connected_ports)
    lists: tuple[tuple[str, ...], ...] = (ports,)
    if at.is_in_parameters:
        lists = (_free(parameters_of(snapshot, unit), at.connected_parameters), ports)
    known = ports_of(snapshot, unit) or parameters_of(snapshot, unit)
    return (lists, _depth(site, at)) if known else ((), 0)


def _free(found: tuple[Declared, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.name for one in found if one.name not in taken)


def _depth(site: CompletionSite, at: InstanceAt) -> int:
    """Brackets open at the cursor inside the list that it is in; -1 between two lists."""
    depth = 0
    for token in code_tokens(site.text.data, int(at.span.start), int(site.offset)):
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
    return depth - 1


def _labels(snapshot: Snapshot, site: CompletionSite) -> tuple[str, ...]:
    """Members of the enum whose `case` has its next arm at the cursor, without those that have one."""
    at = site.cursor
    start = int(at.word_span.start)
    line = int(site.line_start)
    if at.kind is not CursorKind.IDENTIFIER or site.text.data[line:start].strip():
        return ()
    around = case_around(site.text.data, start, max(int(at.word_span.end), int(site.offset)))
    if around is None or around.is_inside:
        return ()
    found = enum_of(snapshot, site.file, int(around.head.start), around.subject)
    names = tuple(one.name for one in found)
    taken = {label for arm in around.arms if not arm.is_default for label in arm.labels}
    if not taken <= set(names) or not all(_is_visible(snapshot, site, one) for one in found):
        return ()  # the arms are values or carry a package's name: the enum alone does not say what may come
    return tuple(name for name in names if name not in taken)


def _is_visible(snapshot: Snapshot, site: CompletionSite, member: Declared) -> bool:
    """Its name alone means it here."""
    found = resolve(snapshot, site.file, int(site.offset), member.name)
    return any((one.file, one.focus) == (member.file, member.focus) for one in found)
