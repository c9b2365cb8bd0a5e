"""Number literals read and spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.presentation.numbers import LITERAL, Literal, digits_fit, read, spelled, value_in_words


@pytest.mark.parametrize(
    ("text", "value", "width"),
    [
        ("42", 42, None),
        ("1_000", 1000, None),
        ("8'hff", 255, 8),
        ("8 'hf_f", 255, 8),
        ("'d7", 7, None),
        ("4'b1010", 10, 4),
        ("6'o17", 15, 6),
        ("8'sd3", 3, 8),
        ("-8'd3", -3, 8),
        ("4'b1x0z", None, 4),
        ("'1", 1, None),
        ("'x", None, None),
    ],
)
def test_read(text: str, value: int | None, width: int | None) -> None:
    """Every form of 5.7.1 gives its value and width."""
    literal = read(text)
    assert literal is not None
    assert (literal.value, literal.width) == (value, width)


@pytest.mark.parametrize("text", ["", "abc", "4'", "'h", "4'b12", "3.14", "1ns", "'2", "8'hxyz!"])
def test_what_is_no_literal(text: str) -> None:
    """Other text is no literal."""
    assert read(text) is None


@given(st.integers(0, 2**80), st.integers(1, 128))
def test_hexadecimal_round_trip(value: int, width: int) -> None:
    """A number written in hexadecimal is read as itself, and said to fit if it does."""
    literal = read(f"{width}'h{value:x}")
    assert literal == Literal(value, width, is_signed=False)
    assert digits_fit(literal) == (value < 2**width)


def test_spelled() -> None:
    """Decimal, hexadecimal and binary; no binary beyond 64 digits; nothing for x."""
    assert spelled(Literal(10, 4, is_signed=False)) == ("10", "0xA", "0b1010")
    assert len(spelled(Literal(1 << 70, 80, is_signed=False))) == 2
    assert spelled(Literal(None, 4, is_signed=False)) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("32'h1f", "32'h1f (31, 0x1F)"),
        ("3", "3"),
        ("255", "255 (0xFF)"),
        ("2'b10", "2'b10 (2)"),
        ("8'shff", "8'shff (-1)"),
        ('"text"', '"text"'),
        ("4'bxxxx", "4'bxxxx"),
    ],
)
def test_value_in_words(text: str, shown: str) -> None:
    """A constant gets its decimal and hexadecimal value beside it, if that says more."""
    assert value_in_words(text) == shown


def test_literals_in_a_line() -> None:
    """Literals are found in code; digits of identifiers, reals and times are not."""
    line = "x1 = 8'hff + 12 - 'd3 & '1 | 3.14 # 10ns;"
    assert [m.group() for m in LITERAL.finditer(line)] == ["8'hff", "12", "'d3", "'1"]
