"""The rest of a port map that follows from names, types, drivers and from other instances."""

from __future__ import annotations

from hdl_lsp.computed.port_map import port_map
from tests.support.computed import suggested

FIFO = """
//- /fifo.sv
module fifo #(parameter int Depth = 4) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       wvalid_i,
  input  logic [7:0] wdata_i,
  output logic       rvalid_o,
  output logic [7:0] rdata_o
);
endmodule
//- /top.sv
"""


def check(top: str, *expected: str, modules: str = FIFO) -> None:
    """What is suggested in *top*, which instantiates a module of *modules*."""
    assert suggested(port_map, modules + top, facts=True) == expected


def test_fresh_port_map_is_written_whole() -> None:
    """Clock and reset by name, inputs from what is driven, outputs to what nothing drives; then it is closed."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic [7:0] wdata_i, output logic [7:0] q_o);
  logic wvalid, rvalid;
  logic [7:0] rdata;
  assign wvalid = ^wdata_i;
  assign q_o = rvalid ? rdata : '0;
  fifo u_fifo (<|>
endmodule
""",
        "\n    .clk_i(clk_i),\n    .rst_ni(rst_ni),\n    .wvalid_i(wvalid),\n    .wdata_i(wdata_i),\n"
        "    .rvalid_o(rvalid),\n    .rdata_o(rdata)\n  );",
    )


def test_list_that_is_closed_is_not_closed_again() -> None:
    """Between parentheses that the editor has written, the lines are put without another `);`."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic rvalid;
  logic [7:0] rdata;
  fifo u_fifo (<|>);
endmodule
""",
        "\n    .clk_i(clk_i),\n    .rst_ni(rst_ni),\n    .wvalid_i(wvalid_i),\n    .wdata_i(wdata_i),\n"
        "    .rvalid_o(rvalid),\n    .rdata_o(rdata)\n  ",
    )


def test_connections_go_on_in_their_columns() -> None:
    """After some connections the others follow, in the same columns."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic rvalid;
  logic [7:0] rdata;
  fifo u_fifo (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .wvalid_i (wvalid_i),
    <|>
  );
endmodule
""",
        ".wdata_i  (wdata_i),\n    .rvalid_o (rvalid),\n    .rdata_o  (rdata)",
    )


def test_commas_stand_where_they_stand_in_the_file() -> None:
    """In a file that begins lines with commas, so do the suggested ones."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic rvalid;
  logic [7:0] rdata;
  fifo u_fifo
    (.clk_i(clk_i)
     ,.rst_ni(rst_ni)
     ,.wvalid_i(wvalid_i)
     <|>
     );
endmodule
""",
        ",.wdata_i(wdata_i)\n     ,.rvalid_o(rvalid)\n     ,.rdata_o(rdata)",
    )


def test_text_ends_before_a_port_that_nothing_suits() -> None:
    """No signal can be wvalid_i: the list stops there, open."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic [7:0] wdata_i);
  logic rvalid;
  logic [7:0] rdata;
  fifo u_fifo (
    <|>
  );
endmodule
""",
        ".clk_i(clk_i),\n    .rst_ni(rst_ni)",
    )


def test_nothing_is_shown_where_the_first_port_is_unknown() -> None:
    """Without a clock in the module nothing is guessed."""
    check("module top (input logic a);\n  fifo u_fifo (<|>);\nendmodule\n")


def test_width_that_differs_is_not_connected() -> None:
    """A signal of the port's name but of another width is not the one."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [6:0] wdata_i);
  fifo u_fifo (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .wvalid_i(wvalid_i),
    <|>
  );
endmodule
"""
    )


def test_driven_signal_is_not_driven_twice() -> None:
    """An output is not connected to a signal of its name that an assignment drives."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic rvalid;
  assign rvalid = 1'b1;
  fifo u_fifo (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .wvalid_i(wvalid_i),
    .wdata_i(wdata_i),
    <|>
  );
endmodule
"""
    )


def test_names_follow_those_of_the_instance_before() -> None:
    """The second instance gets the signals of the first with the words changed that its name changes."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni);
  logic req_valid, rsp_valid, req_ok, rsp_ok;
  logic [7:0] req_bus, rsp_bus, req_out, rsp_out;
  assign req_valid = clk_i;
  assign rsp_valid = clk_i;
  assign req_bus = '0;
  assign rsp_bus = '1;
  fifo u_req_fifo (.clk_i, .rst_ni, .wvalid_i(req_valid), .wdata_i(req_bus), .rvalid_o(req_ok), .rdata_o(req_out));
  fifo u_rsp_fifo (<|>);
endmodule
""",
        ".clk_i, .rst_ni, .wvalid_i(rsp_valid), .wdata_i(rsp_bus), .rvalid_o(rsp_ok), .rdata_o(rsp_out)",
    )


