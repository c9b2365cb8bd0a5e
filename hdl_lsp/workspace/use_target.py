"""The declaration whose uses are wanted, and the files that can hold any.

Must not look at texts: postings and summaries tell which files come into question.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind, MacroDef
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.inference import home_of
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.macro_arguments import MacroArgument, macro_argument
from hdl_lsp.workspace.meanings import Meanings, Place
from hdl_lsp.workspace.snapshot import Snapshot

_UNITS = frozenset(kind.value for kind in DESIGN_UNITS)
_INSTANTIABLE = frozenset({DeclKind.MODULE, DeclKind.INTERFACE, DeclKind.PROGRAM})
_CONNECTED = frozenset({DeclKind.PORT.value, DeclKind.PARAMETER.value})
MACRO_ARGUMENT = "argument of a macro"
_ROUTINES = frozenset({DeclKind.FUNCTION, DeclKind.TASK})


@dataclass(frozen=True, slots=True)
class Target:
    """A declaration, or the several that are one: a port and its net, a name in both branches of an `ifdef."""

    name: str
    kind: str  # DeclKind value
    best: Declared
    places: frozenset[Place]
    unit: str = ""  # the module, interface or program that holds it privately
    unit_kind: str = ""
    package: str = ""  # the package it is an item of
    holders: frozenset[str] = (
        frozenset()
    )  # names that can stand before a dot and the name, "" if any can
    routine: str = ""  # the function or task whose argument or local it is
    is_class_member: bool = False
    is_known: bool = (
        True  # False: only slang has seen the declaration: a macro wrote it, or an `ifdef
    )
    is_local: bool = (
        False  # in a module or a routine: seen as a plain name only in the text around it
    )
    formal: MacroDef | None = None  # the macro whose argument it is

    @property
    def is_macro(self) -> bool:
        """Known by its name after a backtick."""
        return self.kind == DeclKind.MACRO.value

    @property
    def is_unit(self) -> bool:
        """A design unit at file scope: known everywhere by its name."""
        return self.kind in _UNITS

    @property
    def files(self) -> frozenset[FileId]:
        """The files that declare it."""
        return frozenset(file for file, _ in self.places)

    @property
    def is_field(self) -> bool:
        """A member of a struct or union: only named after a dot or as a key."""
        return self.kind == DeclKind.STRUCT_MEMBER.value

    @property
    def is_connected(self) -> bool:
        """A port or parameter of a module, which instances connect by name."""
        return bool(self.unit) and self.kind in _CONNECTED and not self.routine


def target_at(
    snapshot: Snapshot, meanings: Meanings, file: FileId, offset: int
) -> tuple[Target, Span] | None:
    """The Target that is named at *offset*, and the name there; None between names and on unknown ones."""
    argument = macro_argument(snapshot, file, offset)
    if argument is not None:
        return _formal(file, argument), argument.span
    found = look_up(snapshot, file, offset)
    if found is not None:
        target = target_of(snapshot, meanings, found.best)
        return None if target is None else (target, found.span)
    for index, decl in enumerate(snapshot.summary(file).decls):
        if decl.name_span.contains(offset) and decl.name_span.length:
            target = target_of(snapshot, meanings, of_decl(snapshot, file, index))
            return None if target is None else (target, decl.name_span)
    return None


def target_of(snapshot: Snapshot, meanings: Meanings, best: Declared) -> Target | None:
    """The Target behind a declaration; None when it stands in no file."""
    if best.file is None:
        return None
    place = (best.file, int(best.focus.start))
    if best.macro is not None:
        places = frozenset(
            (ref.file, int(ref.macro.name_span.start)) for ref in snapshot.index.macros(best.name)
        )
        return Target(best.name, DeclKind.MACRO.value, best, places)
    if best.index is None:
        return _unlisted(snapshot, best, place)
    decls = snapshot.summary(best.file).decls
    decl = decls[best.index]
    unit = package = routine = unit_kind = ""
    holders: set[str] = set()
    is_class_member = is_in_class = False
    parent = decl.parent
    is_direct = True  # still in the scope that a package or class opens
    while parent is not None:
        holder = decls[parent]
        if holder.kind in _INSTANTIABLE:
            unit, unit_kind = holder.name, holder.kind.value
            break
        if holder.kind is DeclKind.PACKAGE:
            package = holder.name if is_direct else ""
            break
        if holder.kind is DeclKind.CLASS:
            is_class_member = is_class_member or is_direct
            is_in_class = True
            is_direct = False
        elif holder.kind in _ROUTINES:
            routine = routine or holder.name
            is_direct = False
        elif holder.kind in {DeclKind.TYPEDEF, DeclKind.VARIABLE, DeclKind.NET}:
            pass  # enum members belong to the scope around
        else:
            is_direct = False
        holders.add(holder.name)
        parent = holder.parent
    if unit:
        holders.add(unit)
        holders |= {ref.instance.name for ref in snapshot.index.instances_of(unit)}
    if unit_kind == DeclKind.INTERFACE.value or is_class_member or (routine and is_in_class):
        holders.add("")
    return Target(
        best.name,
        decl.kind.value,
        best,
        meanings.siblings(best.file, best.index),
        unit,
        unit_kind,
        package,
        frozenset(holders),
        routine,
        is_class_member,
        is_local=bool(unit) or (bool(routine) and not is_in_class),
    )


