"""The keys of a struct literal that follow from the struct."""

from __future__ import annotations

from hdl_lsp.computed.struct_literal import struct_literal
from tests.support.computed import suggested

HEAD = """\
package p;
  typedef enum logic {OFF, ON} mode_e;
  typedef struct packed {logic valid; logic [7:0] data; mode_e mode;} beat_t;
  typedef struct packed {beat_t beat; logic last;} packet_t;
  typedef struct {int count; beat_t beats [2];} loose_t;
endpackage
module sink import p::*; (input beat_t beat_i);
endmodule
module m import p::*; (input logic valid_i, output beat_t beat_o, output packet_t packet_o);
  beat_t beat_d;
  beat_t [1:0] beats_d;
  logic [7:0] data;
"""


def check(body: str, *expected: str) -> None:
    """*body* as an item of a module with signals of some struct types, and what is suggested in it."""
    assert suggested(struct_literal, f"{HEAD}{body}\nendmodule\n") == expected


def test_every_field_on_one_line() -> None:
    """Signals of a field's name are its value, else the zero of its type."""
    check("  assign beat_d = '{<|>};", "valid: valid_i, data: data, mode: OFF")


def test_literal_that_is_not_closed() -> None:
    """The closing bracket and the semicolon come along."""
    check("  assign beat_d = '{<|>", "valid: valid_i, data: data, mode: OFF};")


def test_one_field_a_line() -> None:
    """On a line of its own every field gets a line."""
    check(
        "  assign beat_d = '{\n    <|>\n  };",
        "valid: valid_i,\n    data: data,\n    mode: OFF",
    )


def test_colons_in_the_column_of_the_items_above() -> None:
    """The keys are filled up as those above are."""
    check(
        "  assign packet_o = '{\n    beat: '{\n      valid : 1'b1,\n      data  : data,\n      <|>\n    },\n    last: 1'b0\n  };",
        "mode  : OFF",
    )


def test_remaining_fields_on_the_line() -> None:
    """After a comma the fields that are not there yet."""
    check("  assign beat_d = '{valid: 1'b1, <|>};", "data: data, mode: OFF")


def test_field_between_two_others() -> None:
    """Between two items comes what stands between them in the struct, with a comma after it."""
    check("  assign beat_d = '{\n    valid: 1'b1,\n    <|>\n    mode: ON\n  };", "data: data,")


def test_half_typed_key() -> None:
    """The suggestion goes on from what is typed."""
    check("  assign beat_d = '{valid: 1'b1, da<|>};", "ta: data, mode: OFF")


ALL = "valid: valid_i, data: data, mode: OFF"


def test_nested_literals() -> None:
    """In a field that is a struct, and in an element of an array of structs."""
    check("  assign packet_o = '{beat: '{<|>}};", ALL)
    check("  assign beats_d[0] = '{<|>};", ALL)
    check(
        "  localparam beat_t Two [2] = '{'{valid: 1'b0, data: 8'h1, mode: OFF},\n    '{<|>}};", ALL
    )


def test_typed_literal_port_and_ternary() -> None:
    """The type is written before the bracket, is a port's, or stands left of the assignment."""
    check("  assign data = beat_t'{<|>};", ALL)
    check("  sink u_sink (.beat_i('{<|>}));", ALL)
    check("  assign beat_d = valid_i ? '0 : '{<|>};", ALL)


def test_values_that_all_others_agree_on() -> None:
    """Two other literals of the struct write the same value."""
    check(
        """\
  beat_t one, two;
  assign one = '{valid: 1'b1, data: '1, mode: ON};
  assign two = '{valid: 1'b0, data: '1, mode: ON};
  assign beat_d = '{<|>};""",
        "valid: valid_i, data: '1, mode: ON",
    )


def test_default_where_fields_were_passed_over() -> None:
    """Fields left out above the last one are what `default` stands for."""
    check("  assign beat_d = '{mode: ON, <|>};", "default: '0")


def test_silent_where_nothing_follows() -> None:
    """Arrays, positional values, an unknown type, a plain concatenation, after default, a missing comma."""
    check("  assign beats_d = '{<|>};")
    check("  assign beat_d = '{1'b1, <|>};")
    check("  assign nobody = '{<|>};")
    check("  assign data = {<|>};")
    check("  assign beat_d = '{default: '0, <|>};")
    check("  assign beat_d = '{valid: 1'b1 <|>};")
    check("  assign beat_d = '{valid: <|>};")


def test_unpacked_fields() -> None:
    """An array field is set by its default."""
    check("  loose_t loose;\n  assign loose = '{<|>};", "count: '0, beats: '{default: '0}")


def test_unknown_type_with_another_literal_of_the_signal() -> None:
    """Where no declaration tells the fields, another literal assigned to the same signal does."""
    assert suggested(
        struct_literal,
        """
        module m #(parameter type rsp_t = logic) (input logic a, output rsp_t rsp_o);
          always_comb begin
            rsp_o = '{data: '0, error: 1'b1};
            if (a) rsp_o = '{<|>};
          end
        endmodule
        """,
    ) == ("data: '0, error: '0",)


def test_struct_from_a_macro() -> None:
    """A type that a macro declares is known from slang's facts."""
    assert suggested(
        struct_literal,
        """
        `define PAIR(name) typedef struct packed {logic left; logic right;} name;
        module m (input logic a);
          `PAIR(pair_t)
          pair_t pair;
          assign pair = '{<|>};
        endmodule
        """,
        facts=True,
    ) == ("left: '0, right: '0",)
