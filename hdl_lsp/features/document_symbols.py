"""The outline of a file: every declaration inside what holds it.

Must not need a file without errors: a summary of broken text has what slang's parser could recover.
"""

from __future__ import annotations

from hdl_lsp.presentation.markup import one_line
from hdl_lsp.presentation.symbols import Symbol, SymbolKind, symbol_kind
from hdl_lsp.semantics.summary import Decl, DeclKind
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_LONGEST_DETAIL = 80  # characters


def document_symbols(snapshot: Snapshot, file: FileId) -> tuple[Symbol, ...]:
    """The declarations of *file* as a tree, in order; macros stand at the top level where they are defined."""
    summary = snapshot.summary(file)
    children: dict[int | None, list[int]] = {}
    for index, decl in enumerate(summary.decls):
        children.setdefault(decl.parent, []).append(index)
    built: dict[int, Symbol] = {}
    # A child has a larger index than its parent: backwards, children are ready when their parent is built.
    for index in range(len(summary.decls) - 1, -1, -1):
        inner = tuple(built[child] for child in children.get(index, ()))
        built[index] = _symbol(summary.decls[index], inner)
    top = [built[index] for index in children.get(None, ())]
    top += (
        Symbol(macro.name, SymbolKind.CONSTANT, "macro", macro.span, macro.name_span)
        for macro in summary.macros
    )
    return tuple(sorted(top, key=lambda symbol: (symbol.span.start, symbol.focus.start)))


def _symbol(decl: Decl, inner: tuple[Symbol, ...]) -> Symbol:
    end = max((decl.span.end, decl.name_span.end, *(child.span.end for child in inner)))
    start = min((decl.span.start, decl.name_span.start, *(child.span.start for child in inner)))
    return Symbol(
        decl.name or f"({decl.kind.value})",
        symbol_kind(decl.kind.value, decl.type_text),
        _detail(decl),
        Span(start, end),
        decl.name_span,
        inner,
    )


def _detail(decl: Decl) -> str:
    match decl.kind:
        case DeclKind.INSTANCE:
            text = decl.definition
        case DeclKind.PORT:
            known = decl.type_text.startswith(decl.direction)
            text = decl.type_text if known else f"{decl.direction} {decl.type_text}"
        case DeclKind.PARAMETER | DeclKind.LOCALPARAM | DeclKind.ENUM_MEMBER:
            text = f"{decl.type_text} = {decl.value_text}" if decl.value_text else decl.type_text
        case DeclKind.FUNCTION | DeclKind.TASK:
            text = decl.type_text or decl.kind.value
        case DeclKind.NET | DeclKind.VARIABLE | DeclKind.STRUCT_MEMBER | DeclKind.TYPEDEF:
            text = decl.type_text
        case _:
            text = decl.kind.value
    return one_line(text, _LONGEST_DETAIL)
