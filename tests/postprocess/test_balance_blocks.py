"""Blocks that a candidate leaves open are closed."""

from __future__ import annotations

from hdl_lsp.postprocess.balance_blocks import balance_blocks
from tests.support.candidates import IN_MODULE, check


def test_open_blocks_are_closed_in_their_indentation() -> None:
    """`end` and `endcase` are added where the block began."""
    check(
        balance_blocks,
        IN_MODULE,
        "always_comb begin\n    case (a)\n      default: y = b;",
        "always_comb begin\n    case (a)\n      default: y = b;\n    endcase\n  end",
    )
    check(balance_blocks, IN_MODULE, "assign y = (a", None)


def test_open_blocks_of_a_line_that_begins_with_blanks() -> None:
    """At column 0 the model's own indentation counts; after blanks it is dropped later, so the line's own does."""
    written = "  always_ff @(posedge a) begin\n    y <= b;"
    at_column_0 = "module m(input logic a, b, output logic y);\n<|>\nendmodule\n"
    check(balance_blocks, at_column_0, written, f"{written}\n  end")
    check(balance_blocks, IN_MODULE, " " + written, f" {written}\n  end")
    check(balance_blocks, at_column_0.replace("endmodule", "  end"), written, written)


def test_a_block_that_the_next_line_closes_is_left_open() -> None:
    """With `end` already below, none is added."""
    context = "module m;\n  initial <|>\n  end\nendmodule\n"
    check(balance_blocks, context, "begin\n    $finish;", "begin\n    $finish;")


def test_ends_of_blocks_get_the_file_s_line_end() -> None:
    """CRLF in a CRLF file."""
    context = IN_MODULE.replace("\n", "\r\n")
    check(
        balance_blocks, context, "initial begin\r\n    a();", "initial begin\r\n    a();\r\n  end"
    )
