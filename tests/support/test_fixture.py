"""The fixture language and the rendering of answers."""

from __future__ import annotations

import pytest

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.text.source import span
from tests.support.fixture import Marked, parse_fixture
from tests.support.render import render_places, render_targets


def test_text_without_a_file_name_is_main() -> None:
    """Everything before the first file name is /main.sv, dedented."""
    at = parse_fixture(
        """
        module m;
          wire a;
        endmodule
        """
    )
    assert at.files == {"/main.sv": "module m;\n  wire a;\nendmodule\n"}
    assert at.path == "/main.sv"


def test_files_are_split_at_their_names() -> None:
    """Each name starts a file; text before the first name is left out when blank."""
    at = parse_fixture(
        """
        //- /a.sv
        module a;
        endmodule
        //- /inc/b.svh
        `define B
        """
    )
    assert at.files == {"/a.sv": "module a;\nendmodule\n", "/inc/b.svh": "`define B\n"}


def test_cursor_counts_bytes() -> None:
    """The cursor's offset is in UTF-8 bytes of the text without marks, in its own file."""
    at = parse_fixture("//- /a.sv\n// ä\n//- /b.sv\n// ä [|b|]<|> c\n")
    assert at.path == "/b.sv"
    assert at.offset == len("// ä b".encode())
    assert at.files["/b.sv"] == "// ä b c\n"
    assert at.file == at.file_of("/b.sv")


def test_ranges_have_names_and_may_nest() -> None:
    """Ranges are listed by their starts; the name is not part of the text."""
    at = parse_fixture("[|outer: assign [|inner: a|] = b;|] [|c|]\n")
    assert at.files["/main.sv"] == "assign a = b; c\n"
    assert at.ranges == (
        Marked("/main.sv", span(0, 13), "outer"),
        Marked("/main.sv", span(7, 8), "inner"),
        Marked("/main.sv", span(14, 15)),
    )
    assert at.range("inner").span == span(7, 8)


def test_notes_are_taken_out_and_point_up() -> None:
    """A note names the characters above it; several notes may stand below one line."""
    at = parse_fixture(
        """
        assign y = a;
        //     ^ write
        //         ^ read
        wire b;
        """
    )
    assert at.files["/main.sv"] == "assign y = a;\nwire b;\n"
    assert at.notes == (
        Marked("/main.sv", span(7, 8), "write"),
        Marked("/main.sv", span(11, 12), "read"),
    )


@pytest.mark.parametrize("text", ["a <|> b <|>", "a [| b", "a |] b", "//- /a.sv\n//- /a.sv\n"])
def test_wrong_marks_are_refused(text: str) -> None:
    """Two cursors, an open range and a file given twice are mistakes of the test."""
    with pytest.raises(AssertionError):
        parse_fixture(text)


def test_snapshot_is_the_real_thing() -> None:
    """Files are indexed, the project is found from its list, and facts come from the compiler."""
    at = parse_fixture(
        """
        //- /top.f
        +define+WIDTH=4 --top top
        top.sv
        sub.sv
        //- /top.sv
        module top;
          logic [`WIDTH-1:0] value;
          sub u_sub (.a_i(va<|>lue));
        endmodule
        //- /sub.sv
        module sub (input logic [3:0] a_i);
        endmodule
        """
    )
    snapshot = at.snapshot()
    assert snapshot.project.kind == "filelist"
    assert snapshot.project.defines == (("WIDTH", "4"),)
    assert [ref.file for ref in snapshot.index.units("sub")] == [at.file_of("/sub.sv")]
    facts = snapshot.fresh_facts(at.file)
    assert facts is not None
    assert facts.diagnostics == ()
    symbol = facts.symbol_at(at.offset)
    assert symbol is not None
    assert (symbol.name, symbol.bit_width) == ("value", 4)


def test_headers_and_macros_of_the_fixture_reach_the_compiler() -> None:
    """An included file and a macro from a file nobody includes are found although nothing is on disk."""
    at = parse_fixture(
        """
        //- /rtl/top.sv
        `include "defs.svh"
        module top;
          localparam int One = `FROM_HEADER;
          localparam int Two = `FROM_NOWHERE;
        endmodule
        //- /inc/defs.svh
        `define FROM_HEADER 1
        //- /rtl/other.sv
        `define FROM_NOWHERE 2
        module other; localparam int X = `FROM_NOWHERE; endmodule
        """
    )
    facts = at.snapshot().facts(at.file_of("/rtl/top.sv"))
    assert facts is not None
    assert facts.diagnostics == ()
    assert (facts.missing_includes, facts.missing_macros) == ((), ())


def test_configuration_of_the_fixture_counts() -> None:
    """/hdl-lsp.toml is read as a workspace's."""
    at = parse_fixture('//- /hdl-lsp.toml\n[diagnostics]\nignore = ["x"]\n//- /a.sv\n')
    assert at.snapshot().config.diagnostics.ignore == ("x",)


def test_targets_are_shown_under_their_lines() -> None:
    """Path, line number, line and carets; a path is not repeated."""
    at = parse_fixture("//- /a.sv\nmodule fifo;\n  wire ä, b;\nendmodule\n")
    targets = (
        NavTarget("/a.sv", span(0, 40), span(7, 11), "fifo"),
        NavTarget("/a.sv", span(13, 26), span(24, 25), "b"),
        NavTarget("/gone.sv", span(0, 1), span(0, 1)),
    )
    assert render_targets(at, targets) == (
        "/a.sv\n"
        "  1 | module fifo;\n"
        "    |        ^^^^\n"
        "  2 |   wire ä, b;\n"
        "    |           ^\n"
        "/gone.sv\n"
        "    | bytes 0 to 1\n"
    )


def test_places_have_labels_and_empty_ones_a_bar() -> None:
    """A span that goes on in the next line ends with dots; an empty one is a bar."""
    at = parse_fixture("//- /a.sv\nab\ncd\n")
    places = [("/a.sv", span(1, 4), "over"), ("/a.sv", span(3, 3), "here")]
    assert render_places(at.snapshot(), places) == (
        "/a.sv\n  1 | ab\n    |  ^ ... over\n  2 | cd\n    | | here\n"
    )


def test_no_target_is_nowhere() -> None:
    """An empty answer can be told from a missing one."""
    assert render_targets(parse_fixture("module m; endmodule"), ()) == "nowhere\n"
