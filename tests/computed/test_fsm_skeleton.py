"""Processes of a state machine that follow from its state enum and signals."""

from __future__ import annotations

from hdl_lsp.computed.fsm_skeleton import fsm_skeleton
from tests.support.computed import suggested

HEAD = """\
module m (input logic clk_i, input logic rst_ni, input logic go_i);
  typedef enum logic {IDLE, BUSY} state_e;
  state_e state_d, state_q;
"""


def check(body: str, *expected: str, head: str = HEAD) -> None:
    """*body* in a module with a state enum and two signals of it, and what is suggested in it."""
    assert suggested(fsm_skeleton, f"{head}{body}\nendmodule\n") == expected


def test_both_processes_after_the_declarations() -> None:
    """On a fresh line after the signals: next state logic, and the register with the module's clock and reset."""
    check(
        "  logic done;\n\n  <|>",
        """\
always_comb begin
    state_d = state_q;
    unique case (state_q)
      IDLE: begin
      end
      BUSY: begin
      end
      default: ;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= IDLE;
    end else begin
      state_q <= state_d;
    end
  end""",
    )


def test_empty_combinational_block() -> None:
    """In an empty always_comb only its body, in the style of the file's other case statements."""
    check(
        """\
  logic x;
  always_comb
    case (go_i)
      1'b1 : x = 1'b0;
      default : x = 1'b1;
    endcase
  always_comb begin
    <|>
  end""",
        """\
state_d = state_q;
    case (state_q)
      IDLE : begin
      end
      BUSY : begin
      end
      default : ;
    endcase""",
    )


def test_empty_clocked_block() -> None:
    """In an empty always_ff the reset, by its event list, and the register."""
    check(
        "  always_ff @(posedge clk_i or negedge rst_ni) begin\n    <|>\n  end",
        "if (!rst_ni) begin\n      state_q <= IDLE;\n    end else begin\n      state_q <= state_d;\n    end",
    )


def test_clocking_of_the_other_registers() -> None:
    """A synchronous reset, where the module's other registers have one."""
    check(
        """\
  always_ff @(posedge clk_i)
    if (~rst_ni) done <= 1'b0;
    else done <= go_i;
  enum logic [1:0] {A, B, C} next_mode, mode;
  <|>""",
        """\
always_comb begin
    next_mode = mode;
    unique case (mode)
      A: begin
      end
      B: begin
      end
      C: begin
      end
      default: ;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (~rst_ni) begin
      mode <= A;
    end else begin
      mode <= next_mode;
    end
  end""",
        head="module m (input logic clk_i, input logic rst_ni, input logic go_i, output logic done);\n",
    )


def test_no_register_with_two_clocks() -> None:
    """Which clock it is cannot be known: the next state logic alone."""
    check(
        "  typedef enum logic {ON, OFF} power_e;\n  power_e power_q, power_d;\n  <|>",
        """\
always_comb begin
    power_d = power_q;
    unique case (power_q)
      ON: begin
      end
      OFF: begin
      end
      default: ;
    endcase
  end""",
        head="module m (input logic clk_a_i, input logic clk_b_i);\n",
    )


def test_silent_once_it_is_driven() -> None:
    """The state machine is there already, or another item stands between."""
    check("  <|>\n  always_comb state_d = state_q;")
    check("  always_comb state_d = state_q;\n  always_comb begin\n    <|>\n  end")
    check("  assign x = 1'b0;\n  <|>")


def test_silent_without_a_pair() -> None:
    """One signal alone, signals that are no enum, and a block that is not empty."""
    check("  <|>", head="module m (input logic clk_i);\n  enum {A, B} state_q;\n")
    check("  <|>", head="module m (input logic clk_i);\n  logic count_q, count_d;\n")
    check("  always_comb begin\n    x = 1'b0;\n    <|>\n  end")
