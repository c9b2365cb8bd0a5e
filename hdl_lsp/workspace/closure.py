"""What an analysis process is asked: a file with the files it needs, the options, a whole design.

Must not read the disk: an open file travels as text, any other by its path.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace

from hdl_lsp.semantics.request import (
    CompileOptions,
    DesignRequest,
    DiagnosticsRequest,
    FactsRequest,
    Input,
)
from hdl_lsp.semantics.summarise import BIG_FILE_BYTES, summarise
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import inference
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.needs import (
    INSTANTIABLE,
    Looked,
    Needs,
    best_file,
    design_needs,
    needs_of,
    own_sources,
)
from hdl_lsp.workspace.paths import folders_apart, is_header
from hdl_lsp.workspace.project_files.model import ProjectModel, is_below
from hdl_lsp.workspace.snapshot import Snapshot

LISTED_STEP = 16  # files looked at in one step of making a design's list
MAX_INFERRED_TOPS = 3  # more tops than that are a library, whose elaboration reports artefacts


def context_files(
    index: WorkspaceIndex, project: ProjectModel, table: FileTable, file: FileId
) -> tuple[FileId, ...]:
    """The files that are compiled along with *file*; included ones are not among them.

    What it instantiates one level down, and packages and interfaces as far as they lead: needs_of().
    """
    del table  # the index has the same one
    return needs_of(index, project, (file,)).context


def facts_request(
    snapshot: Snapshot,
    file: FileId,
    text: SourceText | None = None,
    *,
    looked: dict[str, Looked] | None = None,
) -> FactsRequest:
    """What to ask for everything about *file*, its text being *text* if that is given.

    *looked*: for many files of one snapshot, {} the first time.
    """
    asked = _shallow(snapshot, file, text, looked)
    return FactsRequest(asked.main, asked.context, asked.options, asked.overlays, asked.includers)


def diagnostics_request(
    snapshot: Snapshot, file: FileId, text: SourceText | None = None
) -> DiagnosticsRequest:
    """The same for the diagnostics alone."""
    asked = _shallow(snapshot, file, text)
    return DiagnosticsRequest(
        asked.main, asked.context, asked.options, asked.overlays, asked.includers
    )


@dataclass(frozen=True, slots=True)
class _Shallow:
    """What both requests for one file hold."""

    main: Input
    context: tuple[Input, ...]
    options: CompileOptions
    overlays: tuple[Input, ...]
    includers: tuple[Input, ...]


def _shallow(
    snapshot: Snapshot,
    file: FileId,
    text: SourceText | None,
    looked: dict[str, Looked] | None = None,
) -> _Shallow:
    present = text or snapshot.text(file)
    index = _index_with(snapshot, file, present)
    around = inference.home_of(index, file)
    whole = around[-1] if around else file
    project = snapshot.project.of(snapshot.path(whole))
    shared = None
    if looked is not None and index is snapshot.index:
        shared = looked.setdefault(_root(project), Looked())
    found = needs_of(index, project, (whole,), shared)
    options = _options(snapshot, index, project, whole, found)
    summary = index.summary_of(file)
    if around and summary is not None and summary.includes:
        # Inside another file the fragment's own folder is not searched by itself.
        own = os.path.dirname(snapshot.path(file))
        folders = tuple(dict.fromkeys((*options.include_dirs, own)))
        options = replace(options, include_dirs=folders)
    # Open headers and macro files go along as text, so that unsaved changes in them count.
    macro_files = (snapshot.table.find(path) for path in options.macro_files)
    texts = {*found.included, *(f for f in macro_files if f is not None)} - {file, *around}
    path = snapshot.path(file)
    is_listed = project.is_configured and path in project.sources and not is_header(path)
    main = Input(path, is_listed=is_listed)
    if present is not None:
        main = Input(path, present.digest, present.text, is_listed)
    return _Shallow(
        main,
        tuple(_input(snapshot, f) for f in found.context if f != file),
        options,
        tuple(_input(snapshot, f) for f in sorted(texts) if f in snapshot.open_files),
        tuple(_input(snapshot, f) for f in around),
    )


def _index_with(snapshot: Snapshot, file: FileId, text: SourceText | None) -> WorkspaceIndex:
    """The index as it is with *text*: a candidate may instantiate what the present text does not.

    A big text is not summarised here (invariant 8): what the index knows of the file, some keys old, is enough.
    """
    is_known = text is None or snapshot.index.digest_of(file) == text.digest
    if text is None or is_known or text.size_bytes > BIG_FILE_BYTES:
        return snapshot.index
    summary = summarise(text, snapshot.path(file))
    return snapshot.index.with_files({file: (text.digest, summary)})


def _input(snapshot: Snapshot, file: FileId) -> Input:
    text = snapshot.text(file) if file in snapshot.open_files else None
    if text is None:
        return Input(snapshot.path(file))
    return Input(snapshot.path(file), text.digest, text.text)


# -- options


def compile_options(snapshot: Snapshot, file: FileId | None = None) -> CompileOptions:
    """Options of slang for *file*, or for files in general.

    Include folders and macro files are the project's or, when nobody lists them, inferred for the whole
    workspace: equal options keep slang's caches good. Only where *file* means another header or macro than
    the workspace in general does its own choice come in front.
    """
    if file is None:
        return _options(snapshot, snapshot.index, snapshot.project, None, None)
    project = snapshot.project.of(snapshot.path(file))
    found = needs_of(snapshot.index, project, (file,))
    return _options(snapshot, snapshot.index, project, file, found)


def _options(
    snapshot: Snapshot,
    index: WorkspaceIndex,
    project: ProjectModel,
    file: FileId | None,
    found: Needs | None,
) -> CompileOptions:
    memo = snapshot.memo
    folders = project.include_dirs
    if not (project.is_configured and folders):
        inferred = (*folders, *_own_first(project, inference.include_dirs(index, memo)))
        folders = tuple(dict.fromkeys((*_own_folders(index, inferred, found), *inferred)))
    macro_files = inference.macro_files(index, memo, _root(project))
    if len(snapshot.project.folders) > 1:
        # Of two folders that define one macro each has its own; a stranger's is a last resort of guessing.
        macro_files = _own_first(project, macro_files, are_others_kept=not project.is_configured)
    if file is not None and found is not None:
        own = _own_macro_files(index, macro_files, file, found)
        macro_files = tuple(dict.fromkeys((*own, *macro_files)))
    defines = project.defines
    if file is not None and found is not None and not project.is_configured:
        defines = (*defines, *((name, "") for name in _own_flags(index, file, found)))
    return CompileOptions(
        include_dirs=folders,
        defines=defines,
        macro_files=macro_files,
        tops=project.tops,
        is_configured=project.is_configured,
        warnings=snapshot.config.diagnostics.warnings,
    )


def _root(project: ProjectModel) -> str:
    return project.roots[0] if project.roots else os.sep


def _own_first(
    project: ProjectModel, paths: tuple[str, ...], *, are_others_kept: bool = True
) -> tuple[str, ...]:
    """*paths* of the project's own folders, then the others."""

    def is_own(path: str) -> bool:
        return any(path == root or is_below(path, root) for root in project.roots)

    own = [path for path in paths if is_own(path)]
    return (*own, *(path for path in paths if are_others_kept and not is_own(path)))


