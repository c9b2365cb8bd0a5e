"""Facts about a name, as short sentences that a person can check: the ground that words of a model stand on.

Must not guess: each sentence is computed from summaries and facts, and says where it is from.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.context.interfaces import header
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summary import DESIGN_UNITS
from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.syntax.tokens import TokenKind, tokens
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import look_up
from hdl_lsp.workspace.snapshot import Snapshot

UNIT_KINDS = frozenset(kind.value for kind in DESIGN_UNITS)
MOST_LINES_NAMED = 6
MOST_NAMES_ON_A_LINE = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one name. `facts` are sentences without a final dot; `code` is a few lines of source."""

    name: str
    kind: str
    facts: tuple[str, ...]
    code: str
    comment: str


def evidence(snapshot: Snapshot, file: FileId, offset: int) -> Evidence | None:
    """What is known about the name at *offset*; None between names and on names nobody declares."""
    found = look_up(snapshot, file, offset)
    if found is None:
        return None
    best = found.best
    text = snapshot.text(best.file) if best.file is not None else None
    return Evidence(
        name=best.name,
        kind=best.kind,
        facts=(*_declaration(best), *_unit(snapshot, best), *_uses(snapshot, file, best)),
        code=text.slice(best.full)
        if text and best.kind not in UNIT_KINDS
        else _header(snapshot, best),
        comment=doc_comment(text, best.full.start) if text else "",
    )


def evidence_of_line(snapshot: Snapshot, file: FileId, offset: int) -> Evidence:
    """What is known about the line of *offset*: its number, the design unit around it, the names on it.

    No facts outside every unit and with no name that is declared.
    """
    text = snapshot.text(file) or SourceText(b"")
    line0 = text.line_of(offset)
    line = text.line_span(line0)
    units = [d for d in snapshot.summary(file).units() if d.span.contains(line.start)]
    inside = "".join(f" of {unit.kind.value} `{unit.name}`" for unit in units[:1])
    facts: dict[str, None] = {f"this is line {line0 + 1}{inside}": None}
    for token in tokens(text.data, line.start, line.end):
        if token.kind is TokenKind.WORD and len(facts) <= MOST_NAMES_ON_A_LINE:
            found = look_up(snapshot, file, token.start)
            facts |= dict.fromkeys([", ".join(_declaration(found.best)[:2])] if found else [])
    is_known = bool(units) or len(facts) > 1
    return Evidence("", "line", tuple(facts) if is_known else (), text.slice(line).strip(), "")


def _header(snapshot: Snapshot, unit: Declared) -> str:
    if unit.file is None or unit.index is None:
        return ""
    return header(snapshot.summary(unit.file), unit.index)


def _declaration(best: Declared) -> list[str]:
    words = " ".join(word for word in (best.direction, best.kind) if word)
    inside = f" of `{best.container}`" if best.container else ""
    facts = [f"`{best.name}` is {_article(words)} {words}{inside}"]
    if best.type_text and best.kind not in UNIT_KINDS:
        width = best.symbol.bit_width if best.symbol else None
        size = f", {width} bit{'s' if width != 1 else ''} wide" if width else ""
        facts.append(f"its type is `{best.type_text}`{size}")
    if best.symbol and best.symbol.value:
        facts.append(f"its value is `{best.symbol.value}`")
    return facts


def _article(words: str) -> str:
    return "an" if words[:1] in "aeiou" else "a"


def _unit(snapshot: Snapshot, best: Declared) -> list[str]:
    """For a module: how many ports, what it instantiates, who instantiates it."""
    if best.kind not in UNIT_KINDS or best.file is None or best.index is None:
        return []
    summary = snapshot.summary(best.file)
    inside = [d for d in summary.decls if d.parent == best.index]
    counted = {
        direction: sum(1 for d in inside if d.kind.value == "port" and d.direction == direction)
        for direction in ("input", "output", "inout")
    }
    ports = ", ".join(f"{n} {d}{'s' if n != 1 else ''}" for d, n in counted.items() if n)
    facts = [f"it has {ports}"] if ports else []
    own = sorted({u.definition for u in summary.instances if best.full.covers(u.span)})
    if own:
        facts.append(f"it instantiates {_listed(own)}")
    parents = {
        d.name
        for use in snapshot.index.instances_of(best.name)
        for d in snapshot.summary(use.file).units()
        if d.span.covers(use.instance.span)
    }
    if parents:
        facts.append(f"it is instantiated in {_listed(sorted(parents))}")
    return facts


def _listed(words: list[str]) -> str:
    shown = ", ".join(f"`{word}`" for word in words[:MOST_LINES_NAMED])
    more = len(words) - MOST_LINES_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _uses(snapshot: Snapshot, file: FileId, best: Declared) -> list[str]:
    """In which lines of *file* the name is written and read."""
    facts, text = snapshot.fresh_facts(file), snapshot.text(file)
    if facts is None or text is None or best.kind in UNIT_KINDS:
        return []
    writes, reads = uses_of(
        facts, snapshot.path(best.file) if best.file is not None else "", best.focus
    )
    said: list[str] = []
    if writes:
        said.append(f"it is assigned in {_lines(text, writes)} of this file")
    if reads:
        said.append(f"it is used in {_lines(text, reads)} of this file")
    return said


def uses_of(facts: FileFacts, path: str, name_span: Span) -> tuple[list[Span], list[Span]]:
    """Where the symbol declared at *name_span* of *path* is written, and where it is otherwise used."""
    wanted = {
        index
        for index, symbol in enumerate(facts.symbols)
        if symbol.path == path and symbol.name_span == name_span
    }
    mine = [r for r in facts.references if r.symbol in wanted and not r.is_declaration]
    return [r.span for r in mine if r.is_write], [r.span for r in mine if not r.is_write]


def _lines(text: SourceText, spans: list[Span]) -> str:
    numbers = sorted({text.line_of(where.start) + 1 for where in spans})
    shown = ", ".join(map(str, numbers[:MOST_LINES_NAMED]))
    more = f" and {len(numbers) - MOST_LINES_NAMED} more" if len(numbers) > MOST_LINES_NAMED else ""
    return f"line {shown}{more}" if len(numbers) == 1 else f"lines {shown}{more}"
