"""One SourceManager with the syntax trees of unchanged files: what makes the second compilation cheap.

Must not elaborate. slang can't re-assign the text of a loaded path, so every version of every text gets a
pseudo-path of its own beside the real one (relative includes go on working), and `path_of` leads back. Old
texts are never freed by slang; the Compiler starts a fresh TreeCache before that matters.
"""

# pyslang's stubs name C++ spans that nobody defines, and never say which attributes may be None.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnnecessaryComparison=false

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyslang
from pyslang import parsing, syntax

from hdl_lsp.semantics.macro_definitions import MacroDefinitions
from hdl_lsp.semantics.plain_file import plain_bytes
from hdl_lsp.semantics.request import CompileOptions, Input
from hdl_lsp.text.decode import decode
from hdl_lsp.text.source import SourceText

MAX_TREES = 600
"""Trees kept at once. A shallow compilation needs tens; the largest seen (opentitan's chip) 250."""

MAX_MACRO_ROUNDS = 4
"""Times a text is parsed again because an included file turned out to use macros of the project table."""

Stamp = tuple[str, int, int]
"""What tells two versions of a file apart: digest of a text, or size and mtime (ns) on disk."""


@dataclass(frozen=True, slots=True)
class ParsedText:
    """One text with its slang tree. Keep the whole object as long as anything made from the tree is used."""

    path: str
    text: SourceText
    buffer: pyslang.SourceBuffer
    tree: syntax.SyntaxTree
    buffer_id: int
    headers: tuple[str, ...]
    """Absolute paths of the files it includes, directly or not."""


