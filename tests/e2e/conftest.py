"""A small design on disk, and the real Ibex core."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.support import designs

FILES = {
    "rtl/pkg.sv": """\
        package fifo_pkg;
          typedef enum logic [1:0] {Idle, Busy, Done} state_e;
          typedef struct packed {
            logic       valid;
            logic [7:0] data;
          } word_t;
          parameter int Width = 8;
        endpackage
        """,
    "rtl/defs.svh": """\
        `ifndef DEFS_SVH
        `define DEFS_SVH
        `define RESET_VALUE 8'hA5
        `endif
        """,
    "rtl/fifo.sv": """\
        // A FIFO that holds Depth words.
        module fifo
          import fifo_pkg::*;
        #(
          parameter int Depth = 4
        ) (
          input  logic       clk_i,
          input  logic       rst_ni,
          input  logic [7:0] data_i,
          output word_t      word_o
        );
          state_e state_q;
          always_ff @(posedge clk_i or negedge rst_ni) begin
            if (!rst_ni) state_q <= Idle;
            else         state_q <= Busy;
          end
          assign word_o.valid = state_q == Busy;
          assign word_o.data  = data_i;
        endmodule
        """,
    "rtl/top.sv": """\
        `include "defs.svh"
        module top (
          input  logic       clk_i,
          input  logic       rst_ni,
          output logic [7:0] out_o
        );
          import fifo_pkg::*;
          word_t word;
          logic [7:0] data;
          fifo #(.Depth(8)) u_fifo (
            .clk_i  (clk_i),
            .rst_ni (rst_ni),
            .data_i (data),
            .word_o (word)
          );
          assign data  = `RESET_VALUE;
          assign out_o = word.valid ? word.data : '0;
        endmodule
        """,
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small design without a project file, in a folder of its own."""
    root = tmp_path / "small"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def ibex() -> Path:
    """The Ibex core as its package ships it; never written to."""
    return designs.ibex()
