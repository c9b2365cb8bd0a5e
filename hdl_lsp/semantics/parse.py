"""slang's syntax tree of one text alone.

Must not elaborate, nor read any other file. The tree and its manager live and die together: a node that
outlives its tree reads freed memory (no error, garbage).
"""

from __future__ import annotations

from dataclasses import dataclass

import pyslang
from pyslang import syntax

from hdl_lsp.semantics.lexical import Lexis
from hdl_lsp.semantics.masking import masked


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A tree with its owner. Offsets of the tree's own buffer are bytes of the text."""

    manager: pyslang.SourceManager
    tree: syntax.SyntaxTree
    buffer: pyslang.BufferID  # of the text itself; what macros make lies in others


class NestingTooDeepError(Exception):
    """slang's parser refuses texts that nest deeper than its limit (about a thousand levels)."""


def parse(data: bytes, lexis: Lexis) -> ParsedText:
    """The tree of *data*; raises NestingTooDeepError, or gives an empty tree with that diagnostic.

    A fresh SourceManager every time: slang never frees the buffers of one (parsing without it
    would leak the text with every edit).
    """
    manager = pyslang.SourceManager()
    text = masked(data, lexis).decode("utf-8", "replace")
    buffer = manager.assignText(text)
    try:
        # The stubs give `inheritedMacros` a type that they do not define.
        tree = syntax.SyntaxTree.fromBuffer(buffer, manager)  # pyright: ignore[reportUnknownMemberType]
    except RuntimeError as err:  # one sign of the limit, with an empty message
        raise NestingTooDeepError from err
    return ParsedText(manager, tree, buffer.id)
