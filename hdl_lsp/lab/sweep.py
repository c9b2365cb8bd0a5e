"""Every question at every identifier of a real design: nothing raises, nothing points outside its file.

Must not sample: what is skipped is not promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hdl_lsp.features.completion import completion
from hdl_lsp.features.definition import definition
from hdl_lsp.features.document_links import document_links
from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.features.folding import folding
from hdl_lsp.features.highlights import highlights
from hdl_lsp.features.hover import hover
from hdl_lsp.features.inactive_regions import inactive_regions
from hdl_lsp.features.linked_editing import linked_editing
from hdl_lsp.features.references import lexical_references
from hdl_lsp.features.selection_ranges import selection_ranges
from hdl_lsp.features.semantic_tokens import reader, slices
from hdl_lsp.features.signature_help import signature_help
from hdl_lsp.lab.places import identifiers, read
from hdl_lsp.lab.samples import Row
from hdl_lsp.presentation.symbols import Symbol
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import Offset, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

Say = Callable[[str], None]
Places = Iterator[tuple[str, Span]]


@dataclass
class _Count:
    """What went wrong so far."""

    asked: int = 0
    raised: list[str] = field(default_factory=list[str])
    outside: list[str] = field(default_factory=list[str])


async def every_identifier(folder: Path, files: tuple[Path, ...], say: Say) -> list[Row]:
    """All deterministic requests at every identifier of *files*, on fresh facts."""
    session = Session()
    count = _Count()
    try:
        session.open_folder([str(folder)], {"llm": {"enabled": False}})
        await session.load()
        for path in files:
            say(path.name)
            file = session.table.id_of(str(path))
            await session.facts(file)
            _sweep(session.snapshot(), file, path, count)
    finally:
        await session.close()
    asked = f"{count.asked:,} requests in {len(files)} files"
    return [
        Row(
            "every request at every identifier of Ibex's `rtl/`: exceptions",
            "0",
            (float(len(count.raised)),),
            unit=f"in {asked}",
            limit=0,
            note="; ".join(count.raised[:3]),
        ),
        Row(
            "the same: answers out of range",
            "0",
            (float(len(count.outside)),),
            unit="",
            limit=0,
            note="; ".join(count.outside[:3]),
        ),
    ]


def _sweep(snapshot: Snapshot, file: FileId, path: Path, count: _Count) -> None:
    for name, ask in _WHOLE_FILE.items():
        _ask(snapshot, f"{name} {path.name}", lambda ask=ask: ask(snapshot, file), count)
    for offset in identifiers(read(path)):
        for name, ask in _AT_A_PLACE.items():
            where = f"{name} {path.name}@{offset}"
            _ask(snapshot, where, lambda ask=ask, offset=offset: ask(snapshot, file, offset), count)


def _ask(snapshot: Snapshot, where: str, ask: Callable[[], Places], count: _Count) -> None:
    count.asked += 1
    try:
        for target, span in ask():
            known = snapshot.table.find(target)
            text = snapshot.text(known) if known is not None else None
            if text is None or not 0 <= span.start <= span.end <= text.size_bytes:
                count.outside.append(f"{where}: {target} {span}")
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as err:
        count.raised.append(f"{where}: {type(err).__name__} {err}")


def _hover(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    found = hover(snapshot, file, offset)
    if found is not None:
        yield snapshot.path(file), found.span


def _definition(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    for target in definition(snapshot, file, offset):
        yield target.path, target.full
        yield target.path, target.focus


def _references(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    for target in lexical_references(snapshot, file, offset):
        yield target.path, target.focus


def _completion(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    for item in completion(snapshot, file, offset).items:
        yield snapshot.path(file), item.replace


def _signature(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    found = signature_help(snapshot, file, offset)
    if found is not None and not 0 <= found.active_signature < len(found.signatures):
        raise IndexError(f"active signature {found.active_signature} of {len(found.signatures)}")
    yield from ()


def _highlights(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    for highlight in highlights(snapshot, file, offset):
        yield snapshot.path(file), highlight.span


def _symbols(snapshot: Snapshot, file: FileId) -> Places:
    waiting: list[Symbol] = list(document_symbols(snapshot, file))
    while waiting:
        symbol = waiting.pop()
        waiting += symbol.children
        yield snapshot.path(file), symbol.span
        yield snapshot.path(file), symbol.focus


def _links(snapshot: Snapshot, file: FileId) -> Places:
    for link in document_links(snapshot, file):
        yield snapshot.path(file), link.span


def _folding(snapshot: Snapshot, file: FileId) -> Places:
    text = snapshot.files[file]
    for fold in folding(snapshot, file):
        yield snapshot.path(file), text.line_span(fold.start_line0)
        if not fold.start_line0 <= fold.end_line0 < text.line_count:
            raise IndexError(
                f"fold {fold.start_line0} to {fold.end_line0} of {text.line_count} lines"
            )


def _selection(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    inner: Span | None = None
    for step in selection_ranges(snapshot, file, offset):
        if not step.contains(offset) or (inner is not None and not step.covers(inner)):
            raise IndexError(f"step {step} after {inner} around {offset}")
        inner = step
        yield snapshot.path(file), step


def _linked(snapshot: Snapshot, file: FileId, offset: Offset) -> Places:
    text = snapshot.files[file]
    spans = linked_editing(snapshot, file, offset)
    if len({text.slice(one) for one in spans}) > 1:
        raise IndexError(f"different names are linked: {spans}")
    for one in spans:
        yield snapshot.path(file), one


def _tokens(snapshot: Snapshot, file: FileId) -> Places:
    text = snapshot.files[file]
    reading = reader(snapshot, file)
    last = 0
    for piece in slices(text, text.full_span()):
        for token in reading.read(piece):
            if not last <= token.start < token.end:
                raise IndexError(f"token {token} after one that ends at {last}")
            last = token.end
            yield snapshot.path(file), span(token.start, token.end)


def _inactive(snapshot: Snapshot, file: FileId) -> Places:
    for region in inactive_regions(snapshot, file) or ():
        yield snapshot.path(file), region


_AT_A_PLACE: dict[str, Callable[[Snapshot, FileId, Offset], Places]] = {
    "hover": _hover,
    "definition": _definition,
    "references": _references,
    "completion": _completion,
    "signature": _signature,
    "highlights": _highlights,
    "selection": _selection,
    "linked editing": _linked,
}
_WHOLE_FILE: dict[str, Callable[[Snapshot, FileId], Places]] = {
    "symbols": _symbols,
    "links": _links,
    "folding": _folding,
    "semantic tokens": _tokens,
    "inactive regions": _inactive,
}