def test_value_of_one_connection() -> None:
    """Inside the parentheses of one port its signal alone is suggested, closed if it is not."""
    top = """\
module top (input logic clk_i, input logic [7:0] wdata);
  fifo u_fifo (.clk_i(clk_i), .wdata_i(%s
endmodule
"""
    check(top % "<|>", "wdata)")
    check(top % "<|>));", "wdata")
    check(top % "wd<|>", "ata)")
    check(top % "x<|>")


def test_name_that_is_begun_is_finished() -> None:
    """After `.rv` the list goes on with the first port of that beginning."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni);
  logic rvalid;
  logic [7:0] rdata;
  fifo u_fifo (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    .rv<|>
  );
endmodule
""",
        "alid_o(rvalid),\n    .rdata_o(rdata)",
    )


def test_element_of_an_array_in_a_loop() -> None:
    """In a generate loop an output drives one element, not the whole of what is declared outside."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni);
  logic [3:0] rvalid;
  logic [3:0][7:0] rdata;
  for (genvar i = 0; i < 4; i++) begin : gen_fifo
    fifo u_fifo (
      .clk_i(clk_i), .rst_ni(rst_ni), .wvalid_i(1'b0), .wdata_i('0),
      <|>
    );
  end
endmodule
""",
        ".rvalid_o(rvalid[i]), .rdata_o(rdata[i])",
    )


def test_silent_where_a_wildcard_connects_the_rest() -> None:
    """With `.*` in the list nothing is missing."""
    check("module top (input logic clk_i);\n  fifo u_fifo (.*, <|>);\nendmodule\n")


def test_silent_for_a_module_that_nobody_declares() -> None:
    """An unknown module has no ports to connect."""
    check("module top (input logic clk_i);\n  unknown u_x (<|>);\nendmodule\n")


def test_signal_that_waits_to_be_read_comes_before_one_in_use() -> None:
    """A port of the module has the name, but is read already; what was made of it is not."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic wvalid_gated;
  assign wvalid_gated = wvalid_i & rst_ni;
  fifo u_fifo (
    .clk_i(clk_i),
    .rst_ni(rst_ni),
    <|>
  );
endmodule
""",
        ".wvalid_i(wvalid_gated),\n    .wdata_i(wdata_i)",
    )


def test_bound_instance_sees_the_module_it_is_bound_into() -> None:
    """After `bind fifo` the names are those of fifo."""
    check(
        """\
module checks (input logic clk_i, input logic rst_ni, input logic [7:0] wdata_i);
endmodule
bind fifo checks u_checks (
  <|>
);
""",
        ".clk_i(clk_i),\n  .rst_ni(rst_ni),\n  .wdata_i(wdata_i)",
    )


def test_names_alone_count_while_slang_has_said_nothing() -> None:
    """Before the first facts of a file are there, ports of exactly these names are connected."""
    top = """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata);
  fifo u_fifo (
    <|>
  );
endmodule
"""
    expected = (".clk_i(clk_i),\n    .rst_ni(rst_ni),\n    .wvalid_i(wvalid_i)",)
    assert suggested(port_map, FIFO + top) == expected


def test_output_that_nobody_connects_is_left_open() -> None:
    """Two instances in the module leave rdata_o open, and no signal waits for it."""
    check(
        """\
module top (input logic clk_i, input logic rst_ni, input logic wvalid_i, input logic [7:0] wdata_i);
  logic va, vb, vc;
  fifo u_a (.clk_i(clk_i), .rst_ni(rst_ni), .wvalid_i(wvalid_i), .wdata_i(wdata_i), .rvalid_o(va), .rdata_o());
  fifo u_b (.clk_i(clk_i), .rst_ni(rst_ni), .wvalid_i(wvalid_i), .wdata_i(wdata_i), .rvalid_o(vb), .rdata_o());
  fifo u_c (.clk_i(clk_i), .rst_ni(rst_ni), .wvalid_i(wvalid_i), .wdata_i(wdata_i), .rvalid_o(vc), <|>);
endmodule
""",
        ".rdata_o()",
    )
