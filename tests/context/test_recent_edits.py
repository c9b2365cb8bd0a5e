"""What was changed lately is in the prompt, unless it stands around the cursor anyway."""

from __future__ import annotations

from dataclasses import replace

from hdl_lsp.context import site
from hdl_lsp.context.prompt import fim_prompt
from hdl_lsp.context.recent_edits import LONGEST_BYTES, MOST_EDITS, recent_edits
from hdl_lsp.workspace.recent_edits import RecentEdit
from tests.support.fixture import parse_fixture

FAR = "  // far above\n" * 200
FILES = f"""
//- /rtl/fifo.sv
module fifo;
  logic credit_left;
  logic credit_right;

endmodule
//- /rtl/top.sv
module top;
  logic parity_error;
{FAR}  assign a = b;
  <|>
endmodule
"""
AT = parse_fixture(FILES)
FIFO, TOP = AT.file_of("/rtl/fifo.sv"), AT.file_of("/rtl/top.sv")


def check(edits: tuple[RecentEdit, ...], expected: str) -> None:
    """The pieces at the cursor after *edits*, newest first, each with its file on top."""
    snapshot = replace(AT.snapshot(), edits=edits)
    place = site.at(snapshot, AT.file, AT.offset)
    assert place is not None
    found = recent_edits(snapshot, place)
    assert "".join(f"{piece.path}\n{piece.text}\n" for piece in found) == expected


def test_of_another_file_and_of_this_one() -> None:
    """Newest first; blank lines are left out."""
    check(
        (RecentEdit(FIFO, 2, 4), RecentEdit(TOP, 1, 1)),
        "rtl/fifo.sv\n  logic credit_right;\nendmodule\nrtl/top.sv\n  logic parity_error;\n",
    )


def test_what_stands_around_the_cursor_is_not_said_twice() -> None:
    """Else the prompt would change with every key."""
    last = AT.source.line_of(AT.offset)
    check((RecentEdit(TOP, last, last), RecentEdit(TOP, last - 60, last - 1)), "")


def test_lines_that_are_gone() -> None:
    """An edit of a file that became shorter, or that is gone, is nothing."""
    gone = AT.table.id_of("/rtl/gone.sv")
    check((RecentEdit(FIFO, 70, 80), RecentEdit(gone, 0, 1), RecentEdit(FIFO, 3, 3)), "")


def test_few_and_short() -> None:
    """No more than a handful, each cut after a whole line."""
    snapshot = replace(AT.snapshot(), edits=(RecentEdit(TOP, 0, 90),) * (MOST_EDITS + 2))
    place = site.at(snapshot, AT.file, AT.offset)
    assert place is not None
    found = recent_edits(snapshot, place)
    assert len(found) == MOST_EDITS
    assert all(0 < len(piece.text) <= LONGEST_BYTES for piece in found)
    assert all(piece.text.endswith("  // far above") for piece in found)


def test_it_can_be_left_out() -> None:
    """The source is called "edits"."""
    snapshot = replace(AT.snapshot(), edits=(RecentEdit(FIFO, 1, 1),))
    place = site.at(snapshot, AT.file, AT.offset)
    assert place is not None
    assert fim_prompt(snapshot, place).context == "// rtl/fifo.sv\n  logic credit_left;\n\n"
    assert fim_prompt(snapshot, place, without=frozenset({"edits"})).context == ""
