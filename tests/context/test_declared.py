"""Declarations of the file itself: shown when the prefix is too short to hold them, and only those that are named."""

from __future__ import annotations

from hdl_lsp.context import site
from hdl_lsp.context.declared import declared
from tests.support.fixture import parse_fixture

FAR = "  // far above\n" * 200


def check(head: str, near: str, expected: list[str]) -> None:
    """The texts of the pieces where *head* stands far above the lines *near*, best first."""
    lines = near + "\n" * (-(head + FAR + near).count("\n") % site.ANCHOR_LINES)
    at = parse_fixture(f"{head}{FAR}{lines}  <|>\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    assert [piece.text for piece in declared(at.snapshot(), place)] == expected


def test_what_the_lines_above_name() -> None:
    """Nearest name first; keywords, comments and names without a declaration are nothing."""
    check(
        "module m;\n  logic [3:0] count_q, count_d;\n  localparam int Most = 9;\n  logic unused;\n",
        "  assign full = count_q == Most; // unused\n",
        ["localparam int Most = 9;", "logic [3:0] count_q, count_d;"],
    )


def test_a_port() -> None:
    """A port is shown with its direction."""
    check(
        "module m (\n  input logic [7:0] data_i,\n  output logic full_o\n);\n",
        "  assign x = data_i;\n",
        ["input logic [7:0] data_i;"],
    )


def test_a_long_declaration_is_its_type_and_name() -> None:
    """A wide initial value is no reminder."""
    words = ", ".join(f"32'h{n:08x}" for n in range(64))
    check(
        f"module m;\n  localparam logic [63:0][31:0] Table = {{{words}}};\n",
        "  assign x = Table[3];\n",
        ["logic [63:0][31:0] Table"],
    )


def test_a_typedef_of_this_file() -> None:
    """On one line, without its comments."""
    check(
        "module m;\n  typedef enum logic {\n    Idle, // nothing\n    Busy\n  } state_e;\n",
        "  state_e state_q;\n",
        ["typedef enum logic { Idle, Busy } state_e;"],
    )


def test_what_the_prefix_shows_is_not_said_twice() -> None:
    """A declaration a few lines above stands in the prompt already."""
    at = parse_fixture("module m;\n  logic a;\n" + "\n" * 6 + "  assign b = a;\n  <|>\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    assert declared(at.snapshot(), place) == ()
