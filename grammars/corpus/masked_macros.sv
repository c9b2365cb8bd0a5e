module m;
  `ASSERT(Known_A, a |-> ##1 b)
  `CELL u_cell (.a(`W'hF));
`ifdef X
  wire x = (
`else
  wire x = {
`endif
  y);
endmodule
