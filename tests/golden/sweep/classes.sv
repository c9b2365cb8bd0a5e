//- /base_pkg.sv
package base_pkg;
  class item #(type T = int);
    rand T value;
    static int count;
    function new(T value);
      this.value = value;
      count++;
    endfunction
    virtual function T get();
      return value;
    endfunction
  endclass
  class wide extends item #(longint);
    constraint small { value < 100; }
    function longint get();
      return super.get() + 1;
    endfunction
  endclass
endpackage
//- /tb.sv
module tb;
  import base_pkg::wide;
  wide w;
  int queue [$];
  string names [string];
  task automatic run(input int times, output int last);
    for (int i = 0; i < times; i++) begin
      queue.push_back(i);
    end
    last = queue[$];
  endtask
  initial begin : main
    int last;
    w = new(3);
    run(4, last);
    names["a"] = $sformatf("%0d", w.get() + base_pkg::item#(int)::count);
    foreach (names[key]) $display(key, names[key]);
  end
endmodule
