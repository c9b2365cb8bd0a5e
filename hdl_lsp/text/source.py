"""A text as UTF-8 bytes with a lazy line table; every offset in hdl-lsp counts bytes of such a text.

Must not know files, URIs or LSP positions (columns.py converts columns of one line).
"""

from __future__ import annotations

import bisect
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import NewType

Offset = NewType("Offset", int)
"""A position in a text: number of UTF-8 bytes before it, 0-based."""

LINE_END = re.compile(rb"\r\n|\n|\r")
"""The three line ends of LSP 3.18, "Text Documents". Form feed and U+2028 are ordinary characters."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of bytes, start <= end."""

    start: Offset
    end: Offset

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.end - self.start

    def contains(self, offset: int) -> bool:
        """*offset* lies in the range or right at its end, as an editor's cursor does."""
        return self.start <= offset <= self.end

    def covers(self, other: Span) -> bool:
        """*other* lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """The two share at least one byte."""
        return self.start < other.end and other.start < self.end


def span(start: int, end: int) -> Span:
    """The Span of two plain integers; *end* below *start* gives an empty span at *start*."""
    # Millions of these are made while a project is indexed: no calls of Offset() and max().
    return Span(start, end if end > start else start)  # noqa: FURB136 # pyright: ignore[reportArgumentType]


LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""A half of a UTF-16 pair on its own: JSON can carry it, UTF-8 can't."""


def encode(text: str) -> bytes:
    """*text* as valid UTF-8; a lone surrogate becomes U+FFFD."""
    return LONE_SURROGATE.sub("\ufffd", text).encode("utf-8")


@dataclass(frozen=True)
class SourceText:
    """An immutable text. *data* is valid UTF-8 (text.decode sees to it)."""

    data: bytes

    @staticmethod
    def of(text: str) -> SourceText:
        """The SourceText of *text*; lone surrogates become U+FFFD."""
        return SourceText(encode(text))

    @cached_property
    def text(self) -> str:
        """The whole text as str."""
        return self.data.decode("utf-8", "replace")

    @cached_property
    def digest(self) -> str:
        """Content hash, hexadecimal; equal texts have equal digests."""
        return hashlib.blake2b(self.data, digest_size=16).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Byte offset of the start of every line; never empty. A final line end starts an empty last line."""
        return (0, *(m.end() for m in LINE_END.finditer(self.data)))

    @cached_property
    def is_ascii(self) -> bool:
        """Every byte is a character, so that columns count the same in every encoding."""
        return self.data.isascii()

    @property
    def size_bytes(self) -> int:
        """Number of bytes."""
        return len(self.data)

    @property
    def line_count(self) -> int:
        """Number of lines, at least 1."""
        return len(self.line_starts)

    def line_of(self, offset: int) -> int:
        """0-based line that holds *offset*; offsets outside the text are clamped into it."""
        return bisect.bisect_right(self.line_starts, max(0, min(offset, len(self.data)))) - 1

    def line_span(self, line0: int) -> Span:
        """The 0-based line without its line end; lines outside the text give an empty span at the nearest end."""
        if line0 < 0:
            return span(0, 0)
        if line0 >= len(self.line_starts):
            return span(len(self.data), len(self.data))
        start = self.line_starts[line0]
        end = self.line_starts[line0 + 1] if line0 + 1 < len(self.line_starts) else len(self.data)
        while start < end and self.data[end - 1] in b"\r\n":
            end -= 1
        return span(start, end)

    def line_text(self, line0: int) -> str:
        """The 0-based line as str, without its line end."""
        return self.slice(self.line_span(line0))

    def slice(self, where: Span) -> str:
        """The characters of *where*; parts outside the text are left out, cut characters become U+FFFD."""
        return self.data[max(0, where.start) : max(0, where.end)].decode("utf-8", "replace")

    def full_span(self) -> Span:
        """From the first byte to the last."""
        return span(0, len(self.data))
