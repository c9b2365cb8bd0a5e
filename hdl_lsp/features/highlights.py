"""The other uses, in the same file, of the name under the cursor, and the partners of a keyword.

Must not look at other files; references.py does.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.words import KEYWORDS, identifier_spans
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.keyword_blocks import keyword_blocks
from hdl_lsp.workspace.scopes import find_local, may_mean
from hdl_lsp.workspace.snapshot import Snapshot

_CONDITIONALS = frozenset(("conditional_statement", "if_generate_construct"))
_SILENT = frozenset({CursorKind.COMMENT, CursorKind.STRING, CursorKind.NUMBER, CursorKind.INCLUDE})


@dataclass(frozen=True, slots=True)
class Highlight:
    """One use; *is_write* where its value changes there, *is_text* for a keyword."""

    span: Span
    is_write: bool
    is_text: bool = False


def highlights(snapshot: Snapshot, file: FileId, offset: int) -> tuple[Highlight, ...]:
    """Every use of the name at *offset* in *file*, in order; by spelling within its scope while facts are old.

    On a keyword: the keywords that belong to it, as `end` to `begin` and `else` to `if`.
    """
    text = snapshot.text(file)
    if text is None:
        return ()
    at = cursor(snapshot.syntax(file), offset)
    if not at.word or at.kind in _SILENT:
        return ()
    facts = snapshot.fresh_facts(file)
    resolved = _by_symbol(facts, offset) if facts else ()
    if resolved:
        return resolved
    if at.word in KEYWORDS:
        partners = _partners(snapshot, file, at.word_span)
        return tuple(Highlight(one, is_write=False, is_text=True) for one in partners)
    if at.kind is CursorKind.MACRO and not snapshot.index.macros(at.word):
        return ()  # a directive, or unknown
    summary = snapshot.summary(file)
    local = find_local(summary, at.word_span.start, at.word)
    return tuple(
        Highlight(use, is_write=False)
        for use in identifier_spans(text, at.word)
        if not local or may_mean(summary, local[0], use.start)
    )


def _partners(snapshot: Snapshot, file: FileId, keyword: Span) -> tuple[Span, ...]:
    """The keywords that belong to *keyword*, itself among them; () where it stands alone."""
    for block in keyword_blocks(snapshot, file):
        if keyword in (block.opener, block.closer):
            return (block.opener, block.closer)
    for node in reversed(snapshot.syntax(file).path_at(keyword.start)):
        if node.kind in _CONDITIONALS:
            branches = [c.span for c in node.children() if c.kind in {"if", "else"}]
            return tuple(branches) if keyword in branches and len(branches) > 1 else ()
    return ()


def _by_symbol(facts: FileFacts, offset: int) -> tuple[Highlight, ...]:
    symbol = facts.symbol_at(offset)
    if symbol is None:
        return ()
    uses: dict[Span, bool] = {}
    for reference in facts.references:
        other = facts.symbols[reference.symbol]
        same = other is symbol or (
            other.name == symbol.name
            and (other.path, other.name_span) == (symbol.path, symbol.name_span)
        )
        if same:
            uses[reference.span] = uses.get(reference.span, False) or reference.is_write
    return tuple(Highlight(where, is_write) for where, is_write in sorted(uses.items()))
