"""Lines and slices of a text."""

from __future__ import annotations

from hdl_lsp.text.source import SourceText, span


def test_an_empty_text_has_one_line() -> None:
    """Nothing is still one empty line."""
    text = SourceText.of("")
    assert (text.line_count, text.line_text(0), text.line_of(9)) == (1, "", 0)


def test_a_final_line_end_starts_an_empty_line() -> None:
    """As in an editor, the cursor can stand after the last line end."""
    text = SourceText.of("a\n")
    assert (text.line_count, text.line_text(1)) == (2, "")


def test_lines_end_at_each_of_three_line_ends() -> None:
    """CRLF is one line end; a lone CR is one too."""
    text = SourceText.of("a\r\nb\rc\n\rd")
    assert [text.line_text(line) for line in range(text.line_count)] == ["a", "b", "c", "", "d"]


def test_lines_outside_the_text_are_empty() -> None:
    """Lines before the first and after the last are empty spans at the nearest end."""
    text = SourceText.of("abc")
    assert (text.line_span(-1), text.line_span(5)) == (span(0, 0), span(3, 3))


def test_a_slice_of_half_a_character_shows_a_replacement() -> None:
    """Cutting through a character never raises."""
    assert SourceText.of("é").slice(span(0, 1)) == "\ufffd"


def test_equal_texts_have_equal_digests() -> None:
    """The digest follows the content, nothing else."""
    assert SourceText.of("a").digest == SourceText(b"a").digest != SourceText.of("b").digest
