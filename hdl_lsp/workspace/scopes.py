"""Which declarations of one file a plain name can mean at an offset, from its summary alone (IEEE 1800-2023 23.9).

Must not look at other files: lookup.py goes through imports and the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary, PackageImport

SCOPES = frozenset(
    {
        DeclKind.MODULE,
        DeclKind.INTERFACE,
        DeclKind.PROGRAM,
        DeclKind.PACKAGE,
        DeclKind.CHECKER,
        DeclKind.PRIMITIVE,
        DeclKind.CLASS,
        DeclKind.FUNCTION,
        DeclKind.TASK,
        DeclKind.GENERATE_BLOCK,
        DeclKind.BLOCK,
        DeclKind.COVERGROUP,
        DeclKind.PROPERTY,
        DeclKind.SEQUENCE,
    }
)
"""Declarations that hold names of their own. Structs and modports are reached through a dot only."""

FILE_SCOPE = -1
"""Scope number of the compilation unit; every other scope is an index of FileSummary.decls."""

_NOT_VISIBLE = -2


def scope_of(summary: FileSummary, index: int) -> int:
    """The scope in which declaration *index* can be named plainly; below FILE_SCOPE if only after a dot.

    Enum members belong to the scope around their typedef or variable (6.19.3: same scope as the enum).
    """
    decl = summary.decls[index]
    parent = decl.parent
    if decl.kind is DeclKind.STRUCT_MEMBER:
        return _NOT_VISIBLE
    while parent is not None:
        holder = summary.decls[parent]
        if holder.kind in SCOPES:
            return parent
        if decl.kind is not DeclKind.ENUM_MEMBER:
            return _NOT_VISIBLE
        parent = holder.parent
    return FILE_SCOPE


def scope_chain(summary: FileSummary, offset: int) -> tuple[int, ...]:
    """The scopes around *offset*, innermost first, FILE_SCOPE last."""
    around = [
        index
        for index, decl in enumerate(summary.decls)
        if decl.kind in SCOPES and decl.span.start <= offset <= decl.span.end
    ]
    # A parent has a smaller index than its children, so the order of the file is outermost first.
    return (*reversed(around), FILE_SCOPE)


def names_in(summary: FileSummary, scope: int) -> Iterator[int]:
    """Indexes of the declarations that can be named plainly in *scope* itself."""
    for index in range(max(0, scope), len(summary.decls)):
        if index != scope and scope_of(summary, index) == scope:
            yield index


def children(summary: FileSummary, parent: int) -> tuple[Decl, ...]:
    """The declarations directly inside *parent*, in order."""
    return tuple(decl for decl in summary.decls if decl.parent == parent)


def named_in(summary: FileSummary, scope: int, name: str) -> tuple[int, ...]:
    """The declarations called *name* in *scope* itself."""
    return tuple(
        index
        for index, decl in enumerate(summary.decls)
        if decl.name == name and scope_of(summary, index) == scope
    )


def find_local(summary: FileSummary, offset: int, name: str) -> tuple[int, ...]:
    """The declarations that *name* means at *offset* among those of this file; the innermost scope wins."""
    candidates = [
        (scope_of(summary, index), index)
        for index, decl in enumerate(summary.decls)
        if decl.name == name
    ]
    if not candidates:
        return ()
    for scope in scope_chain(summary, offset):
        found = tuple(index for where, index in candidates if where == scope)
        if found:
            return found
    return ()


def may_mean(summary: FileSummary, index: int, offset: int) -> bool:
    """The name of declaration *index*, written at *offset*, is not another declaration of this file."""
    visible = find_local(summary, offset, summary.decls[index].name)
    if not visible:
        return scope_of(summary, index) < FILE_SCOPE
    return any(scope_of(summary, other) == scope_of(summary, index) for other in visible)


def imports_at(summary: FileSummary, offset: int) -> tuple[PackageImport, ...]:
    """The imports in force at *offset*: innermost scope first, single names before wildcards (26.3)."""
    rank = {scope: depth for depth, scope in enumerate(scope_chain(summary, offset))}
    inside = [
        (rank[where], item.item == "*", item)
        for item in summary.imports
        if (where := FILE_SCOPE if item.parent is None else item.parent) in rank
    ]
    return tuple(item for _, _, item in sorted(inside, key=lambda entry: entry[:2]))


def container_name(summary: FileSummary, index: int) -> str:
    """Name of what holds declaration *index*; "" at file scope."""
    return container_among(summary.decls, index)


def container_among(decls: Sequence[Decl], index: int) -> str:
    """The same for the declarations of a summary that is not wholly decoded."""
    parent = decls[index].parent
    while parent is not None and not decls[parent].name:
        parent = decls[parent].parent
    return "" if parent is None else decls[parent].name
