//- /uart.v
`timescale 1ns/1ps
`ifdef FAST
`define DIV 2
`else
`define DIV 16
`endif
module uart_tx(clk, rst, data, valid, tx);
  parameter WIDTH = 8;
  input clk, rst;
  input [WIDTH-1:0] data;
  input valid;
  output tx;
  reg tx;
  reg [3:0] count;
  wire busy = |count;

  function [3:0] next;
    input [3:0] value;
    next = value == `DIV ? 0 : value + 1;
  endfunction

  always @(posedge clk or posedge rst)
    if (rst) begin
      count <= 4'd0;
      tx <= 1'b1;
    end else begin
      count <= next(count);
      tx <= busy ? data[0] : 1'b1;
    end

  generate
    genvar i;
    for (i = 0; i < WIDTH; i = i + 1) begin : bits
      wire b;
      buf u_buf (b, data[i]);
    end
  endgenerate
endmodule
module uart_top(input clk, input rst, output tx);
  defparam u_tx.WIDTH = 9;
  uart_tx u_tx(clk, rst, 9'h1ff, 1'b1, tx);
  wire probe = u_tx.busy;
endmodule
