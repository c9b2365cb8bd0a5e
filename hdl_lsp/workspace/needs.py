"""Which files a compilation of one file needs: what it instantiates, the packages and interfaces it names.

Must not read the disk, nor know how a request is made of the answer (closure.py).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hdl_lsp.semantics.summary import DeclKind, FileSummary
from hdl_lsp.workspace import inference
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.index import MacroRef, WorkspaceIndex
from hdl_lsp.workspace.paths import is_header, rank
from hdl_lsp.workspace.project_files.model import ProjectModel

MAX_CONTEXT_FILES = 400  # some 0.3 s of slang the first time; the trees stay cached

INSTANTIABLE = frozenset(
    {
        DeclKind.MODULE,
        DeclKind.INTERFACE,
        DeclKind.PROGRAM,
        DeclKind.PRIMITIVE,
        DeclKind.CHECKER,
        DeclKind.CONFIG,
    }
)
PACKAGES = frozenset({DeclKind.PACKAGE})
INTERFACES = frozenset({DeclKind.INTERFACE})
CLASSES = frozenset({DeclKind.CLASS})

_SCOPED = re.compile(r"\b([A-Za-z_]\w*)\s*::")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a compilation of some files needs besides them."""

    context: tuple[FileId, ...]
    """Files compiled along, in the order in which they were found to be needed."""

    included: Mapping[FileId, str]
    """Files that all these include, with the path by which each was first named."""


@dataclass(frozen=True, slots=True)
class _Mentions:
    """What one text names that can lead to other files; each name once, in order of appearance."""

    units: frozenset[str]  # declared, not named
    instances: tuple[str, ...]
    packages: tuple[str, ...]
    macros: tuple[str, ...]  # those with a scope in a body
    interfaces: frozenset[str]
    scopes: tuple[str, ...]  # packages and classes before `::`


@dataclass(slots=True)
class Looked:
    """What several calls of needs_of() with one index and one project have looked at: most meet the same headers."""

    macros: dict[str, tuple[MacroRef, ...]] = field(default_factory=dict[str, tuple[MacroRef, ...]])
    mentions: dict[FileId, _Mentions] = field(default_factory=dict[FileId, _Mentions])
    resolved: inference.Resolved = field(default_factory=inference.Resolved)


def needs_of(
    index: WorkspaceIndex,
    project: ProjectModel,
    files: tuple[FileId, ...],
    looked: Looked | None = None,
    *,
    is_whole_design: bool = False,
) -> Needs:
    """What *files* need: modules one level down, and packages and interfaces as far as they lead.

    Included files count as part of those that include them, and are never compiled by themselves. With
    *is_whole_design* modules are followed all the way down, however long that takes: see design_needs().
    """
    if is_whole_design:
        steps = design_needs(index, project, files)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value
    search = _search(index, project, files, is_whole_design=False)
    search.looked = looked or search.looked
    for file in files:
        search.follow(file, is_deep=True)
    while search.waiting:
        search.follow(search.waiting.popleft(), is_deep=False)
    return search.needs(files)


def design_needs(
    index: WorkspaceIndex, project: ProjectModel, files: tuple[FileId, ...]
) -> Generator[None, None, Needs]:
    """As needs_of(), with modules followed all the way down, without a bound.

    In steps of some milliseconds, one for each file: OpenTitan's top takes seconds.
    """
    search = _search(index, project, files, is_whole_design=True)
    search.waiting.extend(files)
    while search.waiting:
        search.follow(search.waiting.popleft(), is_deep=True)
        yield
    return search.needs(files)


def _search(
    index: WorkspaceIndex,
    project: ProjectModel,
    files: tuple[FileId, ...],
    *,
    is_whole_design: bool,
) -> _Search:
    search = _Search(index, project, is_whole_design=is_whole_design)
    for file in files:
        summary = index.summary_of(file)
        search.units.update(unit.name for unit in (summary.units() if summary else ()))
    return search


