"""What can follow a dot: the fields of a type, the contents of an instance, the methods of a class.

Must not need facts: types are followed by name through the index, so that it works while a line is being typed.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.names import resolve, resolve_scoped, scope_members, units
from hdl_lsp.workspace.scopes import scope_chain
from hdl_lsp.workspace.snapshot import Snapshot

_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*(?:\s*::\s*[A-Za-z_][A-Za-z0-9_$]*)*")
_BRACKETS = re.compile(r"\[[^\[\]]*\]|#\s*\([^()]*\)")
_EXTENDS = re.compile(r"\bextends\s+([A-Za-z_][\w$:]*)")
_FOLLOW_LIMIT = 8  # typedefs of typedefs; a cycle in broken text must end

_HOLDS_NAMES = frozenset(
    {
        DeclKind.MODULE.value,
        DeclKind.INTERFACE.value,
        DeclKind.PROGRAM.value,
        DeclKind.PACKAGE.value,
        DeclKind.CHECKER.value,
        DeclKind.GENERATE_BLOCK.value,
        DeclKind.BLOCK.value,
        DeclKind.FUNCTION.value,
        DeclKind.TASK.value,
    }
)


def type_name(type_text: str) -> tuple[str, ...]:
    """The user-defined name in a type as written, `::` split: ("ibex_pkg", "alu_op_e"); () if it is built in."""
    bare = _BRACKETS.sub(" ", type_text)
    for found in _NAMES.finditer(bare):
        parts = tuple(part.strip() for part in found.group().split("::"))
        if parts[0] not in KEYWORDS or len(parts) > 1:
            return parts
    return ()


def type_of(snapshot: Snapshot, declared: Declared) -> Declared | None:
    """The declaration of the type of *declared*: its typedef, class or interface, or the module of an instance."""
    if declared.file is None:
        return None
    decl = declared.decl
    if decl and decl.kind is DeclKind.INSTANCE:
        return next(iter(units(snapshot, declared.file, decl.definition)), None)
    if decl and (name := type_name(decl.type_text)):
        offset = declared.focus.start
        found = resolve_scoped(snapshot, declared.file, offset, name[:-1], name[-1])
        for candidate in found:
            if candidate.focus != declared.focus or candidate.file != declared.file:
                return candidate
    symbol = declared.symbol
    if symbol and symbol.type_path and symbol.type_span:
        return _decl_at(snapshot, symbol.type_path, symbol.type_span.start)
    return None


def members(snapshot: Snapshot, declared: Declared) -> tuple[Declared, ...]:
    """What can be named after `declared.`, in order of declaration; () if nothing."""
    found: list[Declared] = []
    current: Declared | None = declared
    for _ in range(_FOLLOW_LIMIT):
        if current is None:
            break
        own = _own_members(snapshot, current)
        found += (m for m in own if all(m.name != known.name for known in found))
        if current.kind == DeclKind.CLASS.value:
            current = _base_class(snapshot, current)
        elif own or current.kind in _HOLDS_NAMES:
            break
        else:
            current = type_of(snapshot, current)
    return tuple(found)


def enum_members(snapshot: Snapshot, declared: Declared) -> tuple[Declared, ...]:
    """The members of the enum that is the type of *declared* (or that it declares), in order; () for other types."""
    current: Declared | None = declared
    for _ in range(_FOLLOW_LIMIT):
        if current is None or current.file is None or current.index is None:
            return ()
        holder = _first_of_statement(snapshot, current.file, current.index)
        found = tuple(
            of_decl(snapshot, current.file, index)
            for index, decl in enumerate(snapshot.summary(current.file).decls)
            if decl.parent == holder and decl.kind is DeclKind.ENUM_MEMBER
        )
        if found:
            return found
        if current.kind == DeclKind.INSTANCE.value or current.kind in _HOLDS_NAMES:
            return ()
        current = type_of(snapshot, current)
    return ()


def _first_of_statement(snapshot: Snapshot, file: FileId, index: int) -> int:
    """The declarator that holds the members of a nameless type: `enum {A, B} first, second;` lists them once."""
    decls = snapshot.summary(file).decls
    while index and decls[index - 1].span == decls[index].span:
        index -= 1
    return index


def after_dots(
    snapshot: Snapshot, found: tuple[Declared, ...], names: tuple[str, ...]
) -> tuple[Declared, ...]:
    """Where `x.a.b` leads, given what `x` is: *names* are ("a", "b")."""
    for name in names:
        found = tuple(
            member
            for holder in found[:1]
            for member in members(snapshot, holder)
            if member.name == name
        )
    return found


def before_dot(snapshot: Snapshot, file: FileId, offset: int, name: str) -> tuple[Declared, ...]:
    """What *name* left of a dot means: `this` and `super` are the class around *offset* and its base (8.11, 8.15)."""
    if name not in {"this", "super"}:
        return resolve(snapshot, file, offset, name) or inherited(snapshot, file, offset, name)
    around = enclosing_class(snapshot, file, offset)
    if around is None:
        return ()
    if name == "this":
        return (around,)
    base = _base_class(snapshot, around)
    return () if base is None else (base,)


def inherited(snapshot: Snapshot, file: FileId, offset: int, name: str) -> tuple[Declared, ...]:
    """What *name* means as a member that the class around *offset* has from its base classes (8.13)."""
    around = enclosing_class(snapshot, file, offset)
    if around is None:
        return ()
    return tuple(member for member in members(snapshot, around) if member.name == name)[:1]


def enclosing_class(snapshot: Snapshot, file: FileId, offset: int) -> Declared | None:
    """The innermost class around *offset*."""
    summary = snapshot.summary(file)
    for scope in scope_chain(summary, offset):
        if scope >= 0 and summary.decls[scope].kind is DeclKind.CLASS:
            return of_decl(snapshot, file, scope)
    return None


def _own_members(snapshot: Snapshot, declared: Declared) -> tuple[Declared, ...]:
    if declared.file is None or declared.index is None:
        return ()
    if declared.kind in _HOLDS_NAMES or declared.kind == DeclKind.CLASS.value:
        return tuple(scope_members(snapshot, declared))
    wanted = {DeclKind.STRUCT_MEMBER}
    holder = _first_of_statement(snapshot, declared.file, declared.index)
    if declared.kind in {DeclKind.MODPORT.value, DeclKind.CLOCKING.value}:
        wanted = set(DeclKind)
    return tuple(
        of_decl(snapshot, declared.file, index)
        for index, decl in enumerate(snapshot.summary(declared.file).decls)
        if decl.parent == holder and decl.kind in wanted
    )


def _base_class(snapshot: Snapshot, declared: Declared) -> Declared | None:
    text = declared.decl.type_text if declared.decl else ""
    match = _EXTENDS.search(text)
    if not match or declared.file is None:
        return None
    names = tuple(match.group(1).split("::"))
    offset = declared.full.start
    found = resolve_scoped(snapshot, declared.file, offset, names[:-1], names[-1])
    return next((c for c in found if c.kind == DeclKind.CLASS.value and c != declared), None)


def _decl_at(snapshot: Snapshot, path: str, start: int) -> Declared | None:
    file = snapshot.table.find(path)
    if file is None:
        return None
    best: int | None = None
    for index, decl in enumerate(snapshot.summary(file).decls):
        if start in {decl.name_span.start, decl.span.start}:
            best = index
            break
    return None if best is None else of_decl(snapshot, file, best)
