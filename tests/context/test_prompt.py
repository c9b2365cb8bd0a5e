"""What a model is shown: the prompt as a golden, what keeps it still while the user types, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.prompt import CONTEXT_TOKENS, fim_prompt
from hdl_lsp.context.window import PREFIX_BYTES, SUFFIX_BYTES
from hdl_lsp.llm.engine import FimPrompt
from tests.support.fixture import Fixture, parse_fixture

DESIGN = """
//- /rtl/state_pkg.sv
package state_pkg;
  // What the machine is doing.
  typedef enum logic [1:0] {
    Idle,    // nothing
    Busy,
    Done
  } state_e;
endpackage
//- /rtl/fifo.sv
module fifo #(
  parameter int Depth = 4
) (
  input  logic       clk_i,
  input  logic [7:0] data_i,
  output logic       full_o
);
endmodule
//- /rtl/top.sv
module top import state_pkg::*; (
  input  logic       clk_i,
  input  logic [7:0] data_i,
  output logic       full_o
);
  state_e state_q, state_d;

  fifo #(.Depth(8)) u_fifo (
    .clk_i (clk_i),
    CURSOR
  );

  always_comb begin
    state_d = state_q;
  end
endmodule
"""


def prompt_at(at: Fixture) -> FimPrompt:
    """The prompt at the fixture's cursor."""
    snapshot = at.snapshot()
    place = site.at(snapshot, at.file, at.offset)
    assert place is not None
    return fim_prompt(snapshot, place)


def shown(prompt: FimPrompt) -> str:
    """The prompt with its parts named."""
    parts = ("context", "path", "prefix", "line_prefix", "suffix")
    return "".join(f"--- {part}\n{getattr(prompt, part)}\n" for part in parts)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("instance", ".data_i<|>"), ("fresh-line", "<|>"), ("ordered", "data_i, <|>")],
)
def test_prompt(name: str, typed: str, golden: Callable[[str, str], None]) -> None:
    """The header of the instantiated module and the typedef in use stand above the file."""
    at = parse_fixture(DESIGN.replace("CURSOR", typed))
    golden(f"prompt/{name}.txt", shown(prompt_at(at)))


@pytest.mark.parametrize(
    ("source", "piece"), [("interfaces", "module fifo"), ("typedefs", "typedef enum")]
)
def test_a_source_can_be_left_out(source: str, piece: str) -> None:
    """Every source has a name by which the evaluation leaves it out, and nothing else goes with it."""
    at = parse_fixture(DESIGN.replace("CURSOR", ".data_i<|>"))
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    whole = fim_prompt(at.snapshot(), place)
    left = fim_prompt(at.snapshot(), place, without=frozenset({source}))
    assert piece in whole.context
    assert piece not in left.context
    assert left.context != ""
    assert left.prefix == whole.prefix


def test_typing_changes_the_line_only() -> None:
    """From the first letter of a line to its last, everything but `line_prefix` stays."""
    line = ".data_i (data_i),"
    prompts = [
        prompt_at(parse_fixture(DESIGN.replace("CURSOR", line[:n] + "<|>")))
        for n in (0, 1, 4, 7, 16, 17)
    ]
    assert len({(p.context, p.path, p.prefix, p.suffix) for p in prompts}) == 1
    assert [p.line_prefix.strip() for p in prompts] == [
        line[:n].strip() for n in (0, 1, 4, 7, 16, 17)
    ]


def test_pieces_stay_for_eight_lines() -> None:
    """What is looked up in other files changes only when the cursor passes a multiple of eight lines."""
    uses = "".join(f"  assign a{n} = pkg::P{n};\n" for n in range(24))
    package = "".join(
        f"  typedef logic [{n}:0] T{n}; localparam T{n} P{n} = 0;\n" for n in range(24)
    )
    contexts: list[str] = []
    for n in range(24):
        lines = uses.split("\n")
        lines[n] += "<|>"
        contexts.append(
            prompt_at(
                parse_fixture(
                    f"//- /pkg.sv\npackage pkg;\n{package}endpackage\n"
                    "//- /m.sv\nmodule m;\n" + "\n".join(lines) + "endmodule\n"
                )
            ).context
        )
    assert all(contexts[n] == contexts[n - 1] for n in range(1, 24) if (n + 1) % site.ANCHOR_LINES)
    assert len(set(contexts)) > 1


def test_the_prompt_is_bounded() -> None:
    """A huge file, huge lines and huge headers give a prompt of the same size."""
    ports = ", ".join(f"input logic [31:0] a_rather_long_port_name_{n}" for n in range(500))
    body = "  assign some_signal = another_signal;\n" * 3_000
    prompt = prompt_at(
        parse_fixture(
            f"//- /big.sv\nmodule big ({ports});\nendmodule\n"
            f"//- /m.sv\nmodule m;\n  big u_big ();\n{body}  <|>\n{body}endmodule\n"
        )
    )
    assert PREFIX_BYTES * 0.9 < len(prompt.prefix) < PREFIX_BYTES + 50 * site.ANCHOR_LINES
    assert len(prompt.suffix) <= SUFFIX_BYTES + 100
    assert len(prompt.context) <= CONTEXT_TOKENS * 4


def test_the_head_moves_in_steps() -> None:
    """While lines are added to the end of a long file, the prefix's first line changes with the anchor only."""
    line = "  assign some_signal = another_signal;\n"
    firsts = [
        prompt_at(parse_fixture("module m;\n" + _numbered(line, 200 + n) + "  <|>\n")).prefix[:60]
        for n in range(24)
    ]
    assert all(firsts[n] == firsts[n - 1] for n in range(1, 24) if (201 + n) % site.ANCHOR_LINES)
    assert 1 < len(set(firsts)) <= 24 / site.ANCHOR_LINES + 1


def test_very_long_lines_are_left_out() -> None:
    """A table of numbers right above the cursor does not make the prompt longer than it may be."""
    line = "  localparam logic [63:0] T = {" + "8'h00, " * 60 + "8'h00};\n"
    for count in range(1, 20):
        prompt = prompt_at(parse_fixture("module m;\n" + line * count + "  <|>\nendmodule\n"))
        assert len(prompt.prefix) <= 2 * PREFIX_BYTES


def _numbered(line: str, count: int) -> str:
    return "".join(line.replace("some", f"some_{n:03}") for n in range(count))


def test_a_crlf_file_is_shown_with_lf() -> None:
    """The model sees one kind of line end."""
    text = DESIGN.replace("CURSOR", ".data_i<|>")
    head, _, body = text.partition("//- /rtl/top.sv\n")
    unix = prompt_at(parse_fixture(text))
    dos = prompt_at(parse_fixture(f"{head}//- /rtl/top.sv\n" + body.replace("\n", "\r\n")))
    assert replace(dos, context=unix.context) == unix
    assert "\r" not in dos.prefix + dos.suffix


@pytest.mark.parametrize("before", ["// Größe\n", "\tlogic ä;\n", "/* 電 */ "])
def test_text_that_is_not_ascii_shifts_nothing(before: str) -> None:
    """Prefix, line and suffix put together are the file."""
    at = parse_fixture(f"module m;\n{before}\tassign y = 1;<|>\nendmodule\n")
    prompt = prompt_at(at)
    assert prompt.prefix + prompt.line_prefix + prompt.suffix == at.source.text
