"""Signature help: calls, instances, parameters, macros, system tasks."""

from __future__ import annotations

from inline_snapshot import snapshot

from hdl_lsp.features.signature_help import signature_help
from tests.support.fixture import parse_fixture

DESIGN = """
//- /lib.sv
`define MAX(a, b) ((a) > (b) ? (a) : (b))
package pkg;
  // Sum of two numbers.
  function automatic int add(int first, input int second = 0);
    return first + second;
  endfunction
  class counter;
    function new(int start); endfunction
    function int step(int by); return by; endfunction
  endclass
endpackage
module fifo #(parameter int Depth = 4, parameter int Width = 8) (
  input logic clk_i, // rising edge
  output logic [Width-1:0] data_o
);
endmodule
"""


def shown(top: str) -> str:
    """The active signature with its active parameter in brackets; "" for none."""
    at = parse_fixture(DESIGN + "//- /top.sv\n" + top)
    found = signature_help(at.snapshot(), at.file, at.offset)
    if found is None:
        return ""
    signature = found.signatures[found.active_signature]
    if found.active_parameter is None:
        return signature.label
    label = signature.parameters[found.active_parameter].label
    assert label in signature.label
    return signature.label.replace(label, f"[{label}]")


def test_function() -> None:
    """A call shows the function and the argument by its commas."""
    assert shown(
        "module top import pkg::*; (); localparam int A = add(1, <|>); endmodule\n"
    ) == snapshot("function automatic int add(input int first, [input int second])")


def test_scoped_function() -> None:
    """A call through a package shows the function."""
    assert shown("module top; localparam int A = pkg::add(<|>); endmodule\n") == snapshot(
        "function automatic int add([input int first], input int second)"
    )


def test_named_argument() -> None:
    """A named argument is the active one."""
    assert shown("module top; localparam int A = pkg::add(.second(<|>)); endmodule\n") == snapshot(
        "function automatic int add(input int first, [input int second])"
    )


def test_nested_call() -> None:
    """Inside an inner parenthesis of an argument the outer call stays."""
    assert shown("module top; localparam int A = pkg::add((1 + <|>), 2); endmodule\n") == snapshot(
        "function automatic int add([input int first], input int second)"
    )


def test_ports_in_order() -> None:
    """Ordered connections count by commas."""
    assert shown("module top; fifo u (1'b0, <|>); endmodule\n") == snapshot(
        "fifo u (input logic clk_i, [output logic [Width-1:0] data_o])"
    )


def test_named_port() -> None:
    """A named connection is the active port."""
    assert shown("module top; fifo u (.data_o(<|>)); endmodule\n") == snapshot(
        "fifo u (input logic clk_i, [output logic [Width-1:0] data_o])"
    )


def test_parameters() -> None:
    """In `#(` the parameters are shown with their defaults."""
    assert shown("module top; fifo #(.Width(<|>)) u (); endmodule\n") == snapshot(
        "fifo #(int Depth = 4, [int Width = 8])"
    )


def test_macro() -> None:
    """A macro call shows its arguments."""
    assert shown("module top; localparam int A = `MAX(1, <|>); endmodule\n") == snapshot(
        "`MAX(a, [b])"
    )


def test_system_task() -> None:
    """A system task shows its signature; more arguments than names stay on the last."""
    assert shown('module top; initial $display("%d", 1, 2, <|>); endmodule\n') == snapshot(
        "$display(format, [args...])"
    )


def test_method() -> None:
    """A method of an object shows its arguments."""
    assert shown(
        "module top; pkg::counter c; initial begin int x; x = c.step(<|>); end endmodule\n"
    ) == snapshot("function int step([input int by])")


def test_half_typed() -> None:
    """A call that is not closed yet is shown."""
    assert shown("module top import pkg::*; ();\n  assign x = add(1, <|>\nendmodule\n") == snapshot(
        "function automatic int add(input int first, [input int second])"
    )


def test_outside() -> None:
    """Outside calls there is nothing."""
    assert shown("module top; <|>endmodule\n") == ""


def test_unknown_function() -> None:
    """A function that nobody declares shows nothing."""
    assert shown("module top; assign x = ghost(<|>); endmodule\n") == ""


def test_comment_of_the_function() -> None:
    """The comment above the function is its documentation."""
    at = parse_fixture(
        DESIGN + "//- /top.sv\nmodule top; localparam int A = pkg::add(<|>); endmodule\n"
    )
    found = signature_help(at.snapshot(), at.file, at.offset)
    assert found is not None
    assert found.signatures[0].documentation == "Sum of two numbers."
