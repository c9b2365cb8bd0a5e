"""Byte columns of one line against UTF-8, UTF-16 and UTF-32 columns, and lines with columns against offsets.

Must not know LSP types: server/from_lsp.py and to_lsp.py, and the command line, are the callers.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from hdl_lsp.text.source import Offset, SourceText


class Encoding(Enum):
    """What a column counts (LSP 3.18, PositionEncodingKind); the values are LSP's names."""

    UTF8 = "utf-8"
    """Bytes."""
    UTF16 = "utf-16"
    """UTF-16 code units: two for a character outside the Basic Multilingual Plane. LSP's default."""
    UTF32 = "utf-32"
    """Characters, as compilers and the command line count."""


def byte_column(line_text: str, column: int, encoding: Encoding) -> int:
    """Bytes of *line_text* before *column* (0-based, in *encoding*).

    A column below 0 is 0, one after the end is the end, one inside a character is that character's start.
    """
    if column <= 0:
        return 0
    if line_text.isascii():
        return min(column, len(line_text))
    match encoding:
        case Encoding.UTF8:
            return _whole_bytes(line_text.encode("utf-8"), column)
        case Encoding.UTF16:
            return _bytes_before_utf16(line_text, column)
        case Encoding.UTF32:
            return len(line_text[:column].encode("utf-8"))
        case _:
            assert_never(encoding)


def column(line_text: str, byte_column: int, encoding: Encoding) -> int:
    """The 0-based column, in *encoding*, of the character that starts at byte *byte_column* of *line_text*.

    A byte column below 0 is 0, one after the end is the end, one inside a character is that character's start.
    """
    if byte_column <= 0:
        return 0
    if line_text.isascii():
        return min(byte_column, len(line_text))
    data = line_text.encode("utf-8")
    whole = _whole_bytes(data, byte_column)
    match encoding:
        case Encoding.UTF8:
            return whole
        case Encoding.UTF16:
            return len(data[:whole].decode("utf-8").encode("utf-16-le")) // 2
        case Encoding.UTF32:
            return len(data[:whole].decode("utf-8"))
        case _:
            assert_never(encoding)


def offset_at(source: SourceText, line0: int, column: int, encoding: Encoding) -> Offset:
    """The offset of a 0-based line and column; never raises.

    A line after the last is the end of the text, one below 0 its start. A column after the end of its line
    is the line's end, before its line end characters (LSP 3.18, "Position").
    """
    if line0 < 0:
        return Offset(0)
    if line0 >= source.line_count:
        return Offset(source.size_bytes)
    where = source.line_span(line0)
    return Offset(where.start + byte_column(source.slice(where), column, encoding))


def position_at(source: SourceText, offset: int, encoding: Encoding) -> tuple[int, int]:
    """The 0-based line and column of *offset*, clamped into the text.

    An offset inside a character counts as its start, one inside a line end as the end of the line.
    """
    line0 = source.line_of(offset)
    start = source.line_starts[line0]
    if (
        source.is_ascii
        and start <= offset < len(source.data)
        and source.data[offset] not in b"\r\n"
    ):
        return line0, offset - start  # the common case by far, and answers hold thousands of places
    where = source.line_span(line0)
    return line0, column(source.slice(where), offset - where.start, encoding)


def _whole_bytes(data: bytes, at: int) -> int:
    """*at* clamped to the end of *data* and moved back to the start of a character."""
    at = min(at, len(data))
    while 0 < at < len(data) and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


def _bytes_before_utf16(line_text: str, units: int) -> int:
    """Bytes of the characters of *line_text* that fit into *units* UTF-16 code units."""
    prefix = line_text.encode("utf-16-le")[: 2 * units]
    # A cut surrogate pair is dropped: the column pointed inside that character.
    return len(prefix.decode("utf-16-le", "ignore").encode("utf-8"))
