"""What a selection grows to, step by step: word, expression, statement, block, module, file.

Must not need a text without errors: keywords and brackets give the steps that the tree lacks.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.syntax.cursor import cursor
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.keyword_blocks import keyword_blocks
from hdl_lsp.workspace.snapshot import Snapshot


def selection_ranges(snapshot: Snapshot, file: FileId, offset: int) -> tuple[Span, ...]:
    """The spans around *offset*, each larger than the one before and holding it; the last is the whole text."""
    text = snapshot.text(file)
    if text is None:
        return ()
    offset = max(0, min(offset, text.size_bytes))
    tree = snapshot.syntax(file)
    word = cursor(tree, offset).word_span
    candidates = [
        word if word.contains(offset) else span(offset, offset),
        *(node.span for node in tree.path_at(offset)),
        *(block.span for block in keyword_blocks(snapshot, file)),
        *_line(text, offset),
        text.full_span(),
    ]
    trimmed = {_trimmed(text, one) for one in candidates}
    around = sorted(
        (one for one in trimmed if one.contains(offset)), key=lambda one: (one.length, one.start)
    )
    steps: list[Span] = []
    for one in around:
        if one.length and (not steps or (one.covers(steps[-1]) and one != steps[-1])):
            steps.append(one)
    return tuple(steps) or (span(offset, offset),)


def _line(text: SourceText, offset: int) -> Iterator[Span]:
    yield text.line_span(text.line_of(offset))


def _trimmed(text: SourceText, where: Span) -> Span:
    """*where* without the blanks at its ends, but the whole text as it is."""
    if where == text.full_span():
        return where
    code = text.data[where.start : where.end]
    start = where.start + len(code) - len(code.lstrip())
    return span(start, max(start, where.start + len(code.rstrip())))
