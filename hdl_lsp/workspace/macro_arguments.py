"""Names in the body of a `` `define `` that stand for its arguments (IEEE 1800-2023 22.5.1).

Must not look at uses of the macro.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.semantics.summary import MacroDef
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.occurrences import Code
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
        spans = argument_spans(Code(text), macro, at.word)
        if at.word_span not in spans:
            return None
        return MacroArgument(macro, at.word, at.word_span, spans[0])
    return None


def argument_spans(code: Code, macro: MacroDef, name: str) -> tuple[Span, ...]:
    """Where *name* stands for an argument of *macro*: first in its list, then in its body, pasted ones too.

    After a single backtick it names a macro; inside a string and behind a backslash it is no argument.
    """
    word = re.compile(rb"(?<![\w$\\])" + re.escape(name.encode()) + rb"(?![\w$])")
    data = code.code[macro.name_span.end : macro.span.end]
    found: list[Span] = []
    for match in word.finditer(data):
        before = data[: match.start()]
        if (len(before) - len(before.rstrip(b"`"))) % 2 == 0:
            start = macro.name_span.end + match.start()
            found.append(span(start, start + len(match[0])))
    return tuple(found)
