"""A declaration as features see it: where it stands now, as written, and as slang resolved it.

Must not search by meaning (lookup.py does): this only joins a summary's declaration with a fact about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.semantics.facts import FileFacts, SymbolFact
from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary, MacroDef
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import rank
from hdl_lsp.workspace.scopes import container_name
from hdl_lsp.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration. `file` None: declared in no file (built in). Spans count in the present text of `file`."""

    name: str
    kind: str  # DeclKind value
    file: FileId | None
    focus: Span  # its name
    full: Span  # the whole declaration
    container: str = ""
    index: int | None = None  # of the file's FileSummary.decls
    decl: Decl | None = None
    macro: MacroDef | None = None
    symbol: SymbolFact | None = None

    @property
    def type_text(self) -> str:
        """The type as slang resolved it, else as written."""
        if self.symbol and self.symbol.type_text:
            return self.symbol.type_text
        return self.decl.type_text if self.decl else ""

    @property
    def direction(self) -> str:
        """Of a port; "" for everything else."""
        if self.symbol and self.symbol.direction:
            return self.symbol.direction
        return self.decl.direction if self.decl else ""


def of_decl(
    snapshot: Snapshot, file: FileId, index: int, symbol: SymbolFact | None = None
) -> Declared:
    """Declaration *index* of *file*'s summary."""
    summary = snapshot.summary(file)
    decl = summary.decls[index]
    container = container_name(summary, index) or (symbol.container if symbol else "")
    return Declared(
        name=decl.name,
        kind=decl.kind.value,
        file=file,
        focus=decl.name_span,
        full=decl.span,
        container=container,
        index=index,
        decl=decl,
        symbol=symbol,
    )


def of_macro(file: FileId, macro: MacroDef) -> Declared:
    """A `` `define ``."""
    return Declared(
        macro.name, DeclKind.MACRO.value, file, macro.name_span, macro.span, macro=macro
    )


def of_symbol(snapshot: Snapshot, symbol: SymbolFact) -> Declared:
    """What slang resolved, where it stands in the present text of its file.

    Facts may be older than that text; then the declaration of the same name in the same container is taken,
    the nearest if there are several.
    """
    file = snapshot.table.find(symbol.path) if symbol.path else None
    if file is None:
        return Declared(
            symbol.name,
            symbol.kind,
            None,
            symbol.name_span,
            symbol.name_span,
            symbol.container,
            symbol=symbol,
        )
    index = _decl_index(snapshot.summary(file), symbol)
    if index is not None and (
        snapshot.summary(file).decls[index].name_span == symbol.name_span
        or not _is_written(snapshot, file, symbol)
    ):
        return of_decl(snapshot, file, index, symbol)
    return Declared(
        symbol.name,
        symbol.kind,
        file,
        symbol.name_span,
        symbol.name_span,
        symbol.container,
        symbol=symbol,
    )


def _is_written(snapshot: Snapshot, file: FileId, symbol: SymbolFact) -> bool:
    """The name stands where the fact says: it is a declaration that no summary lists (a clocking block's signal)."""
    text = snapshot.text(file)
    return text is not None and text.slice(symbol.name_span) == symbol.name


def _decl_index(summary: FileSummary, symbol: SymbolFact) -> int | None:
    start = symbol.name_span.start
    same = [i for i, decl in enumerate(summary.decls) if decl.name == symbol.name]
    for index in same:
        if summary.decls[index].name_span.start == start:
            return index
    held = [i for i in same if container_name(summary, i) == symbol.container]
    return min(
        held or same, key=lambda i: abs(summary.decls[i].name_span.start - start), default=None
    )


def with_fact(snapshot: Snapshot, declared: Declared, facts: FileFacts | None) -> Declared:
    """*declared* with the fact slang has about it, matched by place or, in facts of an older text, by name."""
    if declared.symbol is not None or facts is None or declared.file is None:
        return declared
    path = snapshot.path(declared.file)
    best: SymbolFact | None = None
    best_score = 0
    for symbol in facts.symbols:
        if symbol.name != declared.name or symbol.path != path:
            continue
        score = (
            3
            if symbol.name_span == declared.focus
            else 2
            if symbol.container == declared.container
            else 0
        )
        if score > best_score:
            best, best_score = symbol, score
    if best is None:
        return declared
    return Declared(
        declared.name,
        declared.kind,
        declared.file,
        declared.focus,
        declared.full,
        declared.container,
        declared.index,
        declared.decl,
        declared.macro,
        best,
    )


def target(snapshot: Snapshot, declared: Declared) -> NavTarget | None:
    """Where *declared* stands; None when it is in no file. *focus* lies inside *full*."""
    if declared.file is None:
        return None
    full = declared.full if declared.full.covers(declared.focus) else declared.focus
    return NavTarget(snapshot.path(declared.file), full, declared.focus, declared.name)


def best_first(snapshot: Snapshot, file: FileId, found: Iterable[Declared]) -> tuple[Declared, ...]:
    """Equal candidates in the order in which *file* most likely means them; within a file in text order."""
    candidates = tuple(found)
    if len(candidates) < 2:
        return candidates
    here = snapshot.path(file)
    sources = frozenset(snapshot.project.sources)

    def key(declared: Declared) -> tuple[tuple[int, int, int, int, str], int]:
        path = "" if declared.file is None else snapshot.path(declared.file)
        return rank(here, path, sources), declared.focus.start

    return tuple(sorted(candidates, key=key))
