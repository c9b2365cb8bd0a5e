"""A workspace opened without an editor: what the verbs that look at a design share.

Must not print results. Progress goes to a terminal's stderr, never into a pipe.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
from collections.abc import AsyncGenerator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from hdl_lsp.errors import UsageError
from hdl_lsp.server.session import Session
from hdl_lsp.server.settings import index_folder
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import HDL_EXTENSIONS
from hdl_lsp.workspace.project import no_such_target

T = TypeVar("T")


def add_project_arguments(parser: argparse.ArgumentParser) -> None:
    """`--project`, `--top`, `--define` and `--target`, the same for every verb that looks at a design."""
    parser.add_argument(
        "--project",
        metavar="DIR",
        type=Path,
        help="folder of the design; default: the nearest folder above the files with an hdl-lsp.toml, "
        "a file list of another tool, or a git repository, else the files' own folder",
    )
    parser.add_argument("--top", action="append", default=[], metavar="MODULE", help="top module")
    parser.add_argument(
        "--define", "-D", action="append", default=[], metavar="NAME[=VALUE]", help="a macro"
    )
    parser.add_argument(
        "--target", metavar="NAME", default="", help="the named build of the project to look at"
    )


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs *main* on an event loop of its own."""
    return asyncio.run(main)


def terminal() -> Console:
    """The console for progress: stderr, quiet when it is not a terminal."""
    return Console(stderr=True)


def bar(console: Console, what: str) -> Progress:
    """A progress bar that leaves nothing behind; invisible when stderr is not a terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


_MARKERS = ("hdl-lsp.toml", ".slang", "verible.filelist", ".git")
_WEAK_MARKERS = ("Bender.yml", "LICENSE", "Makefile", "README.md", "*.core")
"""What the top of an unpacked release looks like, where there is no repository."""


def project_root(paths: Sequence[Path]) -> Path:
    """The nearest folder at or above all of *paths* that looks like a project; their common folder if none does.

    A file list or a repository counts before a mere README or Makefile.
    """
    folders = [path if path.is_dir() else path.parent for path in (p.absolute() for p in paths)]
    if not folders:
        folders = [Path.cwd()]
    common = folders[0]
    for folder in folders[1:]:
        while not folder.is_relative_to(common):
            common = common.parent
    for markers in (_MARKERS, _WEAK_MARKERS):
        for candidate in (common, *common.parents):
            if any(True for marker in markers for _ in candidate.glob(marker)):
                return candidate
    return common


class Told:
    """Shows how far something has got, as its listener."""

    is_cancelled = False

    def __init__(self, progress: Progress) -> None:
        """Reports go to a fresh task of *progress*."""
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def report(self, done: int, total: int) -> None:
        """So many steps of so many are done."""
        self._progress.update(self._task, completed=done, total=total)


@asynccontextmanager
async def opened(
    options: argparse.Namespace, paths: Sequence[Path], more: Mapping[str, object] | None = None
) -> AsyncGenerator[Session]:
    """The project around *paths*, loaded; its problems are printed to stderr. *more*: settings of the verb's own."""
    root = (options.project or project_root(paths)).absolute()
    if not root.is_dir():
        raise UsageError(f"no such folder: {root}")
    console = terminal()
    session = Session(index_folder=index_folder())
    session.listeners.problems = lambda sentences: _print_problems(console, sentences)
    given: dict[str, object] = {}
    if options.top:
        given["tops"] = list(options.top)
    if options.define:
        given["defines"] = list(options.define)
    if options.target:
        given["target"] = options.target
    try:
        session.open_folder([str(root)], {**(more or {}), **({"project": given} if given else {})})
        with bar(console, "reading") as progress:
            await session.load(Told(progress))
        names = [target.name for target in session.project.targets]
        if options.target and options.target not in names:
            raise UsageError(no_such_target(session.project, options.target))
        yield session
    finally:
        await session.close()


def _print_problems(console: Console, sentences: Iterable[str]) -> None:
    for sentence in sentences:
        console.print(f"[yellow]note:[/yellow] {escape(sentence)}", highlight=False, soft_wrap=True)


def files_of(session: Session, paths: Iterable[Path]) -> tuple[FileId, ...]:
    """The files that *paths* mean: files themselves, folders with all HDL files below, nothing: the project's sources.

    Third-party files only where they are named themselves.
    Raises UsageError for a path that is not part of the project and can't be read.
    """
    listed = [path.absolute() for path in paths]
    is_foreign = session.project.is_third_party
    if not listed:
        own = (path for path in session.project.sources if not is_foreign(path))
        known = (session.table.find(path) for path in own)
        return tuple(f for f in known if f is not None and session.vfs.text(f) is not None)
    found: dict[FileId, None] = {}
    for path in listed:
        below = (member for member in _below(path) if not is_foreign(str(member)))
        members = sorted(below) if path.is_dir() else [path]
        for member in members:
            file = session.table.id_of(str(member))
            if session.vfs.text(file) is None:
                session.refresh([str(member)])
            if session.vfs.text(file) is None:
                raise UsageError(f"can't read {member}")
            found[file] = None
    return tuple(found)


def _below(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.suffix in HDL_EXTENSIONS and p.is_file()]


def git(root: Path, *arguments: str) -> str:
    """Output of a git command in *root*. Raises UsageError with git's own words, or when there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except FileNotFoundError as err:
        raise UsageError("can't run git, which --diff needs") from err
    if done.returncode:
        raise UsageError(f"git {arguments[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout
