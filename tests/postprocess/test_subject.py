"""What a line sets."""

from __future__ import annotations

import pytest

from hdl_lsp.postprocess.subject import subject


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("assign y = a;", "assign y"),
        ("  q[1]  <= d;", "q[1]"),
        (".clk_i (clk),", ".clk_i"),
        (".clk_i,", ".clk_i"),
        ("logic [3:0] state_q;", "state_q;"),
        ("input logic [W-1:0] data_i,", "data_i;"),
        ("localparam int A = 4;", "A;"),
        ("IDLE: begin", "IDLE:"),
        ("if (a <= 1) q = 1;", ""),
        ("if (a == 1) q = 1;", ""),
        ("end", ""),
        ("foo u_foo (", ""),
        ("", ""),
    ],
)
def test_subjects(line: str, expected: str) -> None:
    """Targets, ports, declared names and labels; conditions and the rest set nothing."""
    assert subject(line) == expected
