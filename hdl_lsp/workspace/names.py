"""What a plain or scoped name means at an offset, through this file's scopes, imports and the index.

Must not need facts: this is what answers while slang's are missing or of an older text (IEEE 1800-2023 23.9, 26.3).
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.semantics.summary import DeclKind, PackageImport
from hdl_lsp.workspace.declared import Declared, best_first, of_decl, of_macro
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.scopes import FILE_SCOPE, find_local, imports_at, named_in, names_in
from hdl_lsp.workspace.snapshot import Snapshot


def resolve(snapshot: Snapshot, file: FileId, offset: int, name: str) -> tuple[Declared, ...]:
    """What *name* can mean at *offset* of *file*, best first; several if equals exist, () if nobody knows it.

    In order: this file's scopes, imports, design units, and file-scope declarations elsewhere (headers that are
    included into a scope we can't see from here).
    """
    local = find_local(snapshot.summary(file), offset, name)
    if local:
        return tuple(of_decl(snapshot, file, index) for index in local)
    for imported in imports_at(snapshot.summary(file), offset):
        if imported.item in {"*", name}:
            found = in_package(snapshot, file, imported.package, name)
            if found:
                return found
    found = units(snapshot, file, name)
    if found:
        return found
    return best_first(
        snapshot,
        file,
        (
            of_decl(snapshot, ref.file, ref.index)
            for ref in snapshot.index.outline(name)
            if ref.decl.parent is None and ref.file != file
        ),
    )


def units(snapshot: Snapshot, file: FileId, name: str) -> tuple[Declared, ...]:
    """The design units called *name*, best first as seen from *file*."""
    return best_first(
        snapshot,
        file,
        (of_decl(snapshot, ref.file, ref.index) for ref in snapshot.index.units(name)),
    )


def packages(snapshot: Snapshot, file: FileId, name: str) -> tuple[Declared, ...]:
    """The packages called *name*, best first as seen from *file*."""
    found = units(snapshot, file, name)
    return tuple(unit for unit in found if unit.kind == DeclKind.PACKAGE.value)


def in_package(snapshot: Snapshot, file: FileId, package: str, name: str) -> tuple[Declared, ...]:
    """The declarations of *name* in the best package called *package*, its included files too."""
    for unit in packages(snapshot, file, package):
        found = tuple(member for member in scope_members(snapshot, unit, name))
        if found:
            return found
    return ()


def scope_members(
    snapshot: Snapshot, holder: Declared, name: str | None = None
) -> Iterator[Declared]:
    """The declarations in the scope *holder*, all or those called *name*; files it includes count as written there."""
    if holder.file is None or holder.index is None:
        return
    summary = snapshot.summary(holder.file)
    indexes = (
        names_in(summary, holder.index)
        if name is None
        else iter(named_in(summary, holder.index, name))
    )
    for index in indexes:
        yield of_decl(snapshot, holder.file, index)
    for use in summary.includes:
        if not holder.full.covers(use.span):
            continue
        for included in find_include(snapshot, holder.file, use.path)[:1]:
            inner = snapshot.summary(included)
            for index, decl in enumerate(inner.decls):
                if decl.parent is None and name in {None, decl.name}:
                    yield of_decl(snapshot, included, index)


def resolve_scoped(
    snapshot: Snapshot, file: FileId, offset: int, base: tuple[str, ...], name: str
) -> tuple[Declared, ...]:
    """What `base::name` means; *base* is outermost first, e.g. ("uvm_pkg", "uvm_config_db")."""
    if not base:
        return resolve(snapshot, file, offset, name)
    if base == ("$unit",):
        return tuple(
            of_decl(snapshot, file, i) for i in named_in(snapshot.summary(file), FILE_SCOPE, name)
        )
    if base[-1] == "local":
        return resolve(snapshot, file, offset, name)
    for holder in scope_named(snapshot, file, offset, base):
        found = tuple(scope_members(snapshot, holder, name))
        if found:
            return found
    return ()


def scope_named(
    snapshot: Snapshot, file: FileId, offset: int, base: tuple[str, ...]
) -> tuple[Declared, ...]:
    """The packages or classes that `base::` means, best first."""
    if not base:  # `::` after nothing
        return ()
    found = packages(snapshot, file, base[0]) or resolve(snapshot, file, offset, base[0])
    for name in base[1:]:
        found = tuple(inner for holder in found for inner in scope_members(snapshot, holder, name))
    return found


def visible_imports(
    snapshot: Snapshot, file: FileId, offset: int
) -> Iterator[tuple[PackageImport, Declared]]:
    """Every name that an import brings into scope at *offset*, with the import."""
    for imported in imports_at(snapshot.summary(file), offset):
        for unit in packages(snapshot, file, imported.package)[:1]:
            name = None if imported.item == "*" else imported.item
            for member in scope_members(snapshot, unit, name):
                yield imported, member


def macros(snapshot: Snapshot, file: FileId, offset: int, name: str) -> tuple[Declared, ...]:
    """The definitions of macro *name*, best first: the last one above *offset* in this file, then others."""
    found = [of_macro(ref.file, ref.macro) for ref in snapshot.index.macros(name)]
    ordered = best_first(snapshot, file, found)
    above = [d for d in ordered if d.file == file and d.focus.start <= offset]
    if not above:
        return ordered
    last = above[-1]
    return (last, *(d for d in ordered if d is not last))
