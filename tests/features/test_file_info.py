"""Which flags a file gets, what it is in the project, and what is missing."""

from __future__ import annotations

from hdl_lsp.features.diagnostics import diagnostics
from hdl_lsp.features.file_info import FileInfo, file_info
from tests.support.fixture import parse_fixture

DESIGN = """
//- /hdl-lsp.toml
[project]
sources = ["rtl/*.sv"]
include_dirs = ["inc"]
defines = ["WIDTH=8", "SIM"]
third_party = ["vendor"]
//- /rtl/top.sv
module top; leaf u_leaf (); endmodule
//- /rtl/leaf.sv
`include "defs.svh"
`include "gone.svh"
module leaf;
  import pkg::*;
  import lost_pkg::*;
  logic [`WIDTH-1:0] a = `DEFAULT;
  logic b = `NOWHERE;
`ifdef OTHER
`endif
  ghost u_ghost ();
endmodule
//- /rtl/pkg.sv
package pkg; endpackage
//- /inc/defs.svh
`define DEFAULT 3
`include "part.svh"
//- /inc/part.svh
`define PART 1
//- /tb/tb.sv
module tb; top u_top (); endmodule
//- /vendor/ip.sv
module ip; logic [3:0] a; assign a = nothing; endmodule
"""


def of(path: str) -> FileInfo:
    """What is known of one file of DESIGN."""
    at = parse_fixture(DESIGN)
    return file_info(at.snapshot(), at.file_of(path))


def test_a_source_with_all_its_flags() -> None:
    """Rule, options and everything above: the same that slang is given."""
    info = of("/rtl/leaf.sv")
    assert (info.rule, info.role, info.folder) == ("hdl-lsp.toml", "source", "/")
    assert info.include_dirs == ("/inc",)
    assert info.defines == (("WIDTH", "8"), ("SIM", ""))
    assert info.macro_files == ("/inc/defs.svh",)
    assert (info.units, info.tops) == (("leaf",), ("tb",))


def test_what_is_missing() -> None:
    """Includes, macros that are expanded, modules and packages; a macro that is only tested for is not missing."""
    info = of("/rtl/leaf.sv")
    assert info.unresolved_includes == ("gone.svh",)
    assert info.unresolved_macros == ("NOWHERE",)
    assert info.unresolved_names == ("ghost", "lost_pkg")


def test_a_header_and_who_includes_it() -> None:
    """A header is reached through those that include it, up to the top."""
    info = of("/inc/part.svh")
    assert (info.role, info.included_by, info.tops) == ("header", ("/inc/defs.svh",), ("tb",))


def test_a_file_that_only_the_scan_found() -> None:
    """It is no source of the project, and a top itself."""
    info = of("/tb/tb.sv")
    assert (info.role, info.tops) == ("found", ("tb",))


def test_third_party_files_are_silent() -> None:
    """Nothing is reported on them; their names are known all the same."""
    at = parse_fixture(DESIGN)
    snapshot, file = at.snapshot(), at.file_of("/vendor/ip.sv")
    assert file_info(snapshot, file).is_third_party
    facts = snapshot.facts(file)
    assert facts is not None
    assert facts.diagnostics
    assert diagnostics(snapshot, file, facts) == ()
    assert snapshot.index.units("ip")


def test_tops_of_the_project_stop_the_search() -> None:
    """With `tops` only these are named."""
    at = parse_fixture(DESIGN.replace("[project]", '[project]\ntops = ["top"]'))
    assert file_info(at.snapshot(), at.file_of("/rtl/pkg.sv")).tops == ("top",)
