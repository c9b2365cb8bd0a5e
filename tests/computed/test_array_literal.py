"""Elements of an array literal that follow from the array."""

from __future__ import annotations

from hdl_lsp.computed.array_literal import array_literal
from tests.support.computed import suggested

HEAD = """\
module m (input logic [7:0] a, input logic [7:0] in [4], output logic [7:0] out [4]);
  typedef enum logic {OFF, ON} mode_e;
  typedef struct {int x;} loose_t;
  logic [7:0] word [4];
  mode_e modes [0:3];
  loose_t loose [2];
"""


def check(body: str, *expected: str) -> None:
    """*body* as an item of a module with some arrays, and what is suggested in it."""
    assert suggested(array_literal, f"{HEAD}{body}\nendmodule\n") == expected


def test_default_of_an_empty_literal() -> None:
    """One value for all elements: the zero of their type."""
    check("  assign modes = '{<|>};", "default: OFF")
    check("  assign loose = '{<|>", "default: '{default: '0}};")


def test_series_goes_on() -> None:
    """Elements that count one number on are counted on to the end of the array."""
    check("  mode_e m0, m1, m2, m3;\n  assign modes = '{m0, m1, <|>};", "m2, m3")
    check(
        "  mode_e m0, m1, m2, m3;\n  assign modes = '{\n    0: m3,\n    1: m2,\n    <|>\n  };",
        "2: m1,\n    3: m0",
    )


def test_series_in_both_numbers() -> None:
    """Subscripts are counted on, too; the size is that of the unpacked dimension."""
    check("  assign word = '{in[3], in[2], <|>};", "in[1], in[0]")


def test_numbers_that_are_not_counted() -> None:
    """Hexadecimal digits and numbers filled up with zeros are no series."""
    check("  assign word = '{8'h08, 8'h09, <|>};")
    check("  logic [7:0] w00, w01, w02, w03;\n  assign word = '{w00, w01, <|>};")


def test_silent_where_no_series_is_visible() -> None:
    """One element, elements that differ otherwise, a full literal, a literal with default."""
    check("  assign modes = '{OFF, <|>};")
    check("  assign modes = '{OFF, ON, <|>};")
    check("  assign modes = '{default: OFF, <|>};")
    check("  mode_e m0, m1, m2, m3;\n  assign modes = '{m0, m1, m2, m3, <|>};")


def test_silent_for_what_is_no_array() -> None:
    """Scalars, unknown names and concatenations."""
    check("  assign a = '{<|>};")
    check("  assign nobody = '{<|>};")
    check("  assign modes = {<|>};")
