"""Classes among themselves: who extends whom, which method overrides which, where an extern method's body stands.

Must not need facts: names are followed through the index (IEEE 1800-2023 8.13, 8.20, 8.24, 8.26).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.names import resolve_scoped, scope_members
from hdl_lsp.workspace.snapshot import Snapshot

_SCOPED_NAME = re.compile(r"[A-Za-z_][\w$]*(?:\s*::\s*[A-Za-z_][\w$]*)*")
_ANCESTORS = re.compile(r"\b(?:extends|implements)\b")
_PARENTHESES = re.compile(r"\([^()]*\)")
_METHODS = frozenset({DeclKind.FUNCTION.value, DeclKind.TASK.value})
_DEPTH = 16  # classes above each other; a cycle in broken text must end
MAX_FOUND = 1_000


def subclasses(snapshot: Snapshot, base: Declared) -> tuple[Declared, ...]:
    """The classes that extend or implement *base*, directly or through others; MAX_FOUND of them."""
    found: dict[tuple[FileId | None, int | None], Declared] = {}
    level = [base]
    for _ in range(_DEPTH):
        below = [one for holder in level for one in _direct_subclasses(snapshot, holder)]
        level = [one for one in below if (one.file, one.index) not in found]
        found |= {(one.file, one.index): one for one in level}
        if not level or len(found) >= MAX_FOUND:
            break
    found.pop((base.file, base.index), None)
    return tuple(found.values())[:MAX_FOUND]


def overriding(snapshot: Snapshot, method: Declared) -> tuple[Declared, ...]:
    """The methods of the same name in the classes below that of *method*."""
    holder = class_of(snapshot, method)
    if holder is None or method.kind not in _METHODS:
        return ()
    return tuple(
        bodied(snapshot, member)
        for below in subclasses(snapshot, holder)
        for member in scope_members(snapshot, below, method.name)
        if member.kind in _METHODS
    )


def class_of(snapshot: Snapshot, member: Declared) -> Declared | None:
    """The class that *member* is declared in, by its prototype for a body outside; None for others."""
    if member.file is None or member.decl is None:
        return None
    parent = member.decl.parent
    if parent is None:
        prototype = prototype_of(snapshot, member)
        return class_of(snapshot, prototype) if prototype is not None else None
    held_by = snapshot.summary(member.file).decls[parent]
    return of_decl(snapshot, member.file, parent) if held_by.kind is DeclKind.CLASS else None


def bodied(snapshot: Snapshot, method: Declared) -> Declared:
    """The body outside its class of an extern *method*; any other declaration as it is (8.24)."""
    text = snapshot.text(method.file) if method.file is not None else None
    if text is None or not text.data.startswith(b"extern", method.full.start):
        return method
    holder = class_of(snapshot, method)
    if holder is None:
        return method
    files = snapshot.index.files_naming(method.name) & snapshot.index.files_naming(holder.name)
    for file in sorted(files, key=lambda one: (one != method.file, snapshot.path(one))):
        for index, decl in enumerate(snapshot.summary(file).decls):
            if decl.name == method.name and _outer_name(decl).endswith(holder.name):
                body = of_decl(snapshot, file, index)
                prototype = prototype_of(snapshot, body)
                if prototype and (prototype.file, prototype.index) == (method.file, method.index):
                    return body
    return method


def prototype_of(snapshot: Snapshot, body: Declared) -> Declared | None:
    """The declaration, inside its class, of a method whose *body* stands outside; None for others."""
    if body.file is None or body.decl is None or body.kind not in _METHODS:
        return None
    outer = _outer_name(body.decl)
    if not outer:
        return None
    *around, name = (part.strip() for part in outer.split("::"))
    for holder in resolve_scoped(snapshot, body.file, body.full.start, tuple(around), name):
        if holder.kind == DeclKind.CLASS.value:
            for member in scope_members(snapshot, holder, body.name):
                if member.kind in _METHODS:
                    return member
    return None


def _outer_name(decl: Decl) -> str:
    """`base` of `function int base::get(int a)`; "" for a method that stands in its class."""
    head = decl.type_text.partition("(")[0]
    match = re.search(rf"({_SCOPED_NAME.pattern})\s*::\s*{re.escape(decl.name)}\s*$", head)
    return match.group(1) if match else ""


def _direct_subclasses(snapshot: Snapshot, base: Declared) -> Iterator[Declared]:
    for file in sorted(snapshot.index.files_naming(base.name), key=snapshot.path):
        for index, decl in enumerate(snapshot.summary(file).decls):
            if decl.kind is DeclKind.CLASS and base.name in _ancestors(decl):
                candidate = of_decl(snapshot, file, index)
                if _extends(snapshot, candidate, base):
                    yield candidate


def _extends(snapshot: Snapshot, candidate: Declared, base: Declared) -> bool:
    if candidate.file is None or candidate.decl is None:
        return False
    for names in _ancestors(candidate.decl).values():
        *around, name = names
        if name != base.name:
            continue
        offset = candidate.full.start
        found = resolve_scoped(snapshot, candidate.file, offset, tuple(around), name)
        if any((one.file, one.index) == (base.file, base.index) for one in found):
            return True
    return False


def _ancestors(decl: Decl) -> dict[str, tuple[str, ...]]:
    """Last name to scoped name of every class that a class's header extends or implements."""
    header = decl.type_text
    for _ in range(4):  # parameters within parameters
        header = _PARENTHESES.sub(" ", header)
    parts = _ANCESTORS.split(header)[1:]
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for listed in part.replace("#", " ").split(","):
            match = _SCOPED_NAME.search(listed)
            if match:
                names = tuple(name.strip() for name in match.group().split("::"))
                found[names[-1]] = names
    return found
