"""Hover: what is shown for each kind of name, and what is silent."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from hdl_lsp.features.hover import hover
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import SourceText
from tests.support.fixture import parse_fixture


def shown(fixture: str) -> str:
    """The Markdown at the cursor; "" for no hover."""
    at = parse_fixture(fixture)
    found = hover(at.snapshot(), at.file, at.offset)
    return found.markdown if found else ""


def test_port() -> None:
    """A port shows its declaration without alignment, its direction and its comment."""
    assert shown(
        """
        module m (
          input  logic         clk_i,
          input  logic [31:0]  da<|>ta_i  // what is written
        );
        endmodule
        """
    ) == snapshot("""\
```systemverilog
input logic [31:0] data_i
```

input port of `m` · 32 bits

what is written

line 3\
""")


def test_parameter_value() -> None:
    """A parameter shows its value in decimal and hexadecimal."""
    assert shown("module m; localparam int Si<|>ze = 4 * 64; endmodule\n") == snapshot("""\
```systemverilog
localparam int Size = 4 * 64
```

localparam of `m` · 32 bits · value `256 (0x100)`

line 1\
""")


def test_enum_member_value() -> None:
    """An enum member shows its value, which is not written."""
    assert shown(
        """
        package p;
          typedef enum logic [7:0] {
            First = 8'h10,
            Sec<|>ond // the one after
          } order_e;
        endpackage
        """
    ) == snapshot("""\
```systemverilog
Second
```

enum member of `order_e` · 8 bits · value `8'h11 (17, 0x11)`

the one after

line 4\
""")


def test_variable_of_typedef() -> None:
    """A variable of a named type shows what the type is."""
    assert shown(
        """
        package p;
          typedef logic [6:0] opcode_t;
        endpackage
        module m;
          // The instruction's class.
          p::opcode_t op<|>code;
        endmodule
        """
    ) == snapshot("""\
```systemverilog
p::opcode_t opcode
```

variable of `m` · `logic [6:0]` · 7 bits

The instruction's class.

line 6\
""")


def test_module() -> None:
    """A module shows its header, aligned, and the comment above it."""
    assert shown(
        """
        // Stores words.
        module fifo #(
          parameter int unsigned Depth = 4, // words
          parameter type T = logic
        ) (
          input logic clk_i,
          input T     data_i,
          bus.host    bus_o,
          output logic [$clog2(Depth):0] count_o
        );
        endmodule
        module top; fi<|>fo u_fifo (); endmodule
        """
    ) == snapshot("""\
```systemverilog
module fifo #(
  parameter int unsigned Depth = 4,
  parameter type T = logic
) (
  input  logic                   clk_i,
  input  T                       data_i,
  bus.host                       bus_o,
  output logic [$clog2(Depth):0] count_o
);
```

Stores words.

line 2\
""")


def test_old_style_ports() -> None:
    """Ports declared in the body (non-ANSI) are in the header with their directions."""
    assert shown(
        """
        module old(a, b);
          input [3:0] a;
          output b;
          reg b;
        endmodule
        module top; ol<|>d u (); endmodule
        """
    ) == snapshot("""\
```systemverilog
module old (
  input  [3:0] a,
  output       b
);
```

line 1\
""")


def test_function() -> None:
    """A function shows its header only."""
    assert shown(
        """
        module m;
          function automatic logic [7:0] swap(
            input logic [7:0] value, // bits
            input logic       really
          );
            return value;
          endfunction
          logic [7:0] x;
          assign x = sw<|>ap(8'd1, 1'b1);
        endmodule
        """
    ) == snapshot("""\
```systemverilog
function automatic logic [7:0] swap(
  input logic [7:0] value, // bits
  input logic really
);
```

function of `m`

line 2\
""")


def test_macro_with_expansion() -> None:
    """A macro shows its definition and what this use becomes."""
    assert shown(
        """
        // The larger one.
        `define MAX(a, b) ((a) > (b) ? (a) : (b))
        module m;
          localparam int P = `MA<|>X(3, 4);
        endmodule
        """
    ) == snapshot("""\
```systemverilog
`define MAX(a, b) ((a) > (b) ? (a) : (b))
```

```systemverilog
a = 3
b = 4
```

expands to

```systemverilog
((3) > (4) ? (3) : (4))
```

The larger one.

line 2\
""")


def test_macro_of_project() -> None:
    """A macro that the project defines is shown although no file has it."""
    assert shown(
        """
        //- /hdl-lsp.toml
        [project]
        defines = ["SYNTHESIS=1"]
        //- /m.sv
        `ifdef SYNTH<|>ESIS
        `endif
        module m; endmodule
        """
    ) == snapshot("""\
```systemverilog
`define SYNTHESIS 1
```

defined by the project\
""")


def test_system_task() -> None:
    """A system function shows its signature."""
    assert shown("module m; localparam int P = $clo<|>g2(8); endmodule\n") == snapshot("""\
```systemverilog
$clog2(n)
```

