"""`.f` file lists as simulators read them: sources, include folders, defines, libraries.

Must not read the disk or the environment by itself: both are handed in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hdl_lsp.text import decode
from hdl_lsp.workspace.paths import extension, glob_pattern, has_glob, is_hdl


class Disk(Protocol):
    """What can be asked of a file system; nothing raises."""

    def read(self, path: str) -> bytes | None:
        """The bytes of the file; None when it can't be read."""
        ...

    def is_file(self, path: str) -> bool:
        """A file is there."""
        ...

    def is_dir(self, path: str) -> bool:
        """A folder is there."""
        ...

    def names(self, path: str) -> tuple[str, ...]:
        """Names in the folder, sorted; () when it can't be read."""
        ...

    def modified_ns(self, path: str) -> int:
        """When the file was last written, for comparing with others; 0 when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class ProjectProblem:
    """Something in a project file that can't be used. `line1` is 1-based; 0 for the whole file."""

    path: str
    line1: int
    message: str


@dataclass(frozen=True, slots=True)
class FileList:
    """What a file list, or a command line, says. Paths are absolute, in the order given, each once."""

    sources: tuple[str, ...] = ()
    libraries: tuple[
        str, ...
    ] = ()  # files of -v and -y: compiled when somebody names their modules
    include_dirs: tuple[str, ...] = ()
    defines: tuple[tuple[str, str], ...] = ()  # name, value ("" for a bare define)
    tops: tuple[str, ...] = ()
    problems: tuple[ProjectProblem, ...] = ()
    lists: tuple[str, ...] = ()  # every file list that was read
    missing: int = 0  # sources and lists that are not there


