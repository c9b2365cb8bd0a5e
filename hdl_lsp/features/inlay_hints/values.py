"""Hints at declarations: the value a constant works out to, the width a type works out to.

Must not guess: only fresh facts are shown, so that a hint is never of an older text. Values are those of the
parameters' defaults, because a file alone has no instances.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.features.inlay_hints.hint import HintKind, InlayHint
from hdl_lsp.presentation.markup import bits, one_line
from hdl_lsp.presentation.numbers import read
from hdl_lsp.semantics.facts import FileFacts, SymbolFact
from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.members import type_name
from hdl_lsp.workspace.snapshot import Snapshot

_CONSTANTS = frozenset({DeclKind.PARAMETER, DeclKind.LOCALPARAM, DeclKind.ENUM_MEMBER})
_SIGNALS = frozenset({DeclKind.PORT, DeclKind.NET, DeclKind.VARIABLE, DeclKind.STRUCT_MEMBER})
_NAME_IN_BRACKETS = re.compile(r"\[[^\]]*[A-Za-z_]")
_LONGEST_VALUE = 40


def value_hints(snapshot: Snapshot, file: FileId, within: Span) -> Iterator[InlayHint]:
    """Values of constants written as expressions, widths of signals whose type needs working out."""
    facts, text = snapshot.fresh_facts(file), snapshot.text(file)
    if facts is None or text is None:
        return
    symbols = _declared(facts, within)
    wanted = snapshot.config.hints
    for decl in snapshot.summary(file).decls:
        symbol = symbols.get(decl.name_span.start)
        if symbol is None:
            continue
        if decl.kind in _CONSTANTS and wanted.values:
            yield from _value(text, decl, symbol)
        elif decl.kind in _SIGNALS and wanted.widths:
            yield from _width(decl, symbol)


def _declared(facts: FileFacts, within: Span) -> dict[int, SymbolFact]:
    """The symbols declared inside *within*, by the start of their names."""
    return {
        one.span.start: facts.symbols[one.symbol]
        for one in facts.references
        if one.is_declaration and within.start <= one.span.start <= within.end
    }


def _value(text: SourceText, decl: Decl, symbol: SymbolFact) -> Iterator[InlayHint]:
    written = decl.value_text.strip()
    if not symbol.value or not written or read(written) is not None:
        return
    if "".join(symbol.value.split()) == "".join(written.split()):
        return
    start = text.data.find(written.encode(), decl.name_span.end, decl.span.end)
    if start >= 0:
        end = start + len(written.encode())
        label = f"= {one_line(symbol.value, _LONGEST_VALUE)}"
        yield InlayHint(end, label, HintKind.TYPE, tooltip=symbol.type_text)


def _width(decl: Decl, symbol: SymbolFact) -> Iterator[InlayHint]:
    if symbol.bit_width is None or symbol.bit_width < 1:
        return
    if _NAME_IN_BRACKETS.search(decl.type_text) or type_name(decl.type_text):
        label = bits(symbol.bit_width)
        yield InlayHint(decl.name_span.end, label, HintKind.TYPE, tooltip=symbol.type_text)
