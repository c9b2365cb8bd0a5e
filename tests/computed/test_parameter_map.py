"""The parameters of an instance that follow from names in scope and from other instances."""

from __future__ import annotations

from hdl_lsp.computed.parameter_map import parameter_map
from tests.support.computed import suggested

MODULES = """
//- /fifo.sv
module fifo #(parameter int Width = 8, parameter int Depth = 4) (input logic clk_i);
endmodule
//- /top.sv
"""


def check(top: str, *expected: str) -> None:
    """What is suggested in *top*, which instantiates fifo."""
    assert suggested(parameter_map, MODULES + top) == expected


def test_parameters_of_the_same_name() -> None:
    """Those that the module around has too."""
    check(
        "module top #(parameter int Width = 8, parameter int Depth = 2) ();\n  fifo #(<|>\n  ) u_fifo ();\nendmodule\n",
        "\n    .Width(Width),\n    .Depth(Depth)",
    )


def test_silent_before_the_instance_has_a_name() -> None:
    """Overrides without an instance's name after them are an error more than there was."""
    check("module top #(parameter int Width = 8) ();\n  fifo #(<|>\nendmodule\n")


def test_names_in_another_case() -> None:
    """WIDTH is Width, if nothing else is."""
    check(
        "module top;\n  localparam int WIDTH = 8;\n  localparam int DEPTH = 8;\n  fifo #(\n    <|>\n  ) u_fifo ();\nendmodule\n",
        ".Width(WIDTH),\n    .Depth(DEPTH)",
    )


def test_text_ends_before_a_parameter_of_which_nothing_is_known() -> None:
    """Depth has a default, and nobody says whether it is wanted."""
    check(
        "module top #(parameter int Width = 8) ();\n  fifo #(\n    <|>\n  ) u_fifo ();\nendmodule\n",
        ".Width(Width)",
    )
    check("module top;\n  fifo #(<|>\n  ) u_fifo ();\nendmodule\n")


def test_values_that_the_instances_around_have() -> None:
    """Two neighbours set the same."""
    check(
        """\
module top (input logic clk);
  fifo #(.Width(32), .Depth(2)) u_a (.clk_i(clk));
  fifo #(.Width(32), .Depth(2)) u_b (.clk_i(clk));
  fifo #(<|>
  ) u_c (.clk_i(clk));
endmodule
""",
        ".Width(32), .Depth(2)",
    )


def test_neighbours_that_differ_say_nothing() -> None:
    """One has 32 and one has 16."""
    check(
        """\
module top (input logic clk);
  fifo #(.Width(32)) u_a (.clk_i(clk));
  fifo #(.Width(16)) u_b (.clk_i(clk));
  fifo #(<|>
  ) u_c (.clk_i(clk));
endmodule
"""
    )


def test_a_signal_is_no_parameter() -> None:
    """A net called Width is not constant."""
    check("module top;\n  logic Width;\n  fifo #(<|>\n  ) u_fifo ();\nendmodule\n")
