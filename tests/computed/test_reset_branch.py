"""The assignments of a reset branch that follow from the rest of the procedure."""

from __future__ import annotations

from hdl_lsp.computed.reset_branch import reset_branch
from tests.support.computed import suggested

HEAD = """\
package p;
  typedef enum logic [1:0] {BUSY, IDLE, DONE} state_e;
  typedef struct packed {logic a; logic [2:0] b;} entry_t;
  typedef struct {logic a; int b;} loose_t;
endpackage
module m import p::*; #(
  parameter int W = 8,
  parameter logic [W-1:0] ResetValue = '1
) (
  input logic clk_i, input logic rst_ni, input logic en_i, input logic [W-1:0] d_i
);
  logic valid_q, valid_d, cs_nq;
  logic [3:0] count_q;
  logic [W-1:0] word_q;
  state_e state_q, state_d;
  entry_t entry_q, entry_d;
  loose_t loose_q, loose_d;
  logic [W-1:0] memory [4];
  logic [W-1:0] taps_q [4], taps_d [4];
"""


def check(body: str, *expected: str) -> None:
    """*body* as an item of a module with some registers, and what is suggested in it."""
    assert suggested(reset_branch, f"{HEAD}{body}\nendmodule\n") == expected


def test_every_register_of_the_rest_by_its_type() -> None:
    """One line a register in the order of the else branch: bits, vectors, enums, structs and arrays."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else begin
      valid_q <= valid_d;
      if (en_i) begin
        count_q <= count_q + 4'd1;
        state_q <= state_d;
      end
      entry_q <= entry_d;
      loose_q <= loose_d;
      taps_q <= taps_d;
      cs_nq <= ~en_i;
    end
  end""",
        """\
valid_q <= 1'b0;
      count_q <= '0;
      state_q <= IDLE;
      entry_q <= '0;
      loose_q <= '{default: '0};
      taps_q <= '{default: '0};
      cs_nq <= 1'b1;""",
    )


def test_registers_that_are_missing() -> None:
    """What the branch sets already is left out, the other zeros are written as it writes them, arrows in one column."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (~rst_ni) begin
      count_q <= 'b0;
      valid_q <= '0;
<|>
    end else begin
      valid_q  <= valid_d;
      count_q  <= d_i[3:0];
      word_q   <= d_i;
    end
  end""",
        "      word_q <= 'b0;",
    )


def test_aligned_arrows() -> None:
    """Where the else branch has its arrows in one column, so has the reset branch."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else begin
      word_q  <= d_i;
      valid_q <= valid_d;
    end
  end""",
        "word_q  <= '0;\n      valid_q <= 1'b0;",
    )


def test_parameter_named_as_reset_value() -> None:
    """A parameter called ResetValue with the register's dimensions is what its only register is reset to."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else if (en_i) begin
      word_q <= d_i;
    end
  end""",
        "word_q <= ResetValue;",
    )


def test_branch_without_block() -> None:
    """Between `if (...)` and `else` one assignment has room."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni)
    if (!rst_ni)
      <|>
    else
      valid_q <= valid_d;""",
        "valid_q <= 1'b0;",
    )
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni)
    if (!rst_ni)
      <|>
    else begin
      valid_q <= valid_d;
      count_q <= d_i;
    end""",
    )


def test_half_typed_register() -> None:
    """The suggestion goes on from what is typed of a register's name."""
    check(
        """\
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      val<|>
    end else begin
      count_q <= d_i[3:0];
      valid_q <= valid_d;
    end
  end""",
        "id_q <= 1'b0;",
    )


def test_delay_of_the_other_assignments() -> None:
    """A delay that all other assignments have is written too."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else begin
      valid_q <= #1 valid_d;
    end
  end""",
        "valid_q <= #1 1'b0;",
    )


def test_memory_is_not_reset() -> None:
    """An unpacked array of which one element is written is a memory."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else begin
      memory[count_q[1:0]] <= d_i;
    end
  end""",
    )


def test_silent_without_a_rest() -> None:
    """Nothing says which registers there are."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end
  end""",
    )


def test_silent_where_the_condition_is_no_reset() -> None:
    """An enable, a condition of two signals, and the else branch itself get nothing."""
    body = """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (CONDITION) begin
      <|>
    end else begin
      valid_q <= valid_d;
    end
  end"""
    check(body.replace("CONDITION", "en_i"))
    check(body.replace("CONDITION", "!rst_ni && en_i"))
    check(body.replace("    if (CONDITION) begin\n", "    if (!rst_ni) valid_q <= 0; else begin\n"))


def test_file_that_leaves_data_registers_out() -> None:
    """Where the file's other reset branches leave registers out, it is not certain which are reset."""
    check(
        """\
  always_ff @(posedge clk_i)
    if (!rst_ni) valid_q <= 1'b0;
    else begin
      valid_q <= valid_d;
      word_q <= d_i;
    end
  always_ff @(posedge clk_i)
    if (!rst_ni) begin
      <|>
    end else begin
      count_q <= d_i[3:0];
      state_q <= state_d;
    end""",
    )


def test_verilog_file_writes_plain_zeros() -> None:
    """A Verilog file without a word of SystemVerilog gets 0."""
    assert suggested(
        reset_branch,
        """
        //- /m.v
        module m (input clk, input resetn, input [3:0] d, output reg [3:0] q);
          always @(posedge clk) begin
            if (!resetn) begin
              <|>
            end else begin
              q <= d;
            end
          end
        endmodule
        """,
    ) == ("q <= 0;",)


def test_struct_fields_are_one_register() -> None:
    """Assignments to fields and bits of one register give one line."""
    check(
        """\
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      <|>
    end else begin
      entry_q.a <= en_i;
      entry_q.b <= d_i[2:0];
      {valid_q, count_q[0]} <= d_i[1:0];
    end
  end""",
        "entry_q <= '0;\n      valid_q <= 1'b0;\n      count_q <= '0;",
    )