def _own_folders(
    index: WorkspaceIndex, folders: tuple[str, ...], found: Needs | None
) -> Iterator[str]:
    """Folders that must come first so that the headers of *found* are those that the closure chose."""
    for header, path in found.included.items() if found else ():
        if len(index.files_named(os.path.basename(path))) < 2:
            continue
        wanted = inference.folder_for(index.table.path_of(header), path)
        first = next((f for f in folders if _is_known(index, os.path.join(f, path))), None)
        # Without any folder that has it, the header was found beside the file that includes it.
        if wanted is not None and first is not None and first != wanted:
            yield wanted


def _is_known(index: WorkspaceIndex, path: str) -> bool:
    file = index.table.find(path)
    return file is not None and index.digest_of(file) is not None


def _own_macro_files(
    index: WorkspaceIndex, macro_files: tuple[str, ...], file: FileId, found: Needs
) -> Iterator[str]:
    """Files that must come first so that ambiguous macros of *file* are the nearest ones."""
    summary = index.summary_of(file)
    asking = index.table.path_of(file)
    place = {path: number for number, path in enumerate(macro_files)}
    for name in sorted({use.name for use in summary.macro_uses} if summary else ()):
        refs = index.macros(name)
        if len({ref.macro.body for ref in refs}) < 2:
            continue
        if any(ref.file == file or ref.file in found.included for ref in refs):
            continue  # the file's own includes define it
        listed = [path for ref in refs if (path := index.table.path_of(ref.file)) in place]
        home = inference.macro_choice(index, asking, name)
        path = None if home is None else index.table.path_of(home)
        if path in place and path != min(listed, key=place.__getitem__):
            yield path


