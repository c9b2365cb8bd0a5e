"""Where statements end, read from tokens."""

from __future__ import annotations

import pytest

from hdl_lsp.syntax.statements import statement_end
from hdl_lsp.syntax.tokens import code_tokens


def end_of(text: str) -> str | None:
    """What the first statement of *text* is; None where it does not end."""
    data = text.encode()
    tokens = list(code_tokens(data, 0, len(data)))
    end = statement_end(tokens, 0)
    return None if end is None else text[: tokens[end - 1].end]


@pytest.mark.parametrize(
    "statement",
    [
        "a = b;",
        "a[i] <= {b, c ? d : e};",
        "begin : label a = b; begin end end : label",
        "if (a) b = c; else if (d) begin e = f; end else g = h;",
        "unique case (a) B: c = d; default: begin end endcase",
        "for (int i = 0; i < 4; i++) a[i] = b;",
        "@(posedge clk) a = b;",
        "#10 a = b;",
        "fork a = b; c = d; join_none",
        "wait fork;",
        'assert (a) else $error("b");',
        "`MACRO(a, b)",
        "`MACRO(a) <= b;",
        "`MACRO;",
        "forever begin a = b; end",
        ";",
    ],
)
def test_whole_statement(statement: str) -> None:
    """A statement ends where the next one starts."""
    assert end_of(f"{statement} next = one;") == statement


@pytest.mark.parametrize(
    "text",
    [
        "a = b end",
        "begin a = b;",
        "if (a b = c;",
        "case (a) B: c = d; end",
        "endmodule",
        "a = (b;",
        "",
    ],
)
def test_unfinished_statement(text: str) -> None:
    """One that is not closed, and what is no statement, has no end."""
    assert end_of(text) is None
