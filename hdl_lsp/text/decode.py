"""Bytes on disk become a SourceText, whatever their encoding.

Must not read files, and never fails: text that is not UTF-8 is still worth showing.
"""

from __future__ import annotations

import codecs

from hdl_lsp.text.source import SourceText

UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""Byte order marks of UTF-16. Without one, UTF-16 can't be told from Latin-1 full of NULs, and is not guessed."""


def decode(data: bytes) -> SourceText:
    """The text of *data*: UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1.

    The mark is dropped. NUL and other control characters are kept: they are part of the text an editor shows.
    Latin-1 gives every byte one character, so that line numbers and ASCII identifiers stay right.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    for mark, encoding in UTF16_MARKS.items():
        if data.startswith(mark):
            return SourceText.of(data[len(mark) :].decode(encoding, "replace"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return SourceText.of(data.decode("latin-1"))
    return SourceText(data)


def encoding_of(data: bytes) -> str:
    """How decode() reads *data*, for a person: "UTF-8", "UTF-8 with a byte order mark", "UTF-16", "Latin-1"."""
    if data.startswith(codecs.BOM_UTF8):
        return "UTF-8 with a byte order mark"
    if any(data.startswith(mark) for mark in UTF16_MARKS):
        return "UTF-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "Latin-1"
    return "UTF-8"
