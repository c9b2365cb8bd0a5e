"""Which files a file is compiled with, and by which options."""

from __future__ import annotations

from hdl_lsp.semantics.request import FactsRequest
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import closure
from tests.support.fixture import Fixture, parse_fixture


def request(at: Fixture) -> FactsRequest:
    """The request for the fixture's file."""
    return closure.facts_request(at.snapshot(), at.file)


def context(fixture: str) -> list[str]:
    """Paths of the files compiled along with the fixture's file."""
    return [given.path for given in request(parse_fixture(fixture)).context]


def test_instances_one_level_down_and_packages_all_the_way() -> None:
    """What an instantiated module instantiates is not needed; the packages it names are."""
    assert context(
        """
        //- /top.sv
        module top<|>; import a_pkg::*; mid u_mid (); endmodule
        //- /mid.sv
        module mid; leaf u_leaf (); localparam b_pkg::t X = 0; endmodule
        //- /leaf.sv
        module leaf; endmodule
        //- /a_pkg.sv
        package a_pkg; localparam int A = c_pkg::C; endpackage
        //- /b_pkg.sv
        package b_pkg; typedef int t; endpackage
        //- /c_pkg.sv
        package c_pkg; localparam int C = 1; endpackage
        //- /unrelated.sv
        package unrelated_pkg; endpackage
        """
    ) == ["/mid.sv", "/a_pkg.sv", "/b_pkg.sv", "/c_pkg.sv"]


def test_interfaces_are_found_in_ports() -> None:
    """An interface that only types a port is needed, and so are its packages."""
    assert context(
        """
        //- /top.sv
        module top<|> (bus_if.target bus); endmodule
        //- /bus_if.sv
        interface bus_if; import bus_pkg::*; data_t data; modport target(input data); endinterface
        //- /bus_pkg.sv
        package bus_pkg; typedef logic [7:0] data_t; endpackage
        """
    ) == ["/bus_if.sv", "/bus_pkg.sv"]


def test_design_is_preferred_to_test_benches_and_near_to_far() -> None:
    """Of several modules of one name the design's nearest counts."""
    assert context(
        """
        //- /ip/core/rtl/top.sv
        module top<|>; fifo u_fifo (); ram u_ram (); endmodule
        //- /ip/core/dv/fifo.sv
        module fifo; endmodule
        //- /vendor/lib/rtl/fifo.sv
        module fifo; endmodule
        //- /ip/core/mem/ram.sv
        module ram; endmodule
        //- /ip/other/mem/ram.sv
        module ram; endmodule
        """
    ) == ["/vendor/lib/rtl/fifo.sv", "/ip/core/mem/ram.sv"]


def test_test_bench_prefers_its_own_folder() -> None:
    """A file in dv/ means the module beside it."""
    assert context(
        """
        //- /dv/env/tb.sv
        module tb<|>; fifo u_fifo (); endmodule
        //- /dv/env/fifo.sv
        module fifo; endmodule
        //- /rtl/fifo.sv
        module fifo; endmodule
        """
    ) == ["/dv/env/fifo.sv"]


def test_listed_sources_win_over_everything() -> None:
    """The project's own list decides, however far the file is."""
    assert context(
        """
        //- /top.f
        rtl/top.sv far/away/fifo.sv
        //- /rtl/top.sv
        module top<|>; fifo u_fifo (); endmodule
        //- /rtl/fifo.sv
        module fifo; endmodule
        //- /far/away/fifo.sv
        module fifo; endmodule
        """
    ) == ["/far/away/fifo.sv"]


def test_included_files_are_not_compiled_by_themselves() -> None:
    """A module that the file includes is there already; what its include names is needed."""
    assert context(
        """
        //- /top.sv
        `include "sub.sv"
        module top<|>; sub u_sub (); endmodule
        //- /sub.sv
        module sub; leaf u_leaf (); endmodule
        //- /leaf.sv
        module leaf; endmodule
        """
    ) == ["/leaf.sv"]


