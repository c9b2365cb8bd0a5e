package p;
  class item extends base #(int);
    rand bit [7:0] data;
    constraint small_c { data < 16; }
    extern virtual function void print(string prefix = "");
    task run();
      foreach (q[i]) $display("%0d", q[i].data);
    endtask
  endclass
endpackage