def _own_flags(index: WorkspaceIndex, file: FileId, found: Needs) -> Iterator[str]:
    """Bodyless macros that *file* defines and the files it needs test, as if it came first in a compilation.

    Without a project file nobody says what is defined for those; a file that defines a flag itself counts on it.
    """
    summary = index.summary_of(file)
    needed = frozenset(found.context)
    for macro in summary.macros if summary else ():
        if macro.arguments is None and not macro.body.strip():
            users = index.macro_users(macro.name)
            if not needed.isdisjoint(users):
                yield macro.name


# -- whole designs


@dataclass(frozen=True, slots=True)
class DesignList:
    """The files of one whole design, and its tops; () when nothing can be elaborated."""

    project: ProjectModel
    files: tuple[FileId, ...]
    tops: tuple[str, ...]


def design_request(snapshot: Snapshot, project: ProjectModel | None = None) -> DesignRequest:
    """What to ask for one whole design at once, however long that takes; *project*: of one workspace folder."""
    steps = design_list(snapshot, project or snapshot.project)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return request_of(snapshot, end.value)


def design_list(snapshot: Snapshot, project: ProjectModel) -> Generator[None, None, DesignList]:
    """The files of one whole design, found in steps of some milliseconds.

    With tops (the project's, or up to MAX_INFERRED_TOPS that nobody instantiates): those and all they need.
    Without: every file that counts, to be checked without elaboration.
    """
    index = snapshot.index
    tops = project.tops or _inferred_tops(snapshot, project)
    asking = os.path.join(_root(project), "any")
    starts = tuple(
        dict.fromkeys(
            file
            for name in tops
            if (file := best_file(index, own_sources(project), asking, name, INSTANTIABLE, {}))
            is not None
        )
    )
    yield
    if project.kind == "inferred" and starts:
        found = yield from design_needs(index, project, starts)
        files: Iterable[FileId] = (*starts, *found.context)
    else:
        paths = [*project.sources, *project.libraries]
        if project.kind == "inferred":
            kept: list[str] = []
            for start in range(0, len(paths), LISTED_STEP):
                kept += inference.compile_order(index, tuple(paths[start : start + LISTED_STEP]))
                yield
            paths = kept
        files = (snapshot.table.id_of(path) for path in paths)
    return DesignList(project, tuple(dict.fromkeys(files)), tops if starts else ())


def request_of(snapshot: Snapshot, listed: DesignList) -> DesignRequest:
    """What to ask for a design whose files are known; open buffers go along as text."""
    options = _options(snapshot, snapshot.index, listed.project, None, None)
    open_texts = {
        snapshot.path(file): text.text
        for file in sorted(snapshot.open_files)
        if (text := snapshot.text(file)) is not None
    }
    return DesignRequest(
        tuple(_input(snapshot, file) for file in listed.files),
        replace(options, tops=listed.tops),
        open_texts,
    )


def design_shape(snapshot: Snapshot) -> tuple[object, ...]:
    """What in the open files decides which files belong to a design: equal shapes, equal lists."""
    interfaces = snapshot.index.names_in("interfaces")
    shapes: list[object] = []
    for file in sorted(snapshot.open_files):
        summary = snapshot.summary(file)
        shapes.append(
            (
                file,
                frozenset(one.definition for one in summary.instances),
                frozenset(one.package for one in summary.imports),
                frozenset(one.name for one in summary.scoped_names),
                frozenset(one.name for one in summary.macro_uses),
                tuple(one.path for one in summary.includes),
                tuple(one.name for one in summary.units()),
                tuple(one.body for one in summary.macros if "::" in one.body),
                interfaces & summary.identifiers,
            )
        )
    return tuple(shapes)


def _inferred_tops(snapshot: Snapshot, project: ProjectModel) -> tuple[str, ...]:
    """Tops among the design's own modules; () when there are too many to be tops of one design."""
    index, root = snapshot.index, _root(project)
    asking = os.path.join(root, "any")
    sources = own_sources(project)
    if snapshot.project.folders and not sources:
        sources = frozenset(project.sources)
    found = [
        name
        for name in inference.tops(index, root)
        if any(
            not folders_apart(asking, path) and (not sources or path in sources)
            for ref in index.units(name)
            for path in (index.table.path_of(ref.file),)
        )
    ]
    return tuple(found) if len(found) <= MAX_INFERRED_TOPS else ()
