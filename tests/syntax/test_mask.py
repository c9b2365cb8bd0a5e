"""What macros and directives are replaced by before the second try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.syntax.mask import mask
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.source import LINE_END, SourceText

CASES = {
    "an assertion": "module m;\n  `ASSERT(A, a |-> b)\nendmodule",
    "an assertion over lines": "module m;\n  `ASSERT(A,\n    a |-> ##1 b)\n  wire x;\nendmodule",
    "a statement without semicolon": "module m; initial begin `WAIT(a == b)\n x = 1; end endmodule",
    "a branch without semicolon": "module m; initial if (a) `WAIT(b) else x = 1; endmodule",
    "a parameter list": "module m #(parameter A = 1\n `EXTRA\n) (); endmodule",
    "a sized number": "module m; wire [3:0] a = `W'hF; wire [3:0] b = 8'h`X; endmodule",
    "a type": "module m; `TYPE_T x; endmodule",
    "a cell": "module m; `CELL u0 (.a(b)); endmodule",
    "an include in a parameter list": 'module m #(`include "p.vh"\n) (); endmodule',
    "a conditional in an expression": "module m; assign a =\n`ifdef X\n b\n`else\n c\n`endif\n; endmodule",
    "two headers": "`ifdef X\nmodule m (input a);\n`else\nmodule m (input b);\n`endif\nendmodule",
    "an empty first branch": "`ifdef X\n`else\nmodule m; `A(b |-> c)\n`endif\nendmodule",
    "nested conditionals": "`ifdef X\n`ifdef Y\nmodule m (\n`endif\n);\n`else\nmodule m ();\n`endif\nendmodule",
    "a pragma": "module m;\n`pragma protect begin\nendmodule",
    "a macro with a multi-line body": "`define A(x) \\\n  always begin \\\n  x\nmodule m; `A(b |-> c)\nendmodule",
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_grammar_cannot_read_parses_when_masked(name: str) -> None:
    """Each cause of errors measured on real files is gone in the masked text."""
    assert parse(SourceText.of(CASES[name])).error_bytes == 0


def test_comments_and_strings_hide_macros() -> None:
    """A backtick in a comment or string is left alone."""
    text = b'// `A(\n/* `B( */ initial $display("`C(");'
    assert mask(text) == text


def test_an_argument_list_that_never_closes_takes_nothing_with_it() -> None:
    """Only the name of a half-typed macro call is replaced."""
    assert mask(b"module m; `A(x\nendmodule") == b"module m; ; (x\nendmodule"


@given(
    st.lists(
        st.sampled_from(
            [
                "`ifdef A",
                "`elsif B",
                "`else",
                "`endif",
                "`M",
                "`M(",
                ")",
                "(",
                '"',
                "/*",
                "*/",
                "//",
                "\n",
                "\r\n",
                "\\",
                "`define X",
                " ",
                "x",
                ";",
                "é",
                "`",
                "'h",
            ]
        ),
        max_size=40,
    )
)
def test_length_and_line_ends_never_change(pieces: list[str]) -> None:
    """However broken the text, offsets and lines in the masked one are those of the original."""
    data = "".join(pieces).encode()
    masked = mask(data)
    assert [m.span() for m in LINE_END.finditer(masked)] == [
        m.span() for m in LINE_END.finditer(data)
    ]
    assert len(masked) == len(data)