def test_headers_are_the_last_choice() -> None:
    """A package in a header is compiled only when no other file has it."""
    files = """
        //- /top.sv
        module top<|>; import a_pkg::*; import b_pkg::*; endmodule
        //- /a_pkg.svh
        package a_pkg; endpackage
        //- /b_pkg.svh
        package b_pkg; endpackage
        //- /other/deep/a_pkg.sv
        package a_pkg; endpackage
        """
    assert context(files) == ["/other/deep/a_pkg.sv", "/b_pkg.svh"]


def test_package_and_module_of_one_name_are_kept_apart() -> None:
    """An instance never means a package."""
    assert context(
        """
        //- /top.sv
        module top<|>; same u_same (); endmodule
        //- /a_pkg.sv
        package same; endpackage
        //- /b.sv
        module same; endmodule
        """
    ) == ["/b.sv"]


def test_package_in_the_body_of_a_macro_is_needed() -> None:
    """A macro that names a package needs it, wherever the macro comes from."""
    assert context(
        """
        //- /top.sv
        `include "m.svh"
        module top<|>; initial `SAY("x") endmodule
        //- /m.svh
        `define SAY(s) log_pkg::say(s);
        //- /log_pkg.sv
        package log_pkg; function automatic void say(string s); endfunction endpackage
        """
    ) == ["/log_pkg.sv"]


def test_candidate_text_brings_its_own_needs() -> None:
    """A text that is only tried instantiates what the present one does not."""
    at = parse_fixture(
        """
        //- /top.sv
        module top<|>; endmodule
        //- /sub.sv
        module sub; endmodule
        """
    )
    text = SourceText.of("module top; sub u_sub (); endmodule\n")
    asked = closure.diagnostics_request(at.snapshot(), at.file, text)
    assert asked.main.text == text.text
    assert [given.path for given in asked.context] == ["/sub.sv"]


def test_include_folders_are_found_by_name() -> None:
    """Folders of headers that somebody includes from elsewhere; a path in the include is taken off."""
    at = parse_fixture(
        """
        //- /rtl/top.sv
        `include "defs.svh"
        `include "lib/macros.svh"
        `include "beside.svh"
        //- /rtl/beside.svh
        //- /inc/defs.svh
        //- /third/lib/macros.svh
        //- /unused/never.svh
        """
    )
    assert request(at).options.include_dirs == ("/inc", "/third")


def test_ambiguous_header_is_the_nearest_one() -> None:
    """Two headers of one name: each file's own folder comes first."""
    files = """
        //- /a/rtl/a.sv
        `include "defs.svh"
        //- /a/inc/defs.svh
        //- /b/rtl/b.sv
        `include "defs.svh"
        //- /b/inc/defs.svh
        """
    at = parse_fixture(files)
    of_a = closure.facts_request(at.snapshot(), at.file_of("/a/rtl/a.sv")).options
    of_b = closure.facts_request(at.snapshot(), at.file_of("/b/rtl/b.sv")).options
    assert of_a.include_dirs[0] == "/a/inc"
    assert of_b.include_dirs[0] == "/b/inc"


def test_configured_include_folders_are_taken_as_they_are() -> None:
    """A list with +incdir+ is not second-guessed."""
    at = parse_fixture(
        """
        //- /top.f
        +incdir+inc rtl/top.sv
        //- /rtl/top.sv
        `include "defs.svh"
        //- /inc/defs.svh
        //- /other/defs.svh
        """
    )
    assert request(at).options.include_dirs == ("/inc",)
    assert request(at).options.is_configured


def test_macro_files_are_those_whose_macros_others_use() -> None:
    """Headers first; include guards and macros of one file's own use make no macro file."""
    at = parse_fixture(
        """
        //- /a.sv
        `define LOCAL 1
        module a; localparam int X = `LOCAL + `SHARED + `FROM_SV; endmodule
        //- /b.sv
        `define FROM_SV 2
        //- /inc/shared.svh
        `ifndef SHARED_SVH
        `define SHARED_SVH
        `define SHARED 3
        `endif
        """
    )
    assert request(at).options.macro_files == ("/inc/shared.svh", "/b.sv")


