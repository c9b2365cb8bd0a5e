"""Macro uses with what they become, and dead `ifdef branches."""

from __future__ import annotations

from pathlib import Path

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.request import CompileOptions, FactsRequest, Input
from tests.semantics.shallow import MAIN, Compiled


def test_a_macro_use_shows_its_expansion_and_definition() -> None:
    """Arguments are put in, nested macros expanded, and the definition's name is found."""
    at = Compiled("`define A 8\n`define ADD(x) ((x) + `A)\nmodule m; wire w = `ADD(3); endmodule\n")
    (use,) = at.facts.macros
    assert (use.name, at.text[use.span.start : use.span.end], use.expansion) == (
        "ADD",
        "`ADD(3)",
        "((3) + 8)",
    )
    assert use.path == MAIN
    assert use.name_span is not None
    assert at.text[use.name_span.start : use.name_span.end] == "ADD"


def test_a_macro_of_the_command_line_is_in_no_file() -> None:
    """A predefined macro is expanded and has no place."""
    options = CompileOptions(defines=(("W", "7"),))
    at = Compiled("module m; wire [`W:0] a; endmodule\n", options=options)
    assert [(m.expansion, m.path) for m in at.facts.macros] == [("7", None)]


def test_dead_branches_are_inactive() -> None:
    """The branch that is not compiled is listed, the other is not."""
    at = Compiled("module m;\n`ifdef NO\n  wire dead;\n`else\n  wire live;\n`endif\nendmodule\n")
    (region,) = at.facts.inactive
    assert at.text[region.start : region.end].strip() == "wire dead;"


def test_macros_come_from_headers_and_from_the_project(tmp_path: Path) -> None:
    """An included header's macro, and one of a file nobody includes, are both found where they are defined."""
    header = tmp_path / "h.svh"
    header.write_text("`define FROM_H 1\n")
    project = tmp_path / "macros.svh"
    project.write_text("`define INNER 2\n`define FROM_P(x) (x + `INNER)\n")
    main = Input(
        str(tmp_path / "m.sv"),
        "d",
        '`include "h.svh"\nmodule m; wire a = `FROM_H; wire b = `FROM_P(4); endmodule\n',
    )
    facts = Compiler().facts(
        FactsRequest(main, options=CompileOptions(macro_files=(str(project),)))
    )
    assert facts.diagnostics == ()
    assert [(m.name, m.expansion, m.path) for m in facts.macros] == [
        ("FROM_H", "1", str(header)),
        ("FROM_P", "(4 + 2)", str(project)),
    ]


def test_project_macros_do_not_decide_ifdefs() -> None:
    """A file's `ifdef on a macro that it does not use keeps its meaning, whatever the project defines."""
    other = Path(__file__).parent / "macros_of_the_project.svh"
    options = CompileOptions(macro_files=(str(other),))
    at = Compiled(
        "module m;\n`ifdef PROJECT_WIDTH\n  wire a;\n`endif\nendmodule\n", options=options
    )
    assert len(at.facts.inactive) == 1


def test_file_is_the_path_on_disk() -> None:
    """`__FILE__ becomes the path of the file, not the name that slang knows it by (IEEE 1800-2023 22.13)."""
    at = Compiled('`define F $display(`__FILE__, ".main.sv.x")\nmodule m; initial `F; endmodule\n')
    (use,) = at.facts.macros
    assert use.expansion == f'$display("{MAIN}", ".main.sv.x")'


def test_of_two_definitions_the_one_that_was_valid_counts() -> None:
    """Each use names the definition before it, although a later one has the same name."""
    at = Compiled("`define N 1\nmodule m; wire [`N:0] a;\n`define N 2\nwire [`N:0] b; endmodule\n")
    places = [u.name_span.start for u in at.facts.macros if u.name_span]
    assert [u.expansion for u in at.facts.macros] == ["1", "2"]
    assert places == [at.offset("N 1"), at.offset("N 2")]
