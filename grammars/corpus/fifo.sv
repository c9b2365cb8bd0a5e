// A fifo with everything a module usually has.
module fifo import fifo_pkg::*; #(
  parameter int unsigned Depth = 4,
  parameter type T = logic
) (
  input  logic clk_i,
  output T     data_o
);
  typedef enum logic {Idle, Busy} state_e;
  state_e state_d, state_q;

  ram #(.Depth(Depth)) u_ram (.clk_i, .addr_i(ptr[3:0]), .data_o());

  always_ff @(posedge clk_i or negedge rst_ni) begin : p_state
    if (!rst_ni) state_q <= Idle;
    else state_q <= state_d;
  end

  if (Depth > 2) begin : g_deep
    assign data_o = pkg::f(state_q);
  end
endmodule
