"""`hdl-lsp eval language`: the walk knows what names mean, and the features are judged by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_lsp.cli.main import main
from hdl_lsp.lab.evaluate.design import Design, opened
from hdl_lsp.lab.evaluate.hover_words import judge_hover
from hdl_lsp.lab.evaluate.language import Evaluation, LanguageResult
from hdl_lsp.lab.evaluate.truth import walked
from hdl_lsp.semantics.truth.record import DesignTruth, TruthRequest, TruthSymbol
from tests.support import designs

PARTS = """\
package p;
  typedef enum logic [1:0] {Idle, Busy} state_e;
  typedef struct packed {logic [3:0] fu; state_e state;} job_t;
  function automatic int twice(int value);
    return 2 * value;
  endfunction
endpackage
interface bus_if #(parameter int Width = 2) (input logic clk);
  logic [Width-1:0] data;
  clocking cb @(posedge clk);
    input data;
  endclocking
  modport sink (input data);
endinterface
"""
CORE = """\
`define SIZE(n) logic [n-1:0]
module core import p::*; #(parameter int Lanes = 1) (
  input logic clk_i, bus_if.sink bus, output job_t fu_data_o
);
  for (genvar lane = 0; lane < Lanes; lane++) begin : g_lane
    `SIZE(4) count;
    assign count = bus.data[lane] ? 4'd1 : 4'd0;
  end : g_lane
  if (Lanes == 7) begin : g_never
    logic dead;
    assign dead = clk_i & fu_data_o.fu[0];
  end
  assign fu_data_o.fu = g_lane[0].count;
  assign fu_data_o.state = Idle;
endmodule : core
module top(input logic clk_i);
  p::job_t job;
  bus_if #(.Width(8)) bus (.clk(clk_i));
  core #(.Lanes(2)) u_core (.clk_i, .bus, .fu_data_o(job));
  initial begin : check
    automatic p::job_t other = '{fu: 4'd3, state: p::Busy};
    $display(p::twice(.value(int'(job.fu) + int'(other.fu))), bus.cb.data);
  end : check
endmodule
"""


def design(folder: Path) -> Design:
    """Every kind of name the walk tells apart, in two files."""
    (folder / "parts.sv").write_text(PARTS, encoding="utf-8")
    (folder / "core.sv").write_text(CORE, encoding="utf-8")
    return Design(folder, tops=("top",))


async def truth_of(folder: Path) -> DesignTruth:
    """The walk over the design in *folder*."""
    design(folder)
    files = (str(folder / "parts.sv"), str(folder / "core.sv"))
    return await walked(TruthRequest(files=files, tops=("top",)))


async def evaluated(one: Design, references: int | None) -> LanguageResult:
    """Everything asked at every name."""
    async with opened(one) as (session, request):
        truth = await walked(request)
        return await Evaluation(session, truth, references).run(lambda _: None)


@pytest.mark.parametrize(
    ("use", "declaration"),
    [
        ("data[lane]", "[Width-1:0] data"),
        ("lane] ?", "genvar lane"),
        ("g_lane\n", "begin : g_lane"),
        ("core\nmodule", "module core"),
        ("SIZE(4)", "`define SIZE"),
        ("n-1", "SIZE(n"),
        ("fu[0]", "[3:0] fu"),
        ("clk_i & ", "logic clk_i"),
        ("job_t fu_data_o", "} job_t"),
        ("p::*", "package p"),
        ("sink bus", "modport sink"),
        ("bus_if.sink", "interface bus_if"),
        ("Width(8)", "int Width"),
        ("clk(clk_i)", "(input logic clk"),
        ("core #(.L", "module core"),
        ("fu_data_o(job)", "job_t fu_data_o"),
        ("fu: 4", "[3:0] fu"),
        ("Busy}", "{Idle, Busy"),
        ("twice(.v", "int twice"),
        ("value(int", "int value"),
        ("cb.data", "clocking cb"),
    ],
)
async def test_the_walk_knows(tmp_path: Path, use: str, declaration: str) -> None:
    """Each use leads to the declaration that elaboration gives it."""
    truth = await truth_of(tmp_path)
    texts = {str(tmp_path / name): text for name, text in (("core.sv", CORE), ("parts.sv", PARTS))}
    used = next((path, text.rindex(use)) for path, text in texts.items() if use in text)
    found = next(name for name in truth.names[used[0]] if name.start == used[1])
    places = {place for number in found.symbols for place in truth.symbols[number].places}
    wanted = [
        (path, text.index(declaration) + len(declaration) - len(found.name))
        for path, text in texts.items()
        if declaration in text
    ]
    assert set(wanted) & places
    assert truth.errors == 0
    assert not truth.unresolved


async def test_a_module_without_an_instance_is_walked(tmp_path: Path) -> None:
    """Names of a module that the top never reaches are known all the same."""
    (tmp_path / "m.sv").write_text(
        "module top; endmodule\nmodule spare; logic a; assign a = 1; endmodule\n", encoding="utf-8"
    )
    path = str(tmp_path / "m.sv")
    truth = await walked(TruthRequest(files=(path,), tops=("top",)))
    assert [name.name for name in truth.names[path]] == ["top", "spare", "a", "a"]


async def test_every_definition_of_a_small_design(tmp_path: Path) -> None:
    """All definitions are slang's, all uses are found, nothing raises."""
    result = await evaluated(design(tmp_path), None)
    assert result.definitions.asked > 80
    wrong = [m for m in result.mismatches if m.question == "definition"]
    assert wrong == []
    assert result.raised == 0
    assert result.symbols_asked == result.symbols > 30
    assert result.recall.share > 0.9
    assert result.precision.share > 0.97


