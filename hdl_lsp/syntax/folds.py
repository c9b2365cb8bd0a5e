"""Parts of a text that an editor can fold away.

Must not count lines (features/folding.py does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from hdl_lsp.syntax.queries import captures_of
from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import SourceText, Span, span

CONDITIONAL = re.compile(
    rb"""//[^\r\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\r\n])*"?|`(ifdef|ifndef|elsif|else|endif)\b""",
    re.DOTALL,
)
COMMENTS = frozenset(("one_line_comment", "block_comment"))


class FoldKind(Enum):
    """What is folded, as LSP 3.18 (FoldingRangeKind) tells them apart."""

    CODE = auto()
    COMMENT = auto()
    """A block comment, or line comments one below the other."""
    REGION = auto()
    """One branch of a conditional directive, from its directive to before the next."""


@dataclass(frozen=True, slots=True, order=True)
class FoldSpan:
    """Something foldable that goes over at least two lines."""

    span: Span
    kind: FoldKind


def folds(tree: SyntaxTree) -> tuple[FoldSpan, ...]:
    """Everything foldable in *tree*, ordered by start, outer before inner; each goes over a line end."""
    found = [
        *(
            FoldSpan(_without_line_end(tree.text, node), FoldKind.CODE)
            for node in captures_of(tree, "folds", "fold")
        ),
        *(FoldSpan(where, FoldKind.COMMENT) for where in _comments(tree)),
        *(FoldSpan(where, FoldKind.REGION) for where in _conditionals(tree.text)),
    ]
    several = {fold for fold in found if _has_line_end(tree.text, fold.span)}
    return tuple(sorted(several, key=lambda fold: (fold.span.start, -fold.span.end)))


def _has_line_end(text: SourceText, where: Span) -> bool:
    return text.line_of(where.start) < text.line_of(where.end)


def _comments(tree: SyntaxTree) -> Iterator[Span]:
    """Block comments, and runs of line comments on lines of their own that follow each other."""
    text = tree.text
    run: Span | None = None
    for node in captures_of(tree, "comments", "comment"):
        where = _without_line_end(text, node)
        if node.kind == "block_comment":
            yield where
        elif _is_alone(text, where):
            if run is not None and text.line_of(where.start) == text.line_of(run.end) + 1:
                run = span(run.start, where.end)
                continue
            if run is not None:
                yield run
            run = where
    if run is not None:
        yield run


def _without_line_end(text: SourceText, node: Node) -> Span:
    data = text.data[node.span.start : node.span.end]
    return span(node.span.start, node.span.start + len(data.rstrip(b"\r\n")))


def _is_alone(text: SourceText, where: Span) -> bool:
    """Nothing but blanks is left of *where* on its line."""
    line = text.line_span(text.line_of(where.start))
    return text.slice(span(line.start, where.start)).strip() == ""


def _conditionals(text: SourceText) -> Iterator[Span]:
    """Branches of conditionals; one that is never closed has none."""
    starts: list[int] = []
    for found in CONDITIONAL.finditer(text.data):
        match found.group(1):
            case None:
                continue
            case b"ifdef" | b"ifndef":
                starts.append(found.start())
            case word if starts:
                yield span(starts.pop(), _end_of_line_before(text, found.start()))
                if word != b"endif":
                    starts.append(found.start())
            case _:
                continue


def _end_of_line_before(text: SourceText, offset: int) -> int:
    """End of the line before that of *offset*; *offset* on the first line."""
    line0 = text.line_of(offset)
    return text.line_span(line0 - 1).end if line0 else offset
