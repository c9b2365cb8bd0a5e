module top (input logic clk_i);
  logic a;
  fifo u_fifo (
    .clk_i (clk_i),
    .da
  );
  assign a = clk_i.
  logic b;
endmodule
