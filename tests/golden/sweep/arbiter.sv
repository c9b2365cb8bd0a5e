//- /hdl-lsp.toml
[project]
sources = ["*.sv"]
include_dirs = ["/"]
//- /arb_macros.svh
// Register with asynchronous reset.
`define FF(q, d, rst) \
  always_ff @(posedge clk_i or negedge rst_ni) \
    if (!rst_ni) q <= rst; \
    else q <= d;
`define DEPTH 4
//- /arb_pkg.sv
package arb_pkg;
  // Bits of one word.
  parameter int unsigned Width = 32'h20;
  localparam int Half = Width / 2;

  // What the arbiter is doing.
  typedef enum logic [1:0] {
    Idle,          // nobody asks
    Grant = 2'd2,
    Stall
  } state_e;

  typedef struct packed {
    logic             valid; // data is good
    logic [Width-1:0] data;
  } word_t;

  // Odd parity of a word.
  function automatic logic parity(logic [Width-1:0] value, input bit odd = 1'b1);
    return ^value ^ odd;
  endfunction
endpackage
//- /bus_if.sv
interface bus_if (input logic clk);
  logic req;
  logic gnt;
  modport master (output req, input gnt);
endinterface
//- /counter.sv
// Counts up to its maximum.
module counter #(
  parameter int unsigned Max = 10,
  parameter type         count_t = logic [3:0]
) (
  input  logic   clk_i,
  input  logic   rst_ni,
  input  logic   en_i,     // counts while this is high
  output count_t count_o
);
  count_t count_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else if (en_i) begin
      count_q <= count_q + 1;
    end
  end
  assign count_o = count_q;
endmodule : counter
//- /arbiter.sv
`include "arb_macros.svh"

module arbiter import arb_pkg::*; #(
  parameter int unsigned Ports = `DEPTH
) (
  input  logic          clk_i,
  input  logic          rst_ni,
  input  logic [Ports-1:0] req_i,
  input  word_t         word_i,
  bus_if.master         bus,
  output logic          odd_o
);
  state_e state_d, state_q;
  logic [3:0] count;
  logic [7:0] mem [Ports];

  `FF(state_q, state_d, Idle)

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle:    if (|req_i) state_d = Grant;
      arb_pkg::Grant: state_d = Stall;
      default: state_d = Idle;
    endcase
  end

  assign bus.req = word_i.valid & state_q == Grant;
  assign odd_o   = parity(word_i.data, .odd(1'b0));

  counter #(.Max(8'd20)) u_counter (
    .clk_i,
    .rst_ni  (rst_ni),
    .en_i    (bus.gnt),
    .count_o (count)
  );

  for (genvar i = 0; i < Ports; i++) begin : gen_mem
    logic hit;
    assign hit = req_i[i];
    assign mem[i] = {count, 3'b101, hit};
  end

  initial $display("depth %0d", $bits(mem));
endmodule