@dataclass(slots=True)
class TreeCache:
    """Trees that share one SourceManager, good for one set of compile options and header overlays."""

    options: CompileOptions
    overlays: tuple[tuple[str, str], ...] = ()
    """(path, text) of headers whose open buffer differs from the disk."""
    manager: pyslang.SourceManager = field(default_factory=pyslang.SourceManager)
    path_of: dict[int, str] = field(default_factory=dict[int, str])
    """Buffer number to the real path of the text in it."""
    texts: dict[str, tuple[str, SourceText]] = field(
        default_factory=dict[str, tuple[str, SourceText]]
    )
    """Pseudo-path to the real path and the text compiled under it."""
    max_trees: int = MAX_TREES
    text_bytes: int = 0
    """Bytes of text handed to slang and never given back."""
    _trees: dict[tuple[str, Stamp], ParsedText] = field(
        default_factory=dict[tuple[str, Stamp], ParsedText]
    )
    _headers: dict[str, Stamp] = field(default_factory=dict[str, Stamp])
    _missing: set[str] = field(default_factory=set[str])
    _decodable: set[str] = field(default_factory=set[str])
    _count: int = 0
    _macros: MacroDefinitions | None = None

    def __post_init__(self) -> None:
        """Overlays must be assigned before slang first reads those paths."""
        for path, text in self.overlays:
            buffer = self.manager.assignText(path, text)
            self.path_of[buffer.id.id] = path
            self.text_bytes += len(text)

    def parsed(self, source: Input) -> ParsedText | None:
        """The tree of *source*, from the cache if that version was parsed before; None if unreadable.

        Raises RuntimeError when the nesting is too deep for slang.
        """
        stamp = _stamp(source)
        if stamp is None:
            return None
        key = (source.path, stamp)
        known = self._trees.pop(key, None)
        if known is None:
            text = read(source)
            if text is None:
                return None
            known = self._parse(source.path, text)
            while len(self._trees) >= self.max_trees:
                del self._trees[next(iter(self._trees))]
        self._trees[key] = known
        return known

    def synthetic(self, code: str) -> syntax.SyntaxTree:
        """A tree of our own text, in no file."""
        buffer = self.manager.assignText(code)
        self.path_of[buffer.id.id] = ""
        return syntax.SyntaxTree.fromBuffer(buffer, self.manager, self._bag())

    def text_at(self, path: str) -> tuple[str, SourceText] | None:
        """Real path and text of what slang calls *path*; None if it can't be read."""
        known = self.texts.get(path)
        if known is None:
            text = read(Input(path))
            known = (path, text) if text is not None else None
        return known

    def would_read(self, overlays: tuple[tuple[str, str], ...]) -> bool:
        """With *overlays* every header would be read as it was: other files may be open, edited and closed."""
        mine, given = dict(self.overlays), dict(overlays)
        for path in {*self._headers, *self._missing} & (mine.keys() | given.keys()):
            if mine.get(path) == given.get(path):
                continue
            before, now = (
                read(Input(path, text=mine.get(path))),
                read(Input(path, text=given.get(path))),
            )
            if (before and before.digest) != (now and now.digest):
                return False
        return True

    def is_stale(self) -> bool:
        """A header that slang has read (or looked for in vain) is different on disk now.

        slang reads a header once in the life of its SourceManager, so only a new cache helps.
        """
        assigned = {path for path, _ in self.overlays}
        return any(
            _disk_stamp(p) != s for p, s in self._headers.items() if p not in assigned
        ) or any(Path(p).exists() for p in self._missing)

    def undecodable_headers(self) -> tuple[tuple[str, str], ...]:
        """(path, text) of headers on disk that are not UTF-8: slang must be given our decoding of them."""
        bad: list[tuple[str, str]] = []
        assigned = {path for path, _ in self.overlays}
        for path in self._headers.keys() - self._decodable:
            if path in assigned:
                continue
            try:
                data = plain_bytes(path)
            except (OSError, ValueError):
                continue
            if data is None:
                continue
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                bad.append((path, decode(data).text))
            else:
                self._decodable.add(path)
        return tuple(sorted(bad))

    def macros(self) -> MacroDefinitions:
        """The project-wide macro table of the options, parsed once."""
        if self._macros is None:
            self._macros = MacroDefinitions()
            open_texts = dict(self.overlays)
            for path in self.options.macro_files:
                text = read(Input(path, text=open_texts.get(path)))
                if text is None or b"`define" not in text.data:
                    continue
                try:
                    _, tree = self._tree(path, text, [])
                except RuntimeError:
                    continue
                self._macros.add(path, tree)
        return self._macros

    def parse_around(
        self, path: str, text: SourceText, inside: tuple[SourceText, ...]
    ) -> ParsedText:
        """The tree of *text*, which includes the texts *inside* under names that only slang knows."""
        return self._parse(path, text, inside)

    def next_number(self) -> int:
        """A number never given before in this cache; makes pseudo-paths unique."""
        self._count += 1
        return self._count

    def assign(self, pseudo: str, path: str, text: SourceText) -> None:
        """What slang reads at *pseudo*: *text*, which is really that of *path*."""
        buffer = self.manager.assignText(pseudo, text.text)
        self.path_of[buffer.id.id] = path
        self.texts[pseudo] = (path, text)
        self.text_bytes += text.size_bytes

    def _parse(
        self, path: str, text: SourceText, inside: tuple[SourceText, ...] = ()
    ) -> ParsedText:
        own: set[str] = set()
        wanted: set[str] = set()
        for one in (text, *inside):
            own.update(DEFINED.findall(one.text))
            wanted.update(USED.findall(one.text))
        wanted -= own
        buffer, tree = self._tree(path, text, self._table(path, wanted, own))
        for _ in range(MAX_MACRO_ROUNDS):
            unknown = {
                name.lstrip("`")
                for diag in tree.diagnostics
                if str(diag.code) == UNKNOWN_MACRO
                for name in diag.args
                if isinstance(name, str)
            }
            if not (unknown - wanted - own) & self.macros().names():
                break
            wanted |= unknown
            buffer, tree = self._tree(path, text, self._table(path, wanted, own))
        return ParsedText(path, text, buffer, tree, buffer.id.id, self._note_headers(path, tree))

    def _table(
        self, path: str, wanted: set[str], own: set[str]
    ) -> list[syntax.DefineDirectiveSyntax]:
        return self.macros().needed_by(wanted, except_path=path, except_names=own)

    def _tree(
        self, path: str, text: SourceText, table: list[syntax.DefineDirectiveSyntax]
    ) -> tuple[pyslang.SourceBuffer, syntax.SyntaxTree]:
        directory, name = os.path.split(path)
        pseudo = f"{directory}/.{name}.{self.next_number()}"
        buffer = self.manager.assignText(pseudo, text.text)
        self.path_of[buffer.id.id] = path
        self.texts[pseudo] = (path, text)
        self.text_bytes += text.size_bytes
        tree = syntax.SyntaxTree.fromBuffer(buffer, self.manager, self._bag(), table)
        if name.endswith(OLD_VERILOG) and _errors(tree) and not FORMAL.search(text.data):
            # A Verilog file may use `do`, `bit` or `logic` as names.
            old = syntax.SyntaxTree.fromBuffer(buffer, self.manager, self._bag(is_old=True), table)
            if not _errors(old):
                return buffer, old
        return buffer, tree

    def _note_headers(self, path: str, tree: syntax.SyntaxTree) -> tuple[str, ...]:
        headers: dict[str, None] = {}
        for include in tree.getIncludeDirectives():
            if include.buffer.id.id:
                header = str(self.manager.getFullPath(include.buffer.id))
                if header in self.texts:  # a fragment under a name of ours
                    self.path_of[include.buffer.id.id] = self.texts[header][0]
                    continue
                headers[header] = None
                if header not in self._headers:
                    self._headers[header] = _disk_stamp(header) or ("", 0, 0)
            else:
                name = include.path.strip('"<>')
                places = (str(Path(path).parent), *self.options.include_dirs)
                # What exists now was left out for another reason (slang skips a guarded header it has seen).
                tried = (Path(place, name) for place in places)
                self._missing.update(str(path) for path in tried if not path.exists())
        return tuple(headers)

    def _bag(self, *, is_old: bool = False) -> pyslang.Bag:
        preprocessor = parsing.PreprocessorOptions()
        if is_old:
            preprocessor.languageVersion = pyslang.LanguageVersion.v1364_2005
        preprocessor.additionalIncludePaths = [Path(p) for p in self.options.include_dirs]
        preprocessor.predefines = [
            f"{name}={value}" if value else name for name, value in self.options.defines
        ]
        bag = pyslang.Bag()
        bag.preprocessorOptions = preprocessor
        return bag


