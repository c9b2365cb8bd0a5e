"""Comments that belong to declarations."""

from __future__ import annotations

import pytest

from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.text.source import SourceText

FIFO = """\
// Copyright someone
// SPDX-License-Identifier: Apache-2.0

////////////////////
// A fifo.        //
//                //
// Second part.   //
////////////////////
module fifo #(
  /** Depth
   * in words. */
  parameter int Depth = 4, // more than zero
                           // and even
  parameter int Width = 1 /* bits */
) (
  input logic clk_i, // clock
  input logic rst_ni
);
  // States.
  (* keep *)
  typedef enum logic [1:0] {
    Idle, // nothing to do
    Busy
  } state_e;

  // Not about a.

  logic a;
`ifdef X
  // Under a directive.
  function automatic logic [3:0] f(input x);
  endfunction // f
  logic z;
`endif
endmodule
"""


@pytest.mark.parametrize(
    ("before", "doc"),
    [
        ("fifo #", "A fifo.\n\nSecond part."),
        ("Depth =", "Depth\nin words.\nmore than zero\nand even"),
        ("Width =", "bits"),
        ("clk_i", "clock"),
        ("rst_ni", ""),
        ("state_e", "States."),
        ("Idle", "nothing to do"),
        ("Busy", ""),
        ("a;", ""),
        ("f(input", "Under a directive."),
        ("z;", ""),
    ],
)
def test_the_comment_of_a_declaration(before: str, doc: str) -> None:
    """Lines directly above and the comment behind, from any place in the declaration."""
    assert doc_comment(SourceText.of(FIFO), FIFO.index(before)) == doc


def test_a_licence_is_no_documentation() -> None:
    """A licence directly above a module is not shown for it."""
    text = "// Copyright me\nmodule m; endmodule"
    assert doc_comment(SourceText.of(text), text.index("m;")) == ""


def test_every_offset_has_an_answer() -> None:
    """No offset of any cut of a text raises."""
    for end in range(0, len(FIFO), 7):
        text = SourceText.of(FIFO[:end])
        for offset in (-1, 0, end // 2, end, end + 1):
            doc_comment(text, offset)