def test_ambiguous_macro_is_the_nearest_one() -> None:
    """Of two definitions nobody includes, the nearest is put first, for each file."""
    at = parse_fixture(
        """
        //- /a/use.sv
        module a; localparam int X = `WIDTH; endmodule
        //- /a/defs.svh
        `define WIDTH 1
        //- /b/use.sv
        module b; localparam int X = `WIDTH; endmodule
        //- /b/defs.svh
        `define WIDTH 2
        """
    )
    of_a = closure.facts_request(at.snapshot(), at.file_of("/a/use.sv")).options
    of_b = closure.facts_request(at.snapshot(), at.file_of("/b/use.sv")).options
    assert of_a.macro_files == ("/a/defs.svh", "/b/defs.svh")
    assert of_b.macro_files == ("/b/defs.svh", "/a/defs.svh")


def test_flag_that_the_file_defines_holds_for_what_it_needs() -> None:
    """Without a project file, a file's own flags are those of the compilation; its include guard is not."""
    files = """
        //- /top.sv
        `define TOP_SV
        `define WITH_B
        module top<|>; sub u_sub (.b_i(1'b0)); endmodule
        //- /sub.sv
        module sub (
        `ifdef WITH_B
          input logic b_i
        `endif
        );
        endmodule
        """
    at = parse_fixture(files)
    assert request(at).options.defines == (("WITH_B", ""),)
    facts = at.snapshot().facts(at.file)
    assert facts is not None
    assert facts.diagnostics == ()


def test_open_headers_travel_as_text_and_closed_files_by_path() -> None:
    """Unsaved headers count; the child reads closed files itself."""
    at = parse_fixture(
        """
        //- /top.sv
        `include "defs.svh"
        module top<|>; sub u_sub (); endmodule
        //- /defs.svh
        `define A 1
        //- /sub.sv
        module sub; endmodule
        """
    )
    asked = request(at)
    assert [(given.path, given.text is None) for given in asked.overlays] == [("/defs.svh", False)]
    assert [given.text is None for given in asked.context] == [False]


def test_whole_design_of_an_inferred_project_is_what_its_top_needs() -> None:
    """All levels below the one top; a test bench is no top of the design."""
    at = parse_fixture(
        """
        //- /rtl/top.sv
        module top; mid u_mid (); endmodule
        //- /rtl/mid.sv
        module mid; leaf u_leaf (); endmodule
        //- /rtl/leaf.sv
        module leaf; endmodule
        //- /tb/tb.sv
        module tb; top u_top (); endmodule
        //- /dv/unused.sv
        module unused; endmodule
        """
    )
    asked = closure.design_request(at.snapshot())
    assert asked.options.tops == ("top",)
    assert [given.path for given in asked.files] == ["/rtl/top.sv", "/rtl/mid.sv", "/rtl/leaf.sv"]


def test_library_without_a_top_is_only_checked() -> None:
    """Many modules that nobody instantiates are no design; they are handed over without tops."""
    at = parse_fixture(
        """
        //- /all.sv
        module a; endmodule
        module b; endmodule
        module c; endmodule
        module d; endmodule
        //- /frag.svh
        `define X
        """
    )
    asked = closure.design_request(at.snapshot())
    assert asked.options.tops == ()
    assert [given.path for given in asked.files] == ["/all.sv"]


def test_whole_design_with_a_top_is_followed_all_the_way_down() -> None:
    """The configured top and everything below it, nothing else."""
    at = parse_fixture(
        """
        //- /hdl-lsp.toml
        [project]
        tops = ["top"]
        //- /rtl/top.sv
        module top; mid u_mid (); endmodule
        //- /rtl/mid.sv
        module mid; leaf u_leaf (); endmodule
        //- /rtl/leaf.sv
        module leaf; endmodule
        //- /rtl/other.sv
        module other; endmodule
        """
    )
    asked = closure.design_request(at.snapshot())
    assert asked.options.tops == ("top",)
    assert [given.path for given in asked.files] == ["/rtl/top.sv", "/rtl/mid.sv", "/rtl/leaf.sv"]


