"""Findings that one file compiled alone can't be sure of."""

from __future__ import annotations

from hdl_lsp.workspace.doubtful import is_doubtful
from tests.support.fixture import parse_fixture


def doubted(fixture: str) -> dict[str, bool]:
    """Code of every finding in the fixture's file, and whether it is doubtful."""
    at = parse_fixture(fixture)
    snapshot = at.snapshot()
    facts, text = snapshot.facts(at.file), snapshot.text(at.file)
    assert facts is not None
    assert text is not None
    return {d.code: is_doubtful(snapshot.index, text, d) for d in facts.diagnostics}


def test_path_through_an_instance_above_is_doubtful() -> None:
    """A hierarchical name may start at an instance somewhere above this module."""
    assert doubted(
        """
        //- /child.sv
        module child<|>; initial $display("%b", u_parent.value); endmodule
        //- /top.sv
        module parent; logic value; child u_child (); endmodule
        module top; parent u_parent (); endmodule
        """
    ) == {"UndeclaredIdentifier": True}


def test_misspelled_struct_is_not_doubtful() -> None:
    """A name before a dot that nothing in the workspace has is a mistake."""
    assert doubted(
        """
        module child; initial $display("%b", vlaue.field); endmodule
        """
    ) == {"UndeclaredIdentifier": False}


def test_function_at_file_scope_of_another_file_is_doubtful() -> None:
    """Many flows compile all files as one unit."""
    assert doubted(
        """
        //- /main.sv
        module main<|>; initial shared(1); endmodule
        //- /dpi.sv
        import "DPI-C" function void shared(input int value);
        """
    ) == {"UndeclaredIdentifier": True}


TWICE = """
    //- /main.sv
    module main<|>; import a_pkg::*; import b_pkg::*; word_t value; endmodule
    //- /a_pkg.sv
    package a_pkg;
      `include "word.svh"
    endpackage
    //- /b_pkg.sv
    package b_pkg;
      {}
    endpackage
    //- /word.svh
    `ifndef WORD_SVH
    `define WORD_SVH
    typedef logic [7:0] word_t;
    `endif
    """


def test_one_header_in_two_packages_is_doubtful() -> None:
    """In one compilation unit the header's guard lets only the first package have it."""
    assert doubted(TWICE.format('`include "word.svh"')) == {"AmbiguousWildcardImport": True}


def test_two_declarations_in_two_packages_are_ambiguous() -> None:
    """Packages that both declare the name are a real conflict."""
    own = "typedef logic [3:0] word_t;"
    assert doubted(TWICE.format(own)) == {"AmbiguousWildcardImport": False}
