"""Inlay hints: connections, arguments, values, widths, ends of blocks."""

from __future__ import annotations

from inline_snapshot import snapshot

from hdl_lsp.features.inlay_hints import inlay_hints
from hdl_lsp.text.source import span
from tests.support.fixture import parse_fixture

LIB = """
//- /lib.sv
`define MAX(a, b) ((a) > (b) ? (a) : (b))
package pkg;
  typedef enum logic [1:0] {IDLE, BUSY} state_e;
  function automatic int add(int first, input int second = 0);
    return first + second;
  endfunction
  function automatic int inc(int value); return value + 1; endfunction
endpackage
module fifo #(parameter int Depth = 4, parameter int Width = 8) (
  input logic clk_i,
  input logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);
endmodule
"""


def shown(top: str, settings: str = "") -> str:
    """The text of top.sv with its hints in guillemets; a line of *settings* is put into hdl-lsp.toml."""
    toml = f"//- /hdl-lsp.toml\n[hints]\n{settings}\n" if settings else ""
    at = parse_fixture(LIB + toml + "//- /top.sv\n" + top)
    snap = at.snapshot()
    file = at.file_of("/top.sv")
    text = snap.text(file)
    assert text is not None
    data = text.data
    for hint in reversed(inlay_hints(snap, file, span(0, text.size_bytes))):
        label = f"«{hint.label}»".encode()
        data = data[: hint.offset] + label + data[hint.offset :]
    return data.decode()


def test_named_connections() -> None:
    """A named connection tells direction and type of its port."""
    assert shown(
        "module top(input logic clk_i);\n  logic [7:0] q;\n"
        "  fifo u_f (.clk_i, .data_i(q), .data_o(q));\nendmodule\n"
    ) == snapshot("""\
module top(input logic clk_i);
  logic [7:0] q;
  fifo u_f (.clk_i«←», .data_i(q)«← logic [Width-1:0]», .data_o(q)«→ logic [Width-1:0]»);
endmodule
""")


def test_ordered_connections() -> None:
    """An ordered connection tells the name it is for, unless it is spelled the same."""
    assert shown(
        "module top(input logic clk_i);\n  logic [7:0] a, b;\n"
        "  fifo #(2, 8) u_f (clk_i, a, b);\nendmodule\n"
    ) == snapshot("""\
module top(input logic clk_i);
  logic [7:0] a, b;
  fifo #(«Depth:»2, «Width:»8) u_f (clk_i, «data_i:»a, «data_o:»b);
endmodule
""")


def test_wildcard() -> None:
    """`.*` tells the ports that it connects, without those written out."""
    assert shown(
        "module top(input logic clk_i);\n  logic [7:0] data_i, q;\n"
        "  fifo u_f (.data_o(q), .*);\nendmodule\n",
        "ports = false",
    ) == snapshot("""\
module top(input logic clk_i);
  logic [7:0] data_i, q;
  fifo u_f (.data_o(q), .*«clk_i, data_i»);
endmodule
""")


def test_arguments() -> None:
    """Calls of two or more arguments tell their names; one argument, named ones and equal names don't."""
    assert shown(
        "module top import pkg::*; (); int second;\n"
        "  localparam int A = add(1, 2), B = pkg::add(3, 4), C = inc(5);\n"
        "  initial second = add(.first(1)) + add(6, second) + `MAX(7, 8) + $bits(A);\nendmodule\n",
        "values = false",
    ) == snapshot("""\
module top import pkg::*; (); int second;
  localparam int A = add(«first:»1, «second:»2), B = pkg::add(«first:»3, «second:»4), C = inc(5);
  initial second = add(.first(1)) + add(«first:»6, second) + `MAX(«a:»7, «b:»8) + $bits(A);
endmodule
""")


def test_values() -> None:
    """A constant written as an expression tells its value; a literal doesn't."""
    assert shown(
        "module top #(parameter int Depth = 16, parameter int Aw = $clog2(Depth));\n"
        "  localparam logic [7:0] Mask = 8'hF0 | Depth[7:0], Plain = 8'h12;\nendmodule\n"
    ) == snapshot("""\
module top #(parameter int Depth = 16, parameter int Aw = $clog2(Depth)«= 4»);
  localparam logic [7:0] Mask = 8'hF0 | Depth[7:0]«= 8'hf0», Plain = 8'h12;
endmodule
""")


def test_widths() -> None:
    """A signal tells its width where the range holds names or the type is somebody's."""
    assert shown(
        "module top #(parameter int W = 12) (input logic [W-1:0] a, input logic [3:0] b);\n"
        "  pkg::state_e state;\n  logic c;\nendmodule\n"
    ) == snapshot("""\
module top #(parameter int W = 12) (input logic [W-1:0] a«12 bits», input logic [3:0] b);
  pkg::state_e state«2 bits»;
  logic c;
endmodule
""")


def test_block_ends() -> None:
    """The end of a long named block without a label tells its name."""
    body = "".join(f"    logic s{i};\n" for i in range(12))
    text = f"module top;\n  if (1) begin : gen_a\n{body}  end\n  if (1) begin : gen_b\n{body}  end : gen_b\nendmodule\n"
    hinted = shown(text)
    assert "  end«: gen_a»\n" in hinted
    assert "end : gen_b\n" in hinted
    assert hinted.endswith("endmodule«: top»\n")


def test_switched_off() -> None:
    """Every kind has its switch."""
    top = "module top(input logic clk_i);\n  fifo #(2) u_f (clk_i, .*);\n  localparam int A = 1+1;\nendmodule\n"
    off = "\n".join(
        f"{name} = false"
        for name in ("ports", "ordered", "wildcards", "arguments", "values", "widths", "block_ends")
    )
    assert shown(top) != top
    assert shown(top, off) == top


def test_broken_text() -> None:
    """Half-written instances and calls have the hints that are certain, and nothing raises."""
    for cut in range(0, 110, 3):
        top = "module top(input logic clk_i);\n  fifo #(2, 8) u_f (clk_i, a, b);\n initial x = add(1, 2);\nendmodule\n"
        shown(top[:cut])
