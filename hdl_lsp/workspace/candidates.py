"""What a project file for this workspace could say: include folders, macros, tops, folders to leave out.

Must not judge them: only a compilation shows what a choice is worth (server/proposing.py has it made).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.decode import decode
from hdl_lsp.workspace import inference
from hdl_lsp.workspace.filelist import Disk
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.needs import INSTANTIABLE, best_file, design_needs
from hdl_lsp.workspace.paths import folders_apart, folders_up_to
from hdl_lsp.workspace.project_files.model import ProjectModel, is_below
from hdl_lsp.workspace.snapshot import Snapshot

MAX_MACROS = 24
MAX_SCRIPTS = 400
MAX_SCRIPT_BYTES = 500_000
LEAST_ERRORS = 5  # a folder with fewer is not worth a line
SPARE_SHARE = 0.25  # of the files of a folder have errors before leaving it out is worth a thought

_BENCH = re.compile(r"(?:^|_)(?:tb|testbench|test|bench)(?:_|\d*$)", re.IGNORECASE)

_SCRIPT_ENDINGS = (".f", ".flist", ".mk", ".tcl", ".sh", ".do", ".py", ".yml", ".yaml", ".core")
_SCRIPT_STARTS = ("makefile", "flist")
_DEFINE = re.compile(
    r"""(?<![\w-]) (?: -D\s? | \+define\+ | --define-macro[ =] | -define[ ] ) ([A-Za-z_]\w*)
        (?: = ( (?: [^\s"'+\\,;)\]] | (?<=\d) ' )+ ) )?""",
    re.VERBOSE,
)


def compiled_files(snapshot: Snapshot, root: str) -> tuple[str, ...]:
    """The files of the folder that are compiled by themselves: no headers, no fragments."""
    paths = (snapshot.path(file) for file in snapshot.index.files())
    return inference.compile_order(
        snapshot.index, tuple(sorted(p for p in paths if is_below(p, root)))
    )


def include_folders(snapshot: Snapshot, root: str) -> tuple[str, ...]:
    """Folders that hold headers which somebody includes and does not find beside himself; most wanted first."""
    found = inference.include_dirs(snapshot.index, snapshot.memo)
    return tuple(folder for folder in found if folder == root or is_below(folder, root))


def is_script(name: str) -> bool:
    """A file called *name* may hold the command line of a tool."""
    lower = name.lower()
    return lower.endswith(_SCRIPT_ENDINGS) or lower.startswith(_SCRIPT_STARTS)


def macros(
    snapshot: Snapshot, disk: Disk, scripts: Iterable[str]
) -> Generator[None, None, tuple[tuple[str, str], ...]]:
    """Macros that the sources use and none of them defines, with values from the scripts; those named there first.

    One that no script names has no value here; then it is left out if the sources expand it, because nothing in
    its place only hides what is missing. In steps of some milliseconds.
    """
    index = snapshot.index
    wanted = index.names_in("macro_uses") - index.names_in("macros")
    said = _said(disk, scripts)

    def order(name: str) -> tuple[int, str]:
        return -len(index.macro_users(name)), name

    found: list[tuple[str, str]] = []
    for name in (
        *sorted(wanted & said.keys(), key=order),
        *sorted(wanted - said.keys(), key=order),
    ):
        yield
        value = said.get(name, "")
        if value or not _is_expanded(snapshot, name):
            found.append((name, value))
        if len(found) >= MAX_MACROS:
            break
    return tuple(found)


def _is_expanded(snapshot: Snapshot, macro: str) -> bool:
    """Somebody uses *macro* for its text; else it is only tested for."""
    use = re.compile(rf"`{re.escape(macro)}\b".encode())
    texts = (snapshot.text(file) for file in snapshot.index.macro_users(macro))
    return any(text is not None and use.search(text.data) for text in texts)


def _said(disk: Disk, scripts: Iterable[str]) -> Mapping[str, str]:
    """Macros on the command lines of *scripts*, each with the value it has most often."""
    values: dict[str, Counter[str]] = {}
    for path in list(scripts)[:MAX_SCRIPTS]:
        data = disk.read(path)
        if data is None or len(data) > MAX_SCRIPT_BYTES:
            continue
        for name, value in _DEFINE.findall(decode(data).text):
            plain = "" if "$" in value or "{" in value or "%" in value else value
            values.setdefault(name, Counter())[plain] += 1
    return {name: count.most_common(1)[0][0] for name, count in values.items()}


def ranked_tops(snapshot: Snapshot, root: str) -> Generator[None, None, tuple[str, ...]]:
    """Modules of the folder that nobody instantiates; those with the most modules below them first, test benches last.

    In steps of some milliseconds.
    """
    index, asking = snapshot.index, os.path.join(root, "any")

    def is_bench(name: str) -> bool:
        homes = [snapshot.path(ref.file) for ref in index.units(name)]
        return bool(_BENCH.search(name)) or all(folders_apart(asking, path) for path in homes)

    names = dict.fromkeys(inference.tops(index, root))
    children: dict[str, frozenset[str]] = {}
    benches = {name for name in names if is_bench(name)}
    # What only a bench beside the design instantiates is a top of the design.
    for bench in sorted(benches):
        yield
        for name in sorted(_children(index, bench, children)):
            users = {unit for user in index.instantiators(name) for unit in _modules(index, user)}
            if index.units(name) and users <= {*benches, name}:
                names[name] = None
    sizes: dict[str, int] = {}
    for name in names:
        seen, waiting = {name}, [name]
        while waiting:
            yield
            fresh = _children(index, waiting.pop(), children) - seen
            seen |= fresh
            waiting += fresh
        sizes[name] = len(seen)
    inside = [
        n for n in names if any(is_below(snapshot.path(r.file), root) for r in index.units(n))
    ]
    return tuple(sorted(inside, key=lambda name: (is_bench(name), -sizes[name], name)))


def _modules(index: WorkspaceIndex, file: FileId) -> tuple[str, ...]:
    """Names of the modules that *file* declares."""
    summary = index.summary_of(file)
    return tuple(d.name for d in (summary.units() if summary else ()) if d.kind is DeclKind.MODULE)


def _children(
    index: WorkspaceIndex, module: str, known: dict[str, frozenset[str]]
) -> frozenset[str]:
    """Names of the modules that *module* instantiates itself, added to *known*."""
    if module in known:
        return known[module]
    found: set[str] = set()
    for ref in index.units(module):
        summary = index.summary_of(ref.file)
        for use in summary.instances if summary else ():
            decls = summary.decls if summary else ()
            inside: int | None = use.decl
            while inside is not None and inside != ref.index:
                inside = decls[inside].parent
            if inside is not None:
                found.add(use.definition)
    known[module] = frozenset(found)
    return known[module]


def design_files(snapshot: Snapshot, root: str, top: str) -> Generator[None, None, tuple[str, ...]]:
    """The files that are compiled for the module *top*, in steps of some milliseconds."""
    asking = os.path.join(root, "any")
    file = best_file(snapshot.index, frozenset(), asking, top, INSTANTIABLE, {})
    if file is None:
        return ()
    found = yield from design_needs(snapshot.index, ProjectModel(), (file,))
    return tuple(snapshot.path(one) for one in (file, *found.context))


def spare_folders(
    files: Iterable[str],
    root: str,
    errors: Mapping[str, int],
    kept: Iterable[str],
    is_needed: Callable[[str], bool],
) -> tuple[str, ...]:
    """Folders where much is wrong and that the design does not need, outermost first; the worst first.

    *errors*: by file, of *files*; *kept*: files of the design. *is_needed*: somebody outside
    the folder needs what is in it.
    """
    needed = frozenset(kept)
    members: dict[str, list[str]] = {}
    for path in files:
        for folder in folders_up_to(path, (root,)):
            members.setdefault(folder, []).append(path)

    def wrong(folder: str) -> int:
        return sum(1 for path in members[folder] if path in errors)

    least = max(LEAST_ERRORS, sum(errors.values()) // 100)
    good = {
        folder
        for folder, paths in members.items()
        if folder != root
        and needed.isdisjoint(paths)
        and sum(errors.get(path, 0) for path in paths) >= least
        and wrong(folder) >= SPARE_SHARE * len(paths)
        and not is_needed(folder)
    }
    outermost = [f for f in good if not any(is_below(f, other) for other in good)]
    return tuple(sorted(outermost, key=lambda f: (-sum(errors.get(p, 0) for p in members[f]), f)))


def is_needed(snapshot: Snapshot, files: Iterable[str], folder: str) -> bool:
    """One of *files* outside *folder* names a unit that only files inside declare, or includes a file inside."""
    index, path_of = snapshot.index, snapshot.path
    others = {index.table.find(path) for path in files if not is_below(path, folder)}
    for file in index.files():
        if not is_below(path_of(file), folder):
            continue
        summary = index.summary_of(file)
        for unit in summary.units() if summary else ():
            homes = {ref.file for ref in index.units(unit.name)}
            is_module = unit.kind in {DeclKind.MODULE, DeclKind.PROGRAM}
            # A module's name may well be a signal's elsewhere; only instances need it.
            users = index.instantiators(unit.name) if is_module else index.files_naming(unit.name)
            if not homes & others and not others.isdisjoint(users):
                return True
        if any(user in others for user in inference.includers(index, file)):
            return True
    return False
