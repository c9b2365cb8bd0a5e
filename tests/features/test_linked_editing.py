"""Names that are edited at both ends of a block."""

from __future__ import annotations

import pytest

from hdl_lsp.features.linked_editing import linked_editing
from tests.support.fixture import parse_fixture
from tests.support.render import render_spans


@pytest.mark.parametrize(
    "text",
    [
        "module [|a<|>lu|]; endmodule : [|alu|]\n",
        "module automatic [|alu|] #(parameter int P = 1) (); endmodule : [|al<|>u|]\n",
        "module m; always_comb begin : [|<|>p_a|]\n  if (1) begin end\nend : [|p_a|]\nendmodule\n",
        "module m; if (1) begin: [|g|]\n if (1) begin : h\n end\nend : [|g<|>|]\nendmodule\n",
        "module m; initial [|blk|] : begin end : [|bl<|>k|]\nendmodule\n",
        "package p; function automatic logic [3:0] [|f<|>n|](int a); endfunction : [|fn|]\nendpackage\n",
        "class c; extern function void g(); task [|run<|>|]; fork join_none endtask : [|run|]\nendclass\n",
        "interface class [|i<|>c|]; endclass : [|ic|]\n",
    ],
)
def test_both_ends_are_found(text: str) -> None:
    """The name at the beginning and the one at the end, wherever the cursor is in them."""
    at = parse_fixture(text)
    expected = tuple(marked.span for marked in at.ranges)
    assert linked_editing(at.snapshot(), at.file, at.offset) == expected


@pytest.mark.parametrize(
    "text",
    [
        "module al<|>u; endmodule\n",
        "module alu; endmodule : al<|>b\n",
        "mod<|>ule alu; endmodule : alu\n",
        "module m; initial begin : a<|>b\n",
        "// module m<|>m; endmodule : mm\n",
        "class c; function n<|>ew(); endfunction : new\nendclass\n",
        "module m; wire a; assign a<|> = 1; endmodule : m\n",
    ],
)
def test_nothing_else_is_linked(text: str) -> None:
    """A name that stands once, two different ones, keywords and comments are left alone."""
    at = parse_fixture(text)
    assert linked_editing(at.snapshot(), at.file, at.offset) == ()


def test_a_missing_end_takes_no_other_s() -> None:
    """A block that is not closed does not swallow the name of the one around it."""
    at = parse_fixture(
        """
        module m;
          always_comb begin : p_outer
            if (a) begin : p_inner
          end : p_<|>outer
        endmodule : m
        """
    )
    # The `end` belongs to the inner `begin`, whose name is another: nothing is linked.
    assert linked_editing(at.snapshot(), at.file, at.offset) == ()
    spans = [
        (one, "") for one in linked_editing(at.snapshot(), at.file, at.source.data.index(b"m;"))
    ]
    assert render_spans(at.source, spans) == (
        "  1 | module m;\n    |        ^\n  5 | endmodule : m\n    |             ^\n"
    )
