"""Where text can be suggested, on text of every kind."""

from __future__ import annotations

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.evidence import evidence
from hdl_lsp.context.prompt import fim_prompt
from hdl_lsp.context.site import Extent
from hdl_lsp.text.source import Offset
from tests.support.fixture import parse_fixture

HEAD = "module m(input logic a, output logic y);\n"


@pytest.mark.parametrize(
    ("line", "extent"),
    [
        ("  <|>", Extent.LINES),
        ("  assign y = <|>", Extent.LINES),
        ("  assign y = (a<|>);", Extent.REST_OF_LINE),
        ("  // counts <|>", Extent.REST_OF_LINE),
        ("  child u (.a(<|>));  // comment", Extent.REST_OF_LINE),
        ("  assign y = a<|>  ", Extent.LINES),
    ],
)
def test_what_may_be_written(line: str, extent: Extent) -> None:
    """At the end of a line more lines, before closing brackets and in comments the rest of the line."""
    at = parse_fixture(f"{HEAD}{line}\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    assert place.extent is extent


@pytest.mark.parametrize(
    "line",
    ["  assi<|>gn y = a;", '  $display("a<|>");', "  assign y = <|>a;", "  localparam A = 4'<|>"],
)
def test_where_nothing_is_suggested(line: str) -> None:
    """In a word, a string, a number, and before code."""
    at = parse_fixture(f"{HEAD}{line}\nendmodule\n")
    assert site.at(at.snapshot(), at.file, at.offset) is None


BROKEN = [
    "",
    "\n",
    "\ufeffmodule m;",
    "module top (input logic clk_i,\n  fifo #(.D(4) u (.a(), .b\nendmodule",
    "module m;\r\n  assign y =\r\n\r\nendmodule\r\n",
    "\tif (é == 電) begin\r  y <= `FOO(1,\n",
    '`include "x\n`define A(b \\\n  c\n\\esc+aped ',
    "class c; function f(; covergroup g @(",
    'module m; initial $display("ü\n',
    "\0\0`",
]


@pytest.mark.parametrize("text", BROKEN)
def test_every_offset_of_broken_text(text: str) -> None:
    """Sites, prompts and evidence are asked for at every byte, characters cut and outside the file included."""
    at = parse_fixture("//- /broken.sv\n" + text)
    snapshot = at.snapshot()
    source = snapshot.text(at.file)
    assert source is not None
    for offset in range(-2, source.size_bytes + 3):
        evidence(snapshot, at.file, offset)
        place = site.at(snapshot, at.file, Offset(offset))
        if place is None:
            continue
        prompt = fim_prompt(snapshot, place)
        assert "\ufffd" not in prompt.line_prefix or "\ufffd" in source.text
        assert 0 <= place.line_start <= place.offset <= source.size_bytes
        changed = place.spliced("x\ud800")
        assert changed.slice(place.inserted("x\ud800")) == "x\ufffd"


def test_a_cursor_between_cr_and_lf_is_at_the_end_of_the_line() -> None:
    """Nothing is inserted into a line end."""
    at = parse_fixture("module m;\r\n  assign y =\r\nendmodule\r\n")
    end = at.source.text.index("=") + 1
    place = site.at(at.snapshot(), at.file, Offset(end + 1))
    assert place is not None
    assert place.offset == end
    assert place.line_prefix == "  assign y ="


def test_a_file_nobody_knows_has_no_site() -> None:
    """None, not an error; also with no files at all."""
    at = parse_fixture("module m; endmodule")
    snapshot = at.snapshot()
    assert site.at(snapshot, at.table.id_of("/other.sv"), Offset(0)) is None
    assert evidence(snapshot, at.table.id_of("/other.sv"), 0) is None
