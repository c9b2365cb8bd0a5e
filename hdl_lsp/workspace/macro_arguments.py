"""Names in the body of a `` `define `` that stand for its arguments (IEEE 1800-2023 22.5.1).

Must not look at uses of the macro.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.semantics.summary import MacroDef
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.words import identifier_spans
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class MacroArgument:
    """An argument named at an offset: where the name is, and where the macro's list declares it."""

    macro: MacroDef
    name: str
    span: Span
    declared: Span


def macro_argument(snapshot: Snapshot, file: FileId, offset: int) -> MacroArgument | None:
    """The argument that is named at *offset*, in the list or the body of a macro; None elsewhere."""
    text = snapshot.text(file)
    for macro in snapshot.summary(file).macros:
        if not macro.span.contains(offset) or not macro.arguments or text is None:
            continue
        at = cursor(snapshot.syntax(file), offset)
        if at.kind is CursorKind.MACRO or at.word not in macro.arguments:
            return None
        rest = SourceText(text.data[macro.name_span.end : macro.span.end])
        for first in identifier_spans(rest, at.word)[:1]:
            start = macro.name_span.end + first.start
            return MacroArgument(macro, at.word, at.word_span, span(start, start + first.length))
    return None