def test_listed_design_is_compiled_as_listed() -> None:
    """With a list, its sources in its order."""
    at = parse_fixture(
        """
        //- /top.f
        b.sv a.sv --top a
        //- /a.sv
        module a; endmodule
        //- /b.sv
        module b; endmodule
        //- /c.sv
        module c; endmodule
        """
    )
    asked = closure.design_request(at.snapshot())
    assert [given.path for given in asked.files] == ["/b.sv", "/a.sv"]
    assert asked.options.tops == ("a",)


def test_broken_file_has_a_request_too() -> None:
    """Text that is no HDL needs nothing and raises nothing."""
    at = parse_fixture('module ( import :: `include "\n ``` end <|> \\')
    assert request(at).context == ()


FRAGMENT = """
    //- /env/env_pkg.sv
    package env_pkg;
      import base_pkg::*;
      `include "lists/all.svh"
      localparam int Later = 7;
    endpackage
    //- /env/lists/all.svh
    `include "base.svh"
    `include "derived.svh"
    //- /env/lists/base.svh
    class base; int count; endclass
    //- /env/lists/derived.svh
    class derived extends base;
      word_t data;
      function int get(); return co<|>unt; endfunction
    endclass
    //- /base_pkg.sv
    package base_pkg; typedef logic [15:0] word_t; endpackage
    """


def test_fragment_is_compiled_inside_the_file_that_includes_it() -> None:
    """A class file of a package sees its siblings and the package's imports."""
    at = parse_fixture(FRAGMENT)
    asked = request(at)
    assert [given.path for given in asked.includers] == ["/env/lists/all.svh", "/env/env_pkg.sv"]
    assert [given.path for given in asked.context] == ["/base_pkg.sv"]
    facts = at.snapshot().fresh_facts(at.file)
    assert facts is not None
    assert (facts.failure, facts.diagnostics, facts.missing_includes) == ("", (), ())
    symbol = facts.symbol_at(at.offset)
    assert symbol is not None
    assert (symbol.name, symbol.path, symbol.container) == ("count", "/env/lists/base.svh", "base")


def test_mistake_in_a_fragment_is_reported_at_its_place() -> None:
    """Spans count in the fragment's own text."""
    at = parse_fixture(FRAGMENT.replace("co<|>unt", "[|coumt|]"))
    facts = at.snapshot().facts(at.file)
    assert facts is not None
    assert [d.span for d in facts.diagnostics] == [at.range().span]


def test_fragment_that_nobody_includes_is_compiled_alone() -> None:
    """A header that is only lying there has no includers."""
    at = parse_fixture("//- /alone.svh\nclass c<|>; endclass\n")
    assert request(at).includers == ()


def test_header_with_macros_only_is_compiled_alone() -> None:
    """Macros need nobody around them."""
    at = parse_fixture(
        """
        //- /defs.svh
        `define A<|> 1
        //- /top.sv
        `include "defs.svh"
        module top; endmodule
        """
    )
    assert request(at).includers == ()


def test_design_file_that_is_included_somewhere_is_no_fragment() -> None:
    """A module is compiled by itself even when a test bench includes its file."""
    at = parse_fixture(
        """
        //- /fifo.sv
        module fifo<|>; endmodule
        //- /tb.sv
        `include "fifo.sv"
        module tb; fifo u_fifo (); endmodule
        """
    )
    assert request(at).includers == ()


def test_headers_that_include_each_other_end() -> None:
    """A circle of includes has no outermost file; the fragment is compiled alone."""
    at = parse_fixture(
        """
        //- /a.svh
        class a<|>; endclass
        `include "b.svh"
        //- /b.svh
        class b; endclass
        `include "a.svh"
        """
    )
    assert request(at).includers == ()
