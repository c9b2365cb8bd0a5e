"""Plain names in expressions exist; new ones may come only where names are made."""

from __future__ import annotations

import pytest

from hdl_lsp.llm.engine import AllowedNames
from tests.llm.test_monitor import refused

NAMES = ("count_q", "count_d", "clk_i", "rst_ni", "enable", "pkg", "my_t", "FF")


@pytest.mark.parametrize(
    ("blocks", "line", "text", "upto"),
    [
        (0, "  assign x = ", "count_q + count_x", "count_q + count_"),
        (0, "  assign x = cou", "nt_q;", "nt_q;"),
        (0, "  assign x = cou", "nter", "nt"),
        (0, "  assign x = ", "enable ? count_d : count_q; anything u_any (.x(y));", ""),
        (0, "  assign x = ", "8'hab + `DEF(clk_i) + $clog2(count_q) + pkg::any.field", ""),
        (0, "  assign x = ", "'{any: count_q, other: other}", ""),
        (0, "  assign x = ", "{count_q, other}", "{count_q, o"),
        (1, "  ", "if (enable) begin\n count_d = 1;\n end else sto", "if (enable) begin\n count_d = 1;\n end else st"),
        (1, "  ", "if (enable) begin : name\n count_d = unknown", "if (enable) begin : name\n count_d = un"),
        (1, "  ", "for (int i = 0; i < 3; i++) count_d[i] = i; k", "for (int i = 0; i < 3; i++) count_d[i] = i; "),
        (1, "  ", "`CHECK(NewName, clk_i) enable = any", "`CHECK(NewName, clk_i) enable = "),
        (0, "  .x(", "count_q)) u_any (.y(other))", "count_q)) u_any (.y(other))"),
        (-1, "  ", "assign event", "assign e"),
        (0, "  assign x = ", "count_q & genvar", "count_q & "),
        (1, "  ", "for (genvar g = 0; g < 3; g++) if (count_q inside {clk_i}) enable = int'(count_q);", ""),
        (1, "  ", "enable = 1; // or /* not\n unique case (count_q) endcase", ""),
        (1, "  ", "logic tmp; tmp = count_q; tmq", "logic tmp; tmp = count_q; tm"),
        (1, "  ", "my_t one, two; one = two; k", "my_t one, two; one = two; "),
        (1, "  ", "count_d = 1; end any u_any (.x(y));", "count_d = 1; end any u_any (.x(y));"),
        (1, "  ", 'fork enable = 1; join $display("any"); // any', ""),
        (-1, "  ", "any u_any (.x(y)); logic [3:0] z; assign z = k", "any u_any (.x(y)); logic [3:0] z; assign z = "),
        (-1, "  ", "always_ff @(posedge clk_i or negedge rst_n) x", "always_ff @(posedge clk_i or negedge rst_n"),
        (-1, "  ", "always_comb count_d = count_q; any u_any ();", ""),
        (-1, "  ", "if (enable) begin : g any u_any (); end else begin any u_b (); end", ""),
    ],
)  # fmt: skip
def test_plain_names(blocks: int, line: str, text: str, upto: str) -> None:
    """What is read before a name is refused; an empty expectation is all of it."""
    allowed = AllowedNames(visible=NAMES, blocks=blocks)
    assert refused(allowed, line, text) == (upto or text)
