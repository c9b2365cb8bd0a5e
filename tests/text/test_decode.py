"""Files in every encoding become text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.text.decode import decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("é\0x".encode(), "é\0x"),
        (codecs.BOM_UTF8 + b"module", "module"),
        (codecs.BOM_UTF16_LE + "é😀".encode("utf-16-le"), "é😀"),
        (codecs.BOM_UTF16_BE + "é😀".encode("utf-16-be"), "é😀"),
        (b"// 25\xb0C\r\n", "// 25\u00b0C\r\n"),
    ],
)
def test_encodings_that_occur(data: bytes, text: str) -> None:
    """UTF-8, both with a mark and without, UTF-16 with a mark and Latin-1 are read as what they are."""
    assert decode(data).text == text


@given(st.binary(max_size=60))
def test_no_bytes_fail(data: bytes) -> None:
    """Any bytes give valid UTF-8."""
    decode(data).data.decode()


@given(st.binary(max_size=60))
def test_bytes_without_a_mark_keep_their_line_count(data: bytes) -> None:
    """Decoding neither adds nor loses a line, so compilers and editors agree on line numbers."""
    if data[:2] in (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE):
        return
    ends = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    assert decode(data).line_count == ends + 1
