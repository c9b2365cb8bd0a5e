"""Tokens as LSP sends them: five numbers each, relative to the token before (LSP 3.17, "Semantic Tokens").

Must not know documents or clients beyond their position encoding.
"""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Callable

from hdl_lsp.presentation.tokens import Tokens, modifier_set, type_number
from hdl_lsp.text.columns import Encoding, column
from hdl_lsp.text.source import SourceText

FIVE = 5  # numbers of one token


class TokenEncoder:
    """Encodes the tokens of one text, piece by piece in text order."""

    def __init__(self, text: SourceText, encoding: Encoding) -> None:
        self.data: array[int] = array("I")
        self._text = text
        self._encoding = encoding
        # Columns are bytes where nothing else can be.
        self._is_plain = encoding is Encoding.UTF8 or text.data.isascii()
        self._line0 = self._column = 0

    def add(self, tokens: Tokens) -> None:
        """Appends *tokens*, which lie after those added before."""
        starts = self._text.line_starts
        line0 = bisect.bisect_right(starts, tokens.starts[0]) - 1 if len(tokens) else 0
        last_line0, last_column, data = self._line0, self._column, self.data
        for start, end, code in tokens:
            while line0 + 1 < len(starts) and starts[line0 + 1] <= start:
                line0 += 1
            where = start - starts[line0]
            length = end - start
            if not self._is_plain:
                line = self._text.line_text(line0)
                until = column(line, where + length, self._encoding)
                where = column(line, where, self._encoding)
                length = until - where
            data.extend(
                (
                    line0 - last_line0,
                    where if line0 != last_line0 else where - last_column,
                    length,
                    type_number(code),
                    modifier_set(code),
                )
            )
            last_line0, last_column = line0, where
        self._line0, self._column = last_line0, last_column


def difference(old: array[int], new: array[int]) -> tuple[int, int, array[int]] | None:
    """The one edit that turns *old* into *new*: start, numbers deleted, numbers inserted; None if they are equal.

    Whole tokens only. What lies before and after stays the same, because positions are relative.
    """
    before, after = old.tobytes(), new.tobytes()
    if before == after:
        return None
    size = FIVE * old.itemsize
    shorter = min(len(before), len(after)) // size
    head = _equal(shorter, lambda n: before[: n * size] == after[: n * size])
    rest = shorter - head
    tail = _equal(
        rest,
        lambda n: before[len(before) - n * size :] == after[len(after) - n * size :],
    )
    start = head * FIVE
    return start, len(old) - start - tail * FIVE, new[start : len(new) - tail * FIVE]


def _equal(limit: int, is_equal: Callable[[int], bool]) -> int:
    """The largest number up to *limit* for which *is_equal*, which is true below any for which it is true."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if is_equal(middle):
            low = middle
        else:
            high = middle - 1
    return low
