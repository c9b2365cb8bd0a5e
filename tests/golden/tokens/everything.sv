//- /hdl-lsp.toml
[project]
sources = ["*.sv"]
include_dirs = ["."]
defines = ["SYNTHESIS"]
//- /pkg.sv
package alu_pkg;
  parameter int Width = 8;
  typedef enum logic [1:0] {Add, Sub} op_e;
  typedef struct packed {logic [Width-1:0] a; logic valid;} word_t;
  function automatic logic [7:0] twice(input logic [7:0] x);
    return x << 1;
  endfunction
endpackage
//- /alu_if.sv
interface alu_if (input logic clk_i);
  logic req;
  modport host (output req);
endinterface
//- /main.sv
`define WIDTH(n) ((n) * 2)
module alu
  import alu_pkg::*;
#(
  parameter type data_t = logic,
  parameter int  Depth = `WIDTH(2),
  localparam int Last = Depth - 1
) (
  input  logic  clock,
  input  logic  clk_en,
  input  logic  init_n, // größer als 0
  inout  wire   pad_io,
  output word_t word_o,
  alu_if.host   bus
);
  op_e  op_q;
  wire  net_a = clk_en;
  data_t [Last:0] mem;
  always_ff @(posedge clock or negedge init_n) begin : p_state
    if (!init_n) begin
      op_q <= Add;
    end else begin
      op_q <= alu_pkg::Sub;
      mem[0] <= '0;
    end
  end : p_state
  assign word_o.valid = net_a;
  assign word_o.a = twice(.x(word_o.a));
  for (genvar i = 0; i < Depth; i++) begin : gen_cell
    cell_m u_cell (.clk_i(clock), .rst_ni(init_n), .missing(pad_io), .q_o(mem[i]));
  end
`ifdef SYNTHESIS
  logic synth;
`else
  initial $display("dead %0d", net_a + 4'd3);
`endif
  property p_known;
    @(posedge clock) op_q == Add;
  endproperty
  a_known: assert property (p_known);
  task automatic wake(output bit done);
    done = 1'b1;
  endtask
endmodule : alu

module cell_m (input logic clk_i, input logic rst_ni, output logic q_o);
  always_ff @(posedge clk_i) q_o <= rst_ni;
endmodule
