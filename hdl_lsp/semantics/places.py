"""Where slang's nodes and tokens lie in the one text they were parsed from, in bytes.

Must not know what nodes mean. What a macro made lies where the macro is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyslang
from pyslang import parsing

from hdl_lsp.semantics.lexical import Lexis
from hdl_lsp.semantics.parse import ParsedText
from hdl_lsp.text.source import Offset, Span, span

# slang hands over subclasses of SyntaxNode by kind; the stubs can't say which kind has which class.
Node = Any

_COMMENT = re.compile(rb"/\*.*?\*/|//[^\r\n]*", re.DOTALL)
_MACRO_AT = re.compile(rb"`[\w$]*")


class Places:
    """Spans and texts of the nodes of one tree."""

    def __init__(self, parsed: ParsedText, data: bytes, lexis: Lexis | None = None) -> None:
        is_sound = lexis is not None and not parsed.tree.diagnostics and b'"""' not in data
        self.data = data
        self.code = lexis.code if lexis is not None and is_sound else None
        """The text without comments and strings, if slang reads it as lexical.py does; else None."""
        self._is_flat = lexis is not None and is_sound and not _expands(lexis)
        self._manager = parsed.manager
        self._buffer = parsed.buffer

    def span(self, node: Node) -> Span:
        """The node's bytes; empty for a node without tokens."""
        where = node.sourceRange
        if self._is_flat:
            return span(where.start.offset, where.end.offset)
        start, end = self._offset(where.start), self._offset(where.end)
        return Span(Offset(start), Offset(max(start, end)))

    def token(self, token: parsing.Token) -> Span:
        """The token's bytes; of one that a macro made, the name of that macro's use."""
        if self._is_flat:
            start = token.location.offset
            return span(start, start + len(token.rawText.encode()))
        location = token.location
        length = len(token.rawText.encode())
        if location.buffer == self._buffer:
            start = min(location.offset, len(self.data))
            return span(start, min(start + length, len(self.data)))
        if self._manager.isMacroArgLoc(location):
            original = self._manager.getFullyOriginalLoc(location)
            if original.buffer == self._buffer and self.data.startswith(
                token.rawText.encode(), original.offset
            ):
                return span(original.offset, original.offset + length)
        start = self._offset(location)
        used = _MACRO_AT.match(self.data, start)
        return span(start, used.end() if used else start)

    def text(self, where: Span) -> str:
        """The text of *where* on one line, comments left out."""
        data = self.data[where.start : where.end]
        if b"/" in data:
            data = _COMMENT.sub(b" ", data)
        return b" ".join(data.split()).decode("utf-8", "replace")

    def text_of(self, node: Node) -> str:
        """The node's text on one line, comments left out."""
        return self.text(self.span(node))

    def _offset(self, location: pyslang.SourceLocation) -> int:
        """The place in our text: of a macro's product, where the macro is used."""
        if location.buffer == self._buffer:
            return min(location.offset, len(self.data))  # a missing last token lies beyond
        expanded = self._manager.getFullyExpandedLoc(location)
        return min(expanded.offset, len(self.data)) if expanded.buffer == self._buffer else 0


def _expands(lexis: Lexis) -> bool:
    """Some token of the parse may be made by a macro, and so lie elsewhere than in the text."""
    return bool(lexis.macros) or b"`__" in lexis.code  # `__LINE__ and `__FILE__


def nodes(items: Iterable[object]) -> list[Node]:
    """The nodes of a separated list, without its commas."""
    return [item for item in items if not isinstance(item, parsing.Token)]
