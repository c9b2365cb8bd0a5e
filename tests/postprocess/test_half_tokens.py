"""Tokens that are half there at the end of a candidate, and words typed twice."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.half_tokens import half_tokens
from tests.support.candidates import AT_ASSIGN, IN_MODULE, check


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (' "abc', None),
        (" a & 8'", " a &"),
        (" a & 8'h", " a & 8'h"),
        (" a & `", " a &"),
        (" a + $", " a +"),
        (" a + \\", " a +"),
        (" a.", " a"),
        (" pkg::", " pkg"),
        (" s.a.", " s.a"),
        (" a /* more", " a"),
        (" '", None),
        (" a;", " a;"),
        (' f("x");', ' f("x");'),
        (" a |", " a |"),
        (" c ? a :", " c ? a :"),
        (" 8'hff", " 8'hff"),
        (" '0", " '0"),
    ],
)
def test_the_end(written: str, expected: str | None) -> None:
    """Half a token goes, whatever is left of it; whole tokens and operators stay."""
    check(half_tokens, AT_ASSIGN, written, expected)


@pytest.mark.parametrize(
    ("typed", "written", "expected"),
    [
        ("assi<|>", "assign y = a;", "gn y = a;"),
        ("assi<|>", "gn y = a;", "gn y = a;"),
        ("assign y = sel<|>", "select & a;", "ect & a;"),
        ("assign y = a<|>", "ab;", "ab;"),
        ("assign y = sel<|>", "sel2;", "2;"),
    ],
)
def test_a_word_that_is_typed_again(typed: str, written: str, expected: str) -> None:
    """A model that starts the cursor's word over is taken at its word; one or two letters may be chance."""
    check(half_tokens, f"module m;\n  {typed}\nendmodule", written, expected)


def test_comments_are_left_alone() -> None:
    """In a comment there are no tokens."""
    context = "module m;\n  // it <|>\nendmodule"
    check(half_tokens, context, "isn't \"half", "isn't \"half")
    check(half_tokens, IN_MODULE, "assign y = a; // isn't", "assign y = a; // isn't")
