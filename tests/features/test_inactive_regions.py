"""Branches of conditionals that are not compiled."""

from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from hdl_lsp.features.inactive_regions import inactive_regions
from hdl_lsp.text.source import SourceText
from tests.support.fixture import parse_fixture
from tests.support.render import render_under

TEXT = """
//- /hdl-lsp.toml
[project]
sources = ["*.sv"]
include_dirs = ["."]
defines = ["FPGA"]
//- /defs.svh
`define FROM_HEADER
//- /main.sv
`include "defs.svh"
module m;
`ifdef FPGA
  wire fpga;
`else
  wire asic; // asic only

`endif
`ifndef FROM_HEADER
  wire none;
  `ifdef FPGA
    wire inner;
  `endif
`endif
`ifdef A wire a; `elsif FPGA wire b; `else wire c; `endif
endmodule
"""


def test_dead_branches_with_the_project_s_defines() -> None:
    """Defines of the project and of headers count; nested branches are part of the outer one."""
    at = parse_fixture(TEXT)
    file = at.file_of("/main.sv")
    text = SourceText.of(at.files["/main.sv"])
    found = inactive_regions(at.snapshot(), file)
    assert found is not None
    assert render_under(text, [(one, "dead") for one in found]) == snapshot("""\
  1 | `include "defs.svh"
  2 | module m;
  3 | `ifdef FPGA
  4 |   wire fpga;
  5 | `else
  6 |   wire asic; // asic only
    |   ^^^^^^^^^^^^^^^^^^^^^^^ dead
  7 |
  8 | `endif
  9 | `ifndef FROM_HEADER
 10 |   wire none;
    |   ^^^^^^^^^^ ... dead
 11 |   `ifdef FPGA
 12 |     wire inner;
 13 |   `endif
 14 | `endif
 15 | `ifdef A wire a; `elsif FPGA wire b; `else wire c; `endif
    |          ^^^^^^^ dead
    |                                            ^^^^^^^ dead
 16 | endmodule
 17 |
""")


def test_nothing_is_said_without_facts_of_this_text() -> None:
    """While slang has not looked, no answer is better than a wrong one."""
    at = parse_fixture(TEXT)
    world = replace(at.snapshot(), known_facts={})
    assert inactive_regions(world, at.file_of("/main.sv")) is None