Ceiling of the base-2 logarithm; 0 for 0 and 1. Address width of n entries.\
""")


def test_number() -> None:
    """A number shows its value in other bases and its width."""
    assert shown("module m; localparam int P = 16'h00<|>ff; endmodule\n") == snapshot(
        "`255` · `0xFF` · `0b1111_1111` · 16 bits"
    )


def test_number_too_wide() -> None:
    """A value that does not fit its width is said so."""
    assert shown("module m; localparam int P = 4'd<|>20; endmodule\n") == snapshot(
        "`20` · `0x14` · `0b1_0100` · 4 bits · does not fit into 4 bits"
    )


def test_fill_literal() -> None:
    """`'1` is explained."""
    assert shown("module m; logic [3:0] a; assign a = '<|>1; endmodule\n") == snapshot(
        "every bit `1`, as wide as the context"
    )


def test_small_number_is_silent() -> None:
    """A digit that is the same in every base shows nothing."""
    assert shown("module m; localparam int P = <|>4; endmodule\n") == ""


def test_include() -> None:
    """An include path shows the file."""
    assert shown(
        '//- /inc/a.svh\n// nothing\n//- /m.sv\n`include "a.<|>svh"\nmodule m; endmodule\n'
    ) == snapshot("`inc/a.svh`")


def test_include_not_found() -> None:
    """An include whose file is unknown is said so."""
    assert shown('`include "gh<|>ost.svh"\nmodule m; endmodule\n') == snapshot(
        "no file of that name is known in this workspace"
    )


def test_instance_shows_module() -> None:
    """An instance shows its definition and the parameters it sets."""
    assert shown(
        "module leaf #(int N = 1); endmodule\nmodule top;\n  leaf #(.N(2)) u_<|>leaf ();\nendmodule\n"
    ) == snapshot("""\
```systemverilog
leaf #(.N(2)) u_leaf
```

instance in `top`

line 3\
""")


def test_keyword_is_silent() -> None:
    """Keywords show nothing."""
    assert shown("module m; al<|>ways_comb ; endmodule\n") == ""


def test_comment_is_silent() -> None:
    """Comments show nothing."""
    assert shown("module m; logic a; // a<|>\nendmodule\n") == ""


def test_long_header_is_cut() -> None:
    """A module with very many ports shows the first ones and says how many are left out."""
    ports = ",\n".join(f"  input logic p{n}" for n in range(60))
    text = shown(f"module m (\n{ports}\n);\nendmodule\nmodule top; <|>m u (); endmodule\n")
    assert "more lines" in text
    assert len(text.split("\n")) < 40


def test_two_files_of_one_name() -> None:
    """A second declaration of the same name is mentioned."""
    text = shown(
        "//- /a/r.sv\nmodule r; endmodule\n//- /b/r.sv\nmodule r; endmodule\n//- /a/t.sv\nmodule t; <|>r u (); endmodule\n"
    )
    assert "and 1 more place" in text


def test_markdown_in_comment_is_shown_not_obeyed() -> None:
    """A comment with Markdown characters is shown as written."""
    assert "a\\_b \\*c\\*" in shown("module m;\n  // a_b *c*\n  logic <|>x;\nendmodule\n")


def test_old_facts_are_used_by_name() -> None:
    """While slang has not seen the present text, type and value come from what it knew."""
    at = parse_fixture("//- /m.sv\nmodule m;\n  localparam int Si<|>ze = 4 * 64;\nendmodule\n")
    old = at.snapshot()
    facts = old.facts(at.file)
    assert facts is not None
    inserted = "  \n\n"
    text = SourceText.of(inserted + at.source.text)
    new = replace(
        old,
        files={at.file: text},
        index=old.index.with_files({at.file: (text.digest, summarise(text))}),
        known_facts={at.file: facts},
    )
    found = hover(new, at.file, at.offset + len(inserted))
    assert found is not None
    assert text.slice(found.span) == "Size"
    assert "value `256 (0x100)`" in found.markdown


def test_name_that_a_macro_declares() -> None:
    """A name that no text declares shows what slang knows, and the macro that made it."""
    text = shown(
        """
        `define SIZES(w) localparam int size_p = 2 * w;
        module m;
          `SIZES(30)
          logic [si<|>ze_p-1:0] x;
        endmodule
        """
    )
    assert "value `60 (0x3C)`" in text
    assert text.endswith("by `` `SIZES `` in line 3")


def test_macro_in_steps() -> None:
    """A macro made of macros shows its arguments and every level on the way to slang's result."""
    assert shown(
        "`define CLK clk_i\n`define CHECK(n, p, c = `CLK) n: assert property (@(posedge c) p)\n"
        "`define ASSERT(n, p) `CHECK(n``_A, p)\n"
        "module m(input logic clk_i, a, b);\n  `ASS<|>ERT(Foo, a |-> b);\nendmodule\n"
    ) == snapshot("""\
```systemverilog
`define ASSERT(n, p) `CHECK(n``_A, p)
```

```systemverilog
n = Foo
p = a |-> b
```

step 1

```systemverilog
`CHECK(Foo_A, a |-> b)
```

step 2

```systemverilog
Foo_A: assert property (@(posedge `CLK) a |-> b)
```

expands to

```systemverilog
Foo_A: assert property (@(posedge clk_i) a |-> b)
```

line 3\
""")


def test_argument_of_a_macro() -> None:
    """A name in the body of a macro that is one of its arguments is not taken for a signal."""
    assert shown(
        """
        `define MAX(left, right) (left > ri<|>ght ? left : right)
        module m(input logic right); endmodule
        """
    ) == snapshot("""\
```systemverilog
`define MAX(left, right)
```

argument of the macro\
""")