_TOKEN = re.compile(
    r"""
      (?P<comment> (?://|\#) [^\n]* | /\* .*? (?:\*/|\Z) )      # at the start of a word only: rtl/*.sv is a path
    | (?P<space> \s+ | \\\r?\n )
    | (?P<word> (?: "[^"\n]*" | '[^'\n]*' | \\[ \t"'] | [^\s"'] | ["'] )+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(r"""\\([ \t"'])|"([^"\n]*)"|'([^'\n]*)'""")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|\((\w+)\)|(\w+))")

MAX_DEPTH = 50  # of lists in lists
MAX_READ_BYTES = (
    50_000_000  # by one list and all it names: two lists can name a third twice, and so on
)

_INCLUDE = frozenset({"-I", "--include-directory", "--include-dir", "-incdir", "--isystem"})
_DEFINE = frozenset({"-D", "--define-macro", "-define", "-d"})
_UNDEFINE = frozenset({"-U", "--undefine-macro", "-undef"})
_TOP = frozenset({"--top", "-top", "--top-module", "-s"})
_WITH_VALUE = frozenset(
    {
        "-timescale", "--timescale", "-work", "-l", "-log", "-o", "-j", "--threads", "-L", "-G",
        "--std", "-std", "--error-limit", "--compat", "-override_timescale", "-lib",
        "-Mdir", "--Mdir", "-pvalue", "--param-override", "--prefix", "-CFLAGS", "-LDFLAGS",
        "-cm", "-cm_dir", "-P", "-pli", "-sv_lib",
    }
)  # fmt: skip


def words(text: str) -> Iterator[tuple[str, int]]:
    """The words of a file list with their 1-based lines; comments are gone, quotes and escapes taken off."""
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word":
            word = _QUOTED.sub(lambda m: next(g for g in m.groups() if g is not None), match[0])
            yield word, line
        line += match[0].count("\n")


def parse_filelist(
    path: str,
    *,
    cwd: str,
    disk: Disk,
    environment: Mapping[str, str],
    scanned: Sequence[str] = (),
) -> FileList:
    """The file list at *path*, relative names counted from *cwd*, nested lists included.

    *scanned*: the known files that globs are matched against. A missing file, an unset variable and a list
    that names itself are problems with their line; the rest is used.
    """
    reader = _Reader(disk, environment, scanned)
    reader.read_list(path, cwd, ProjectProblem(path, 0, ""))
    return reader.result()


def parse_arguments(
    arguments: str,
    *,
    path: str,
    cwd: str,
    disk: Disk,
    environment: Mapping[str, str],
    scanned: Sequence[str] = (),
) -> FileList:
    """The same for a command line, e.g. the `flags` of a project file at *path*; problems carry that path."""
    reader = _Reader(disk, environment, scanned)
    reader.read_words(arguments, path, cwd, cwd)
    return reader.result()


@dataclass
class _Reader:
    """State while lists are read: ordered sets as dicts."""

    disk: Disk
    environment: Mapping[str, str]
    scanned: Sequence[str]
    sources: dict[str, None] = field(default_factory=dict[str, None])
    library_files: dict[str, None] = field(default_factory=dict[str, None])
    library_dirs: dict[str, None] = field(default_factory=dict[str, None])
    include_dirs: dict[str, None] = field(default_factory=dict[str, None])
    defines: dict[str, str] = field(default_factory=dict[str, str])
    tops: dict[str, None] = field(default_factory=dict[str, None])
    extensions: dict[str, None] = field(default_factory=dict[str, None])
    problems: list[ProjectProblem] = field(default_factory=list[ProjectProblem])
    lists: dict[str, None] = field(default_factory=dict[str, None])
    open_lists: list[str] = field(default_factory=list[str])
    missing: int = 0
    left_bytes: int = MAX_READ_BYTES
    is_cut: bool = False

    def result(self) -> FileList:
        wanted = frozenset(self.extensions) or frozenset({".v", ".sv"})
        libraries = dict(self.library_files)
        for folder in self.library_dirs:
            for name in self.disk.names(folder):
                if extension(name) in wanted:
                    libraries.setdefault(os.path.join(folder, name))
        return FileList(
            tuple(self.sources),
            tuple(file for file in libraries if file not in self.sources),
            tuple(self.include_dirs),
            tuple(self.defines.items()),
            tuple(self.tops),
            tuple(self.problems),
            tuple(self.lists),
            self.missing,
        )

    def read_list(self, path: str, cwd: str, where: ProjectProblem) -> None:
        """*where*: the place that named the list."""
        if path in self.open_lists:
            self._problem(
                where.path, where.line1, f"{path} names itself; the second time is left out"
            )
            return
        if len(self.open_lists) >= MAX_DEPTH or self.left_bytes < 0:
            if not self.is_cut:
                self.is_cut = True
                self._problem(
                    where.path, where.line1, f"{path} is left out: too many lists in lists"
                )
            return
        data = self.disk.read(path)
        if data is None:
            self.missing += 1
            self._problem(where.path, where.line1, f"can't read file list {path}")
            return
        self.left_bytes -= len(data) + 1000
        self.lists[path] = None
        self.open_lists.append(path)
        self.read_words(decode.decode(data).text, path, cwd, cwd)
        self.open_lists.pop()

    def read_words(self, text: str, path: str, base: str, cwd: str) -> None:
        """*base*: what relative names count from. *cwd*: the same for a nested `-f`."""
        found = iter(tuple(words(text)))
        for word, line in found:
            name, value = word, ""
            if word.startswith("--") and "=" in word:
                name, value = word.split("=", 1)

            def argument(given: str = value, line: int = line, name: str = name) -> str:
                """What follows the option, or stands after its `=`."""
                if given:
                    return given
                following = next(found, None)
                if following is None:
                    self._problem(path, line, f"{name} needs a value")
                    return ""
                return following[0]

            self._option(name, word, argument, _Place(path, line, base, cwd))

    def _option(self, name: str, word: str, argument: Callable[[], str], at: _Place) -> None:
        if name in {"-f", "-file", "-F", "-c"}:
            nested = self._path(argument(), at)
            if nested:
                base = os.path.dirname(nested) if name == "-F" else at.cwd
                self.read_list(nested, base, ProjectProblem(at.path, at.line1, ""))
        elif word.startswith("+incdir+"):
            self._include_dirs(word.removeprefix("+incdir+").split("+"), at)
        elif word.startswith("+define+"):
            self._define(word.removeprefix("+define+").split("+"), at)
        elif word.startswith("+libext+"):
            self.extensions |= dict.fromkeys(filter(None, word[len("+libext+") :].split("+")))
        elif name in _INCLUDE:
            self._include_dirs([argument()], at)
        elif name in _DEFINE:
            self._define([argument()], at)
        elif name in _UNDEFINE:
            self.defines.pop(argument(), None)
        elif name in _TOP:
            self.tops |= dict.fromkeys(filter(None, argument().split(",")))
        elif name == "-y":
            folder = self._path(argument(), at)
            if folder and self.disk.is_dir(folder):
                self.library_dirs[folder] = None
            elif folder:
                self._problem(at.path, at.line1, f"no such library folder: {folder}")
        elif name == "-v":
            self._files(argument(), self.library_files, at)
        elif name in {"-Y", "--libext"}:
            self.extensions |= dict.fromkeys(filter(None, argument().split(",")))
        elif name in _WITH_VALUE:
            argument()
        elif word.startswith("-I"):
            self._include_dirs([word[2:]], at)
        elif word.startswith("-D"):
            self._define([word[2:]], at)
        elif word.startswith("-U"):
            self.defines.pop(word[2:], None)
        elif not word.startswith(("-", "+")):
            self._files(word, self.sources, at)

    def _include_dirs(self, folders: list[str], at: _Place) -> None:
        for raw in filter(None, folders):
            folder = self._path(raw, at)
            if folder:
                self.include_dirs[folder] = None
                if not self.disk.is_dir(folder):
                    self._problem(at.path, at.line1, f"no such include folder: {folder}")

    def _define(self, macros: list[str], at: _Place) -> None:
        for raw in filter(None, macros):
            name, _, value = (self._expand(raw, at) or raw).partition("=")
            self.defines[name] = value

    def _files(self, raw: str, into: dict[str, None], at: _Place) -> None:
        path = self._path(raw, at)
        if not path:
            return
        if has_glob(path):
            from_glob = sorted(f for f in self.scanned if matches(path, f))
            if not from_glob:
                self.missing += 1
                self._problem(at.path, at.line1, f"no file matches {path}")
            into |= dict.fromkeys(from_glob)
        elif self.disk.is_file(path):
            into[path] = None
        else:
            self.missing += 1
            what = "no such file" if is_hdl(path) else "no such file or unknown option"
            self._problem(at.path, at.line1, f"{what}: {path}")

    def _path(self, raw: str, at: _Place) -> str:
        """Absolute and normalised; "" when it can't be known."""
        expanded = self._expand(raw, at)
        return os.path.normpath(os.path.join(at.base, expanded)) if expanded else ""

    def _expand(self, raw: str, at: _Place) -> str | None:
        """*raw* with its variables; None when one is not set."""
        unset: list[str] = []

        def value(match: re.Match[str]) -> str:
            name = next(g for g in match.groups() if g)
            if name not in self.environment:
                unset.append(name)
            return self.environment.get(name, "")

        expanded = _VARIABLE.sub(value, raw)
        for name in unset:
            self.missing += 1
            self._problem(at.path, at.line1, f"environment variable {name} is not set")
        return None if unset else expanded

    def _problem(self, path: str, line1: int, message: str) -> None:
        self.problems.append(ProjectProblem(path, line1, message))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word stands and what relative names there count from."""

    path: str
    line1: int
    base: str
    cwd: str


def matches(pattern: str, path: str) -> bool:
    """*path* is named by the absolute glob *pattern*."""
    return bool(glob_pattern(pattern).match(path.replace(os.sep, "/")))