@dataclass
class _Search:
    """State of one needs_of()."""

    index: WorkspaceIndex
    project: ProjectModel
    is_whole_design: bool
    chosen: dict[FileId, None] = field(default_factory=dict[FileId, None])
    included: dict[FileId, str] = field(default_factory=dict[FileId, str])
    units: set[str] = field(default_factory=set[str])  # declared by a file that is compiled
    waiting: deque[FileId] = field(default_factory=deque[FileId])
    looked: Looked = field(default_factory=Looked)

    def __post_init__(self) -> None:
        self.sources = own_sources(self.project)
        self.packages = self.index.names_in("packages")
        self.interfaces = self.index.names_in("interfaces")

    def needs(self, files: tuple[FileId, ...]) -> Needs:
        """What was found, without *files* themselves."""
        apart = {*files, *self.included}
        return Needs(tuple(f for f in self.chosen if f not in apart), self.included)

    def follow(self, file: FileId, *, is_deep: bool) -> None:
        """Choose files for what *file* and its includes name; *is_deep*: for its instances too."""
        asking = self.index.table.path_of(file)
        includes = inference.all_includes(
            self.index, file, self.project.include_dirs, self.looked.resolved
        )
        self.included |= includes
        texts = [self._mentions(f) for f in (file, *includes)]
        for text in texts[1:]:
            self.units |= text.units
        if is_deep:
            for name in _ordered(n for text in texts for n in text.instances):
                self.choose(asking, name, INSTANTIABLE)
        for name in _ordered(n for text in texts for n in self._packages(asking, text, includes)):
            self.choose(asking, name, PACKAGES)
        for name in sorted(frozenset[str]().union(*(text.interfaces for text in texts))):
            self.choose(asking, name, INTERFACES)
        if is_deep:
            for name in _ordered(n for text in texts for n in text.scopes):
                if name not in self.packages:
                    self.choose(asking, name, CLASSES)

    def _mentions(self, file: FileId) -> _Mentions:
        """What the text of *file* names, looked at once: a header is part of many files."""
        known = self.looked.mentions.get(file)
        if known is None:
            summary = self.index.summary_of(file) or FileSummary()
            scopes = _ordered(use.name for use in summary.scoped_names)
            imported = (use.package for use in summary.imports)
            known = self.looked.mentions[file] = _Mentions(
                units=frozenset(unit.name for unit in summary.units()),
                instances=_ordered(use.definition for use in summary.instances),
                packages=_ordered((*imported, *(n for n in scopes if n in self.packages))),
                macros=tuple(
                    name
                    for name in _ordered(use.name for use in summary.macro_uses)
                    if self._scoped_macros(name)
                ),
                interfaces=self.interfaces & summary.identifiers,
                scopes=scopes,
            )
        return known

    def _packages(
        self, asking: str, text: _Mentions, includes: Mapping[FileId, str]
    ) -> Iterator[str]:
        """Packages that a text names: in imports, before `::`, and in the bodies of the macros it uses."""
        yield from text.packages
        for name in text.macros:
            refs = self._scoped_macros(name)
            home = next((ref.file for ref in refs if ref.file in includes), None)
            if home is None:
                home = inference.macro_choice(self.index, asking, name)
            for ref in refs:
                if ref.file == home:
                    yield from (n for n in _SCOPED.findall(ref.macro.body) if n in self.packages)

    def _scoped_macros(self, name: str) -> tuple[MacroRef, ...]:
        """All definitions of a macro when one of them names a scope, else none."""
        known = self.looked.macros.get(name)
        if known is None:
            refs = self.index.macros(name)
            known = refs if any("::" in ref.macro.body for ref in refs) else ()
            self.looked.macros[name] = known
        return known

    def choose(self, asking: str, name: str, kinds: frozenset[DeclKind]) -> None:
        """Take the file that declares *name*, unless a file that is taken does."""
        full = not self.is_whole_design and len(self.chosen) >= MAX_CONTEXT_FILES
        if name in self.units or full:
            return
        file = best_file(self.index, self.sources, asking, name, kinds, self.included)
        summary = None if file is None else self.index.summary_of(file)
        if file is None or summary is None:
            return
        self.chosen[file] = None
        self.waiting.append(file)
        self.units.add(name)
        self.units.update(unit.name for unit in summary.units())


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order of appearance."""
    return tuple(dict.fromkeys(names))


def own_sources(project: ProjectModel) -> frozenset[str]:
    """The files that a project file lists; empty when the project is inferred, because then all are."""
    if project.kind == "inferred":
        return frozenset()
    return frozenset((*project.sources, *project.libraries))


def best_file(
    index: WorkspaceIndex,
    sources: frozenset[str],
    asking: str,
    name: str,
    kinds: frozenset[DeclKind],
    included: Mapping[FileId, str],
) -> FileId | None:
    """The file that the file *asking* most likely means by the design unit *name*; None when nobody declares it.

    See paths.rank(). Headers come last, because they are there to be included. Files in *included* are never
    taken: their text is compiled already. A class counts only in a file that is compiled by itself.
    """
    refs = index.outline(name) if kinds is CLASSES else index.units(name)
    found = dict.fromkeys(
        ref.file
        for ref in refs
        if ref.decl.kind in kinds and ref.decl.parent is None and ref.file not in included
    )
    if kinds is CLASSES:
        found = {file: None for file in found if not inference.is_fragment(index, file)}
    path_of = index.table.path_of
    return min(
        found,
        key=lambda f: (is_header(path_of(f)), rank(asking, path_of(f), sources)),
        default=None,
    )
