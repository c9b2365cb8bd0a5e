"""Columns and positions in three encodings, on every awkward character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.text.columns import Encoding, byte_column, column, offset_at, position_at
from hdl_lsp.text.source import SourceText

AWKWARD = st.text(
    st.sampled_from("ab_ \t\r\n\f\v\0é€\u2028\u2029\x85\U0001d11e😀\ufeff"), max_size=40
)


@pytest.mark.parametrize(
    ("encoding", "want"), [(Encoding.UTF8, 6), (Encoding.UTF16, 4), (Encoding.UTF32, 3)]
)
def test_a_column_counts_what_its_encoding_says(encoding: Encoding, want: int) -> None:
    """After `a😀b` a column is 6 bytes, 4 code units or 3 characters."""
    assert column("a😀bc", 6, encoding) == want
    assert byte_column("a😀bc", want, encoding) == 6


def test_a_column_inside_a_character_is_its_start() -> None:
    """Half a surrogate pair, or the third byte of four, falls back to the character's start."""
    assert byte_column("a😀b", 2, Encoding.UTF16) == 1
    assert byte_column("a😀b", 3, Encoding.UTF8) == 1
    assert column("a😀b", 3, Encoding.UTF16) == 1


@pytest.mark.parametrize("encoding", Encoding)
def test_columns_outside_the_line_are_clamped(encoding: Encoding) -> None:
    """Columns below zero and after the end give the line's ends."""
    assert byte_column("é", -3, encoding) == 0
    assert byte_column("é", 99, encoding) == 2
    assert column("é", -3, encoding) == 0
    assert column("é", 99, encoding) == column("é", 2, encoding)


def test_positions_outside_the_text_are_clamped() -> None:
    """A line after the last is the end; a column after a line's end stays before its line end."""
    text = SourceText.of("ab\r\ncd")
    assert offset_at(text, 7, 0, Encoding.UTF16) == 6
    assert offset_at(text, -1, 5, Encoding.UTF16) == 0
    assert offset_at(text, 0, 99, Encoding.UTF16) == 2
    assert position_at(text, 3, Encoding.UTF16) == (0, 2)
    assert position_at(text, 99, Encoding.UTF16) == (1, 2)


def test_only_three_line_ends_exist() -> None:
    """Form feed, vertical tab, U+0085 and U+2028 are characters of a line, not its end."""
    text = SourceText.of("a\u2028b\fc\vd\x85e\rf\ng\r\nh")
    assert text.line_count == 4
    assert position_at(text, text.data.index(b"h"), Encoding.UTF32) == (3, 0)


@given(AWKWARD, st.sampled_from(Encoding))
def test_offset_to_position_and_back_is_the_same(text: str, encoding: Encoding) -> None:
    """Every character boundary outside a CRLF pair survives the round trip."""
    source = SourceText.of(text)
    for index in range(len(text) + 1):
        if text[index - 1 : index + 1] == "\r\n" and 0 < index < len(text):
            continue
        offset = len(text[:index].encode())
        line0, at = position_at(source, offset, encoding)
        assert offset_at(source, line0, at, encoding) == offset


@given(AWKWARD, st.integers(-5, 200), st.integers(-5, 200), st.sampled_from(Encoding))
def test_any_position_gives_an_offset_inside(
    text: str, line0: int, at: int, encoding: Encoding
) -> None:
    """No line and column, however wrong, leaves the text or cuts a character."""
    source = SourceText.of(text)
    offset = offset_at(source, line0, at, encoding)
    assert 0 <= offset <= source.size_bytes
    source.data[:offset].decode()
    position_at(source, at, encoding)