async def test_a_wrong_answer_is_counted(tmp_path: Path) -> None:
    """Where the walk says otherwise, the mismatch names both places."""
    async with opened(design(tmp_path)) as (session, request):
        truth = await walked(request)
        wrong = DesignTruth(
            names=truth.names,
            symbols=tuple(
                TruthSymbol(s.name, s.kinds, frozenset({("/elsewhere.sv", 3)}), s.widths)
                for s in truth.symbols
            ),
        )
        result = await Evaluation(session, wrong, 0).run(lambda _: None)
    assert result.definitions.count("right") == 0
    assert result.definitions.count("wrong") == result.definitions.asked
    assert not result.bars()[0].is_met
    first = result.mismatches[0]
    assert (first.question, first.verdict, first.wanted) == (
        "definition",
        "wrong",
        "/elsewhere.sv:1:1",
    )


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("input port of `m` · 8 bits", "right"),
        ("input port of `m` · 4 bits", "width"),
        ("output port of `m` · 8 bits", "direction"),
        ("typedef of `m`", "kind"),
    ],
)
def test_a_hover_is_read(line: str, word: str) -> None:
    """Kind, direction and width in the words of a hover are compared with the symbol."""
    port = TruthSymbol("a", frozenset({"Port"}), frozenset(), frozenset({8}), "In")
    assert judge_hover(f"```systemverilog\na\n```\n\n{line}\n\nline 1", [port]).word == word


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verb prints JSON with bars, and its status says that they are met."""
    design(tmp_path)
    status = main(["eval", "language", str(tmp_path), "--top", "top", "--references=0", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert answer["errors"] == 0
    assert [bar["is_met"] for bar in answer["bars"] if bar["is_met"] is not None] == [True, True]


def test_command_without_a_top(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing top is a usage error with a sentence."""
    design(tmp_path)
    assert main(["eval", "language", str(tmp_path)]) == 2
    assert "--top" in capsys.readouterr().err


@pytest.mark.real
@pytest.mark.slow
async def test_ibex() -> None:
    """At least 99.5 % of the definitions of Ibex are slang's, and nothing raises."""
    result = await evaluated(
        Design(designs.ibex(), tops=("ibex_core",), defines=("RVFI",)), references=20
    )
    assert result.definitions.asked > 15_000
    assert result.definitions.share >= 0.995
    assert result.raised == 0
    assert result.recall.share >= 0.95
    assert result.precision.share >= 0.95
