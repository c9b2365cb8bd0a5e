"""The fixture language of the tests: several files, a cursor, ranges and notes in one string.

    //- /rtl/fifo.sv      starts a file; text before the first one is /main.sv
    <|>                   the cursor, at most one
    [| ... |]             a range; [|name: ... |] if there are several
    //   ^^^^ label       a note about the characters above it; the line itself is taken out

Must not know any feature. `.snapshot()` builds the real thing: real summaries, a real project (from
/hdl-lsp.toml, /top.f and so on) and real facts, all in memory.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hdl_lsp.config import Config, Layer
from hdl_lsp.config.resolving import resolve
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import Offset, SourceText, Span, span
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import find_project
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.disk import MemoryDisk

MAIN = "/main.sv"

_FILE = re.compile(r"^[ \t]*//- (/\S+)[ \t]*\n", re.MULTILINE)
_NOTE = re.compile(r"^[ \t]*//[ \t]*(?P<carets>\^+)[ \t]*(?P<label>.*)$")
_MARK = re.compile(r"<\|>|\[\|(?:(?P<name>\w+):[ ]?)?|\|\]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A range of a fixture: the name given in it ("" for none), or the label of a note."""

    path: str
    span: Span
    name: str = ""


@dataclass(frozen=True)
class Fixture:
    """Files without their marks, and the marks. Paths begin with a slash and are nowhere on disk."""

    files: Mapping[str, str]
    cursor: tuple[str, Offset] | None
    ranges: tuple[Marked, ...]  # in the order of their starts, file by file
    notes: tuple[Marked, ...]
    table: FileTable = field(default_factory=FileTable)

    @property
    def path(self) -> str:
        """The file of the cursor, else of the first range, else the first one that is HDL."""
        if self.cursor:
            return self.cursor[0]
        if self.ranges:
            return self.ranges[0].path
        return next(path for path in self.files if is_hdl(path))

    @property
    def file(self) -> FileId:
        """The id of `path`."""
        return self.table.id_of(self.path)

    @property
    def offset(self) -> Offset:
        """Where the cursor is; the fixture must have one."""
        assert self.cursor is not None, "the fixture has no <|>"
        return self.cursor[1]

    @property
    def source(self) -> SourceText:
        """The text of `path`."""
        return SourceText.of(self.files[self.path])

    def range(self, name: str = "") -> Marked:
        """The one range called *name*."""
        (found,) = (marked for marked in self.ranges if marked.name == name)
        return found

    def file_of(self, path: str) -> FileId:
        """The id of the fixture's file *path*."""
        assert path in self.files, f"the fixture has no {path}"
        return self.table.id_of(path)

    @cached_property
    def config(self) -> Config:
        """From /hdl-lsp.toml, which must be right, else the defaults."""
        raw = tomllib.loads(self.files.get("/hdl-lsp.toml", ""))
        resolved = resolve({Layer.WORKSPACE: raw})
        assert not resolved.problems, resolved.problems
        return resolved.config

    def snapshot(self) -> Snapshot:
        """The world of these files, all of them open. Made once; facts are compiled when they are asked for."""
        return self._snapshot

    @cached_property
    def _snapshot(self) -> Snapshot:
        texts = {
            self.table.id_of(path): SourceText.of(text)
            for path, text in self.files.items()
            if is_hdl(path)
        }
        path_of = self.table.path_of
        disk = MemoryDisk(self.files)
        scanned = sorted(path_of(file) for file in texts)
        facts = _CompiledFacts()
        snapshot = Snapshot(
            revision=1,
            table=self.table,
            files=texts,
            open_files=frozenset(texts),
            project=find_project(("/",), self.config, disk, scanned),
            index=WorkspaceIndex(self.table).with_files(
                {f: (text.digest, summarise(text, path_of(f))) for f, text in texts.items()}
            ),
            config=self.config,
            memo=Memo(),
            known_facts=facts,
        )
        facts.snapshot = snapshot
        return snapshot