def _formal(file: FileId, argument: MacroArgument) -> Target:
    best = Declared(
        argument.name,
        MACRO_ARGUMENT,
        file,
        argument.declared,
        argument.declared,
        argument.macro.name,
    )
    places = frozenset({(file, int(argument.declared.start))})
    return Target(argument.name, MACRO_ARGUMENT, best, places, formal=argument.macro)


def _unlisted(snapshot: Snapshot, best: Declared, place: Place) -> Target:
    """A declaration that only slang has seen; when it is the port of a module, instances connect it all the same."""
    target = Target(
        best.name, best.kind, best, frozenset({place}), holders=frozenset({""}), is_known=False
    )
    if best.kind not in _CONNECTED:
        return target
    around = [
        decl
        for decl in snapshot.summary(place[0]).units()
        if decl.kind in _INSTANTIABLE and decl.span.covers(best.focus)
    ]
    if len(around) != 1 or best.container != around[0].name:
        return target
    return replace(target, unit=around[0].name, unit_kind=around[0].kind.value, is_local=True)


def can_be_plain(snapshot: Snapshot, target: Target, file: FileId) -> bool:
    """A plain name in *file* can mean the target: local names are seen in their file and its included ones only."""
    homes = target.files
    if not target.is_local or not homes or file in homes:
        return True
    return any(
        _is_pasted(snapshot, file, home) or file in home_of(snapshot.index, home) for home in homes
    )


def _is_pasted(snapshot: Snapshot, file: FileId, home: FileId) -> bool:
    """*file* may be included in the text that *home* is or is a part of."""
    index = snapshot.index
    key = ("use_target.pasted", home, *index.version("includes", "basenames"))
    names = snapshot.memo.remember(key, lambda: _pasted(snapshot, home))
    return os.path.basename(snapshot.path(file)) in names


def _pasted(snapshot: Snapshot, home: FileId) -> frozenset[str]:
    """The names, without folders, of all that *home* and the files around it include, and what those include."""
    index = snapshot.index
    waiting = [home]
    seen = {home}
    for file in waiting:  # it grows
        around = set(index.includers(os.path.basename(snapshot.path(file)))) - seen
        seen |= around
        waiting += sorted(around)
    names: set[str] = set()
    for file in waiting:
        for use in snapshot.summary(file).includes:
            name = os.path.basename(use.path)
            if name not in names:
                names.add(name)
                waiting += sorted(set(index.files_named(name)) - seen)
                seen |= set(index.files_named(name))
    return frozenset(names)


def candidate_files(snapshot: Snapshot, target: Target) -> tuple[FileId, ...]:
    """The files in which the target can be named, its own first, then by path."""
    index, name = snapshot.index, target.name
    home = target.best.file
    naming = index.files_naming(name) | index.files_naming("\\" + name)
    if target.is_macro:
        naming = frozenset(index.macro_users(name)) | {ref.file for ref in index.macros(name)}
    elif target.unit and not target.is_field:
        reach = _reach(snapshot, target)
        naming = naming if reach is None else naming & reach
    elif target.is_local and target.routine:
        named = index.files_naming(target.routine)
        naming = frozenset(f for f in naming if f in named or can_be_plain(snapshot, target, f))
    elif target.package and not target.is_field:
        around = index.files_naming(target.package)
        naming = frozenset(
            f for f in naming if f in around or _is_included(snapshot, f)
        ) | _exporting(snapshot, target, naming)
    if target.formal is not None:
        naming = frozenset[FileId]()
    found = set(naming) | target.files
    return tuple(sorted(found, key=lambda f: (f != home, snapshot.path(f))))


def _reach(snapshot: Snapshot, target: Target) -> frozenset[FileId] | None:
    """Files that can say something of a module's own names: they name it, an instance of it, or are part of it.

    None for an interface, which any file can: a port `interface bus` names none.
    """
    index = snapshot.index
    if target.unit_kind == DeclKind.INTERFACE.value:
        return None
    reach: set[FileId] = set(index.files_naming(target.unit))
    for holder in target.holders - {target.unit, ""}:
        reach |= index.files_naming(holder)
    naming = index.files_naming(target.name)
    for home in target.files:
        reach |= {home, *home_of(index, home)}
        reach |= {file for file in naming if _is_pasted(snapshot, file, home)}
    return frozenset(reach)


def _is_included(snapshot: Snapshot, file: FileId) -> bool:
    """Some file includes one of this name."""
    return bool(snapshot.index.includers(os.path.basename(snapshot.path(file))))


def _exporting(snapshot: Snapshot, target: Target, naming: frozenset[FileId]) -> frozenset[FileId]:
    """Files that name a package which may pass the target's package on (26.6)."""
    index = snapshot.index
    around: set[FileId] = set()
    for file in index.files_naming("export") & index.files_naming(target.package):
        for unit in snapshot.summary(file).units():
            if unit.kind is DeclKind.PACKAGE and unit.name != target.package:
                around |= index.files_naming(unit.name)
    return naming & frozenset(around)
