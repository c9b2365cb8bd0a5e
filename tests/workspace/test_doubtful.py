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
    return {
        d.code: is_doubtful(snapshot.index, snapshot.project, at.file, text, d)
        for d in facts.diagnostics
    }


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


IFDEF = """
    //- /top.sv
    module top<|>; sub u_sub (.a_i(1'b0), .b_i(1'b0)); endmodule
    //- /sub.sv
    module sub (
      input logic a_i
    {}
    );
    endmodule
    """


def test_port_under_an_ifdef_is_doubtful() -> None:
    """Without a project file nobody says that the macro is not defined."""
    assert doubted(IFDEF.format("`ifdef B\n  , input logic b_i\n`endif")) == {
        "PortDoesNotExist": True
    }


def test_port_that_is_nowhere_is_not_doubtful() -> None:
    """A port that the module's file does not mention is a mistake."""
    assert doubted(IFDEF.format("`ifdef B\n  , input logic c_i\n`endif")) == {
        "PortDoesNotExist": False
    }


def test_port_under_an_ifdef_is_a_mistake_in_a_configured_project() -> None:
    """With a file list the macros are known."""
    listed = "    //- /top.f\n    top.sv sub.sv\n" + IFDEF.format(
        "`ifdef B\n  , input logic b_i\n`endif"
    )
    assert doubted(listed) == {"PortDoesNotExist": False}