class _CompiledFacts(Mapping[FileId, FileFacts]):
    """Facts of every file of a snapshot, compiled in this process when somebody asks for them."""

    snapshot: Snapshot

    def __init__(self) -> None:
        self._known: dict[FileId, FileFacts] = {}
        self._compiler: Compiler | None = None

    def __getitem__(self, file: FileId) -> FileFacts:
        if file not in self.snapshot.files:
            raise KeyError(file)
        if file not in self._known:
            self._compiler = self._compiler or Compiler()
            request = closure.facts_request(self.snapshot, file)
            self._known[file] = self._compiler.facts(request)
        return self._known[file]

    def __iter__(self) -> Iterator[FileId]:
        return iter(self.snapshot.files)

    def __len__(self) -> int:
        return len(self.snapshot.files)


def parse_fixture(text: str) -> Fixture:
    """The fixture that *text* writes down; common leading blanks of the lines are taken off."""
    plain = textwrap.dedent(text.removeprefix("\n"))
    parts = _FILE.split(plain)
    raw: dict[str, str] = {}
    if parts[0].strip() or len(parts) == 1:
        raw[MAIN] = parts[0]
    for path, content in zip(parts[1::2], parts[2::2], strict=True):
        assert path not in raw, f"the fixture has {path} twice"
        raw[path] = content
    files: dict[str, str] = {}
    cursors: list[tuple[str, Offset]] = []
    ranges: list[Marked] = []
    notes: list[Marked] = []
    table = FileTable()
    for path, content in raw.items():
        table.id_of(path)
        without_notes, note_places = _without_notes(content)
        files[path], cursor, found = _without_marks(path, without_notes)
        cursors += cursor
        ranges += sorted(found, key=lambda marked: marked.span)
        notes += _placed(path, files[path], note_places)
    assert len(cursors) <= 1, "the fixture has two cursors"
    cursor = cursors[0] if cursors else None
    return Fixture(files, cursor, tuple(ranges), tuple(notes), table)


def _without_notes(content: str) -> tuple[str, list[tuple[int, int, int, str]]]:
    """The lines that are not notes; and of every note the line above it, two columns and the label."""
    lines: list[str] = []
    notes: list[tuple[int, int, int, str]] = []
    for line in content.split("\n"):
        match = _NOTE.match(line)
        if match:
            notes.append(
                (len(lines) - 1, match.start("carets"), match.end("carets"), match["label"])
            )
        else:
            lines.append(line)
    return "\n".join(lines), notes


def _placed(path: str, text: str, notes: list[tuple[int, int, int, str]]) -> Iterator[Marked]:
    """Columns of notes count in the line without its marks."""
    source = SourceText.of(text)
    for line0, start, end, label in notes:
        line = source.line_text(line0)
        begin = source.line_starts[line0]
        low, high = len(line[:start].encode()), len(line[:end].encode())
        yield Marked(path, span(begin + low, begin + high), label)


def _without_marks(path: str, content: str) -> tuple[str, list[tuple[str, Offset]], list[Marked]]:
    pieces: list[str] = []
    cursors: list[tuple[str, Offset]] = []
    found: list[Marked] = []
    opened: list[tuple[int, str]] = []
    size = done = 0
    for mark in _MARK.finditer(content):
        piece = content[done : mark.start()]
        pieces.append(piece)
        size += len(piece.encode())
        done = mark.end()
        if mark[0] == "<|>":
            cursors.append((path, Offset(size)))
        elif mark[0] == "|]":
            assert opened, f"{path}: |] without [|"
            start, name = opened.pop()
            found.append(Marked(path, span(start, size), name))
        else:
            opened.append((size, mark["name"] or ""))
    assert not opened, f"{path}: [| without |]"
    pieces.append(content[done:])
    return "".join(pieces), cursors, found
