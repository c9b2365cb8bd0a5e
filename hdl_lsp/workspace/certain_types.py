"""Where a hierarchical name leads when every type along it is written and certain.

Must not guess: two declarations of one name, a type parameter, a base class or an unknown file end the search.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.meanings import ELSEWHERE, NOBODY, Meanings, Place
from hdl_lsp.workspace.names import scope_members, units

_TYPE = re.compile(
    r"(?:(?:input|output|inout|ref|const|var|static|automatic|rand|randc|local|protected|wire|tri)\s+)*+"
    r"(?:(?P<package>[A-Za-z_][\w$]*)\s*::\s*)?(?P<type>[A-Za-z_][\w$]*)\s*(?:\[.*)?",
    re.DOTALL,
)
_ALIASES = 8  # typedefs of typedefs; a cycle in broken text must end
_SCOPES = frozenset(
    {
        DeclKind.MODULE,
        DeclKind.INTERFACE,
        DeclKind.PROGRAM,
        DeclKind.GENERATE_BLOCK,
        DeclKind.BLOCK,
        DeclKind.CLASS,
    }
)
_TYPED = frozenset(
    {
        DeclKind.VARIABLE,
        DeclKind.NET,
        DeclKind.PORT,
        DeclKind.STRUCT_MEMBER,
        DeclKind.TYPEDEF,
    }
)


def certain_member(meanings: Meanings, root: Declared, names: tuple[str, ...]) -> Place | None:
    """The declaration that `root.a.b` means, *names* being ("a", "b"); None when that is not certain.

    ELSEWHERE's place: what is named belongs to a type that no known file declares.
    """
    holder = root
    for number, name in enumerate(names):
        scope = _opened(meanings, holder)
        if scope is None:
            is_foreign = number == len(names) - 1 and _has_foreign_type(meanings, holder)
            return next(iter(ELSEWHERE)) if is_foreign else None
        found = [one for one in _inside(meanings, scope, name) if one.file is not None]
        if len(found) != 1:
            return None
        holder = found[0]
    return None if holder.file is None else (holder.file, int(holder.focus.start))


def _inside(meanings: Meanings, scope: Declared, name: str) -> list[Declared]:
    if scope.decl is not None and scope.decl.kind in _SCOPES:
        return list(scope_members(meanings.snapshot, scope, name))
    return [one for one in _fields(meanings, scope) if one.name == name]


def _fields(meanings: Meanings, scope: Declared) -> list[Declared]:
    if scope.file is None:
        return []
    return [
        of_decl(meanings.snapshot, scope.file, index)
        for index, decl in enumerate(meanings.snapshot.summary(scope.file).decls)
        if decl.parent == scope.index and decl.kind is DeclKind.STRUCT_MEMBER
    ]


def _opened(meanings: Meanings, holder: Declared) -> Declared | None:
    """The scope, or the struct, whose contents follow a dot after *holder*."""
    current: Declared | None = holder
    for _ in range(_ALIASES):
        if current is None or current.decl is None:
            return None
        if current.decl.kind in _SCOPES or _fields(meanings, current):
            return current
        current = _type(meanings, current)
    return None


def _type(meanings: Meanings, declared: Declared) -> Declared | None:
    """The one declaration of the type of *declared*, or of the module it is an instance of."""
    decl, file = declared.decl, declared.file
    if decl is None or file is None:
        return None
    if decl.kind is DeclKind.INSTANCE:
        found = units(meanings.snapshot, file, decl.definition)
        return found[0] if len(found) == 1 else None
    name = _written_type(decl)
    if not name:
        return None
    if len(name) == 1:
        places = meanings.plain(file, int(declared.full.start), name[0])
    else:
        places = meanings.in_package(file, name[0], name[1]) if len(name) == 2 else None
    if places is None or len(places) != 1:
        return None
    where, start = next(iter(places))
    for index, other in enumerate(meanings.snapshot.summary(where).decls):
        if other.name_span.start == start:
            return of_decl(meanings.snapshot, where, index)
    return None


def _written_type(decl: Decl) -> tuple[str, ...]:
    """The name of the type, `::` split, when that is all that is written before the dimensions; else ()."""
    found = _TYPE.fullmatch(decl.type_text) if decl.kind in _TYPED else None
    if found is None or found["type"] in KEYWORDS:
        return ()
    return (found["package"], found["type"]) if found["package"] else (found["type"],)


def _has_foreign_type(meanings: Meanings, declared: Declared) -> bool:
    """Its type, written without parameters, is a plain name that no known file declares: it has none of our fields."""
    decl, file = declared.decl, declared.file
    if decl is None or file is None:
        return False
    name = _written_type(decl)
    if len(name) != 1 or any(meanings.snapshot.index.outline(name[0])):
        return False
    return meanings.plain(file, int(declared.full.start), name[0]) == NOBODY
