"""Edits applied, found and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.text.edit import OverlapError, TextEdit, apply, minimal_edit
from hdl_lsp.text.source import SourceText, span

TEXT = st.text(st.sampled_from("ab\r\n\0éè€😀😁"), max_size=30)


def test_edits_count_in_the_old_text() -> None:
    """Several edits of one set all use offsets of the text before any of them."""
    text = SourceText.of("abcdef")
    edits = [TextEdit(span(4, 5), ""), TextEdit(span(0, 1), "XYZ"), TextEdit(span(2, 2), "-")]
    assert apply(text, edits).text == "XYZb-cdf"


def test_insertions_at_one_place_keep_their_order() -> None:
    """Two insertions at one offset come out in the order they were given."""
    assert (
        apply(SourceText.of("ab"), [TextEdit(span(1, 1), "1"), TextEdit(span(1, 1), "2")]).text
        == "a12b"
    )


def test_overlapping_edits_are_refused() -> None:
    """Two edits that share a byte have no meaning."""
    with pytest.raises(OverlapError):
        apply(SourceText.of("abcd"), [TextEdit(span(0, 3), ""), TextEdit(span(2, 4), "")])


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    """Text from JSON with half a surrogate pair stays valid UTF-8."""
    assert apply(SourceText.of("a\ud800"), [TextEdit(span(0, 0), "\udc00")]).text == "\ufffda\ufffd"


def test_one_typed_character_is_one_insertion() -> None:
    """The minimal edit of a keystroke is the keystroke, also between equal characters."""
    edit = minimal_edit(SourceText.of("a é b"), SourceText.of("a éé b"))
    assert edit is not None
    assert (edit.span.length, edit.new_text) == (0, "é")


def test_characters_that_share_bytes_are_replaced_whole() -> None:
    """`é` to `è` replaces the character, not its second byte."""
    assert minimal_edit(SourceText.of("xéy"), SourceText.of("xèy")) == TextEdit(span(1, 3), "è")


@given(TEXT, TEXT)
def test_the_minimal_edit_leads_from_old_to_new(old: str, new: str) -> None:
    """Applied to the old text, the minimal edit gives the new one, and none is given for equal texts."""
    before, after = SourceText.of(old), SourceText.of(new)
    edit = minimal_edit(before, after)
    assert (edit is None) == (old == new)
    assert apply(before, [edit] if edit else []) == after


@given(TEXT, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXT), max_size=5))
def test_edits_one_after_another_equal_plain_string_edits(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    """A chain of edits on bytes ends in the text that Python's own strings end in."""
    source, plain = SourceText.of(text), text
    for first, second, new in changes:
        start, end = sorted((min(first, len(plain)), min(second, len(plain))))
        start_byte, end_byte = len(plain[:start].encode()), len(plain[:end].encode())
        source = apply(source, [TextEdit(span(start_byte, end_byte), new)])
        plain = plain[:start] + new + plain[end:]
    assert source == SourceText.of(plain)
    assert source.line_starts == SourceText.of(plain).line_starts