OLD_VERILOG = (".v", ".vh")
"""Files that are read with the keywords of IEEE 1364-2005 when those of 1800 don't fit."""

FORMAL = re.compile(rb"\b(?:assert|assume|cover|restrict)\s*\(")
"""A use of SystemVerilog that would pass for the call of an unknown task."""

UNKNOWN_MACRO = "DiagCode(UnknownDirective)"
DEFINED = re.compile(r"`define\s+([A-Za-z_][\w$]*)")
USED = re.compile(r"`([A-Za-z_][\w$]*)")


def _stamp(source: Input) -> Stamp | None:
    if source.text is not None:
        return (source.digest or SourceText.of(source.text).digest, -1, -1)
    return _disk_stamp(source.path)


def _disk_stamp(path: str) -> Stamp | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return ("", status.st_size, status.st_mtime_ns)


def read(source: Input) -> SourceText | None:
    """The text of *source*, from the request or from disk; None when it can't be read."""
    if source.text is not None:
        return SourceText.of(source.text)
    try:
        data = plain_bytes(source.path)
    except (OSError, ValueError):
        return None
    return None if data is None else decode(data)


def _errors(tree: syntax.SyntaxTree) -> int:
    return sum(d.isError() and str(d.code) != UNKNOWN_MACRO for d in tree.diagnostics)
