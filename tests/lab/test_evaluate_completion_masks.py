"""What `hdl-lsp eval completion` takes out of a file is what the grammar calls it, and comes back the same."""

from __future__ import annotations

import random
from pathlib import Path

from hdl_lsp.lab.evaluate.completion.file_judge import judging
from hdl_lsp.lab.evaluate.completion.masks import Mask, MaskKind, draw, masks
from hdl_lsp.semantics.request import DiagnosticsRequest, Input
from hdl_lsp.text.source import SourceText

LEAF = """module leaf #(parameter int W = 1, parameter int D = 2) (
  input logic clk_i, input logic [W-1:0] a_i, output logic [W-1:0] q_o
);
endmodule
"""
TOP = """module top (input logic clk_i, input logic rst_ni, input logic [3:0] a_i);
  typedef enum logic [1:0] {Idle, Busy, Done} state_e;
  typedef struct packed {logic valid; logic [3:0] data;} word_t;
  `define ASSERT(name, prop, clk = clk_i) name: assert property (@(posedge clk) prop);
  state_e state_q, state_d;
  word_t word;
  logic [3:0] q;
  logic [3:0] s;
  assign s[0] = a_i[0];
  assign s[1] = a_i[1];
  assign s[2] = a_i[2];
  leaf #(.W(4), .D(3)) u_leaf (
    .clk_i,
    .a_i(a_i),  // in
    .q_o(q)
  );
  assign word = '{valid: 1'b1, data: q};
  always_comb begin
    state_d = state_q;
    unique case (state_q)
      Idle: state_d = Busy;
      Busy, Done: begin
        state_d = Idle;
      end
      default: ;
    endcase
  end
  always_comb begin
    if (state_q == Idle) s[3] = 1'b0;
    case (state_q)
      Idle: s[3] = 1'b1;
      default: s[3] = 1'b0;
    endcase
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      state_q <= state_d;
    end
  end
  `ASSERT(Known, state_q == Idle |-> a_i != 0)
  check: assert property (@(posedge clk_i) a_i |=> q);
endmodule
"""


async def _masks(tmp_path: Path, text: str) -> tuple[SourceText, tuple[Mask, ...]]:
    (tmp_path / "leaf.sv").write_text(LEAF, encoding="utf-8")
    source = SourceText.of(text)
    main = Input(str(tmp_path / "top.sv"), source.digest, text)
    request = DiagnosticsRequest(main, (Input(str(tmp_path / "leaf.sv")),))
    async with judging() as judge:
        pieces = await judge.pieces(request)
    found = masks(source, pieces, lambda name: name == "leaf", random.Random(1))
    return source, tuple(found)


async def test_pieces_are_what_the_grammar_calls_them(tmp_path: Path) -> None:
    """Each piece is whole, and lists what it is made of."""
    text, found = await _masks(tmp_path, TOP)
    lines = {MaskKind.NEXT_LINE, MaskKind.REST_OF_LINE, MaskKind.EXPRESSION, MaskKind.DECLARATION}
    pieces = {
        (m.kind.value, " ".join(m.wanted(text).split()), m.keys)
        for m in found
        if m.kind not in lines
    }
    assert pieces - {p for p in pieces if "rest of" in p[0] or p[0] == "always block"} == {
        ("series", "assign s[2] = a_i[2];", ()),
        ("parameter map", ".W(4), .D(3)", ("W", "D")),
        ("port map", ".clk_i, .a_i(a_i), // in .q_o(q)", ("clk_i", "a_i", "q_o")),
        ("struct literal", "valid: 1'b1, data: q", ("valid", "data")),
        (
            "case arms",
            "Idle: state_d = Busy; Busy, Done: begin state_d = Idle; end default: ;",
            ("Idle", "Busy,Done"),
        ),
        (
            "case arms that are not all",
            "Idle: s[3] = 1'b1; default: s[3] = 1'b0;",
            ("Idle",),
        ),
        ("reset branch", "state_q <= Idle;", ("state_q",)),
        ("assertion", "state_q == Idle |-> a_i != 0", ()),
        ("assertion", "@(posedge clk_i) a_i |=> q", ()),
    }  # fmt: skip
    blocks = sorted(p[1].split(";")[0] for p in pieces if p[0] == "always block")
    assert blocks == [
        "if (!rst_ni) begin state_q <= Idle",
        "if (state_q == Idle) s[3] = 1'b0",
        "state_d = state_q",
    ]


async def test_what_is_left_of_a_list_begins_with_a_line(tmp_path: Path) -> None:
    """The rest of a port map or of case arms starts at a part that stands first on its line."""
    text, found = await _masks(tmp_path, TOP)
    left = {m.kind: m for m in found if m.kind in (MaskKind.PORTS_LEFT, MaskKind.CASE_ARMS_LEFT)}
    ports, arms = left[MaskKind.PORTS_LEFT], left[MaskKind.CASE_ARMS_LEFT]
    assert ports.wanted(text).split("(")[0] == f".{ports.keys[0]}"
    assert ports.keys in (("a_i", "q_o"), ("q_o",))
    assert arms.keys == ("Busy,Done",)
    assert arms.applied(text).text.count("Idle: state_d = Busy;\n      \n    endcase") == 1


async def test_lines_are_code_lines(tmp_path: Path) -> None:
    """A next line is a whole line of code; the rest of a line begins inside one; nothing is a directive."""
    text, found = await _masks(tmp_path, TOP)
    lines = [line.strip() for line in TOP.split("\n")]
    next_lines = [m.wanted(text) for m in found if m.kind is MaskKind.NEXT_LINE]
    assert set(next_lines) < set(lines)
    assert not {"end", ");", ""} & set(next_lines)
    assert not any("`define" in line for line in next_lines)
    rests = [m.wanted(text) for m in found if m.kind is MaskKind.REST_OF_LINE]
    assert len(rests) == len(next_lines)
    assert all(any(line.endswith(rest) and line != rest for line in lines) for rest in rests)
    one_line = {MaskKind.EXPRESSION, MaskKind.DECLARATION}
    assert {m.wanted(text) for m in found if m.kind in one_line} >= {
        "state_d", "'{valid: 1'b1, data: q}", "word_t word;", "logic [3:0] q;",
    }  # fmt: skip


async def test_every_mask_can_be_undone(tmp_path: Path) -> None:
    """A hole filled with what stood there is the file again."""
    text, found = await _masks(tmp_path, TOP)
    assert len(found) > 40
    for mask in found:
        hole = mask.applied(text)
        assert len(hole.data) == len(text.data) - (mask.end - mask.start)
        assert mask.filled(text, mask.wanted(text).encode()) == text


async def test_what_comes_out_of_a_macro_is_no_piece(tmp_path: Path) -> None:
    """An instance whose text is in a macro's body is not taken out of the file."""
    text = "`define INST(n) leaf n (.clk_i(c), .a_i(a), .q_o(q));\nmodule top(input c, a, output q);\n`INST(u)\nendmodule\n"
    _, found = await _masks(tmp_path, text)
    assert not [m for m in found if m.kind in (MaskKind.PORT_MAP, MaskKind.PORTS_LEFT)]


async def test_one_seed_draws_the_same(tmp_path: Path) -> None:
    """Equal seeds draw equal masks, another seed others; no kind gets more than its share."""
    _, found = await _masks(tmp_path, TOP)
    first = draw(found, "1:top.sv", 2)
    assert first == draw(found, "1:top.sv", 2) != draw(found, "2:top.sv", 2)
    assert max(sum(m.kind is kind for m in first) for kind in MaskKind) == 2
