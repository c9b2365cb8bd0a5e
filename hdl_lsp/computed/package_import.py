"""What an `import` is for: the package that declares the names which nothing in this file declares.

Must not import on a guess: at least one name is declared in that package and in no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.semantics.summary import DeclKind, FileSummary, PackageImport
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.names import packages
from hdl_lsp.workspace.scopes import names_in
from hdl_lsp.workspace.snapshot import Snapshot

RULE = "package import"
MOST_ANSWERS = 3

_MOST_FILES = 24  # files whose packages are looked into, those with most of the names first
_MOST_NAMED = 2  # so many names are imported one by one where the file does so
_IMPORT = re.compile(r"(?:.*\s)?import\s+(?P<typed>[A-Za-z_]?[\w$]*)(?P<scope>::)?")
_IMPORTABLE = frozenset(
    {
        DeclKind.TYPEDEF,
        DeclKind.ENUM_MEMBER,
        DeclKind.PARAMETER,
        DeclKind.LOCALPARAM,
        DeclKind.FUNCTION,
        DeclKind.TASK,
        DeclKind.CLASS,
    }
)


def package_import(asked: Asked) -> tuple[Computed, ...]:
    """The package with most of the names that are missing, then others."""
    site = asked.site
    found = _IMPORT.fullmatch(site.line_prefix)
    if found is None or site.line_suffix.strip() not in {"", ";"}:
        return ()
    if site.cursor.kind not in {CursorKind.IDENTIFIER, CursorKind.SCOPE}:
        return ()
    typed, scope = found["typed"], found["scope"] or ""
    end = "" if site.line_suffix.strip() else ";"
    answers: list[str] = []
    for package, names in _missing(asked.snapshot, site):
        if not (package == typed if scope else package.startswith(typed)):
            continue
        written = ", ".join(f"{package}::{item}" for item in _items(asked, names)) + end
        answers.append(written[len(typed + scope) :])
    return tuple(Computed(text, RULE) for text in answers[:MOST_ANSWERS] if text)


def _missing(snapshot: Snapshot, site: CompletionSite) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Packages that declare names which are missing here, with those names; the package with most of them first."""
    summary = snapshot.summary(site.file)
    known = {decl.name for decl in summary.decls}
    imports = _others(snapshot, site)
    imported = {each.package for each in imports if each.item == "*"}
    for package in imported:
        known |= _names_of(snapshot, site.file, package)
    known |= {each.item for each in imports}
    wanted = [name for name in summary.identifiers if name not in known]
    files = Counter[FileId]()
    for name in wanted:
        files.update(snapshot.index.files_in("outline", name))
    offered = dict[str, set[str]]()
    includers = snapshot.index.includers(PurePosixPath(site.path).name)
    for file in (site.file, *includers):  # what includes this file has its names already
        files.pop(file, None)
    for file, _ in files.most_common(_MOST_FILES):
        for package in _packages_in(snapshot.index.summary_of(file)):
            if package not in imported and package not in known:
                here = _names_of(snapshot, site.file, package) & set(wanted)
                offered[package] = {name for name in here if _is_plain(site, name)}
    holders = Counter(name for names in offered.values() for name in names)
    for package, names in sorted(offered.items(), key=lambda one: (-len(one[1]), one[0])):
        if any(holders[name] == 1 for name in names):
            yield package, tuple(sorted(names))


def _others(snapshot: Snapshot, site: CompletionSite) -> tuple[PackageImport, ...]:
    """The file's imports of known packages without the one at the cursor, which may swallow what follows it."""
    line = site.text.line_of
    return tuple(
        one
        for one in snapshot.summary(site.file).imports
        if line(one.span.start) != line(site.offset) and packages(snapshot, site.file, one.package)
    )


def _packages_in(summary: FileSummary | None) -> tuple[str, ...]:
    if summary is None:
        return ()
    return tuple(unit.name for unit in summary.units() if unit.kind is DeclKind.PACKAGE)


def _names_of(snapshot: Snapshot, file: FileId, package: str) -> set[str]:
    """The names that an import of *package* brings."""
    for unit in packages(snapshot, file, package)[:1]:
        if unit.file is not None and unit.index is not None:
            summary = snapshot.summary(unit.file)
            indexes = names_in(summary, unit.index)
            return {
                decl.name
                for decl in (summary.decls[index] for index in indexes)
                if decl.kind in _IMPORTABLE
            }
    return set()


def _is_plain(site: CompletionSite, name: str) -> bool:
    """*name* stands in the file without a dot, `::` or backtick before it, and not behind `//`."""
    pattern = rb"^(?:(?!//)[^\r\n])*(?<![\w$.:`])" + re.escape(name.encode()) + rb"(?![\w$:])"
    return re.search(pattern, site.text.data, re.MULTILINE) is not None


def _items(asked: Asked, names: tuple[str, ...]) -> tuple[str, ...]:
    """What is imported: each name where the file's other imports do so and there are few, else everything."""
    imports = _others(asked.snapshot, asked.site)
    is_named = bool(imports) and all(one.item != "*" for one in imports)
    return names if is_named and len(names) <= _MOST_NAMED else ("*",)
