"""Each kind of computed suggestion as a user sees it, beside the types and modules of a real core. No model is on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.conftest import RecordedServer
from tests.editors.installed import require

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench  # needs Playwright, which may be missing


@dataclass(frozen=True)
class Typed:
    """A file up to where somebody types *keys*, and words that are suggested then."""

    picture: str
    before: str
    keys: str
    after: str
    expected: tuple[str, ...]

    def file(self) -> str:
        """Its name."""
        return f"site_{self.picture.replace('-', '_')}.sv"

    def text(self) -> str:
        """The file as it is opened."""
        return self.before + self.after

    def place(self) -> tuple[int, int]:
        """Line and column of the cursor, counted from 1."""
        lines = self.before.split("\n")
        return len(lines), len(lines[-1]) + 1

    def height(self, suggested: str) -> int:
        """Of a picture that shows all of it with what is suggested, in pixels."""
        return 90 + 20 * (self.text() + self.keys + suggested).count("\n")


PORT_MAP = Typed(
    "port-map",
    """\
module counters import ibex_pkg::*; (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        counter_inc_i,
  input  logic        counterh_we_i,
  input  logic        counter_we_i,
  input  logic [31:0] counter_val_i,
  output logic [63:0] counter_val_o,
  output logic [63:0] counter_val_upd_o
);
  ibex_counter #(
    .CounterWidth(64)
  ) u_counter (""",
    "\n",
    ");\nendmodule\n",
    (".clk_i", ".counter_val_upd_o"),
)
CASE_ARMS = Typed(
    "case-arms",
    """\
module privileges import ibex_pkg::*; (
  input  priv_lvl_e  priv_i,
  output logic [1:0] level_o
);
  always_comb begin
    level_o = '0;
    unique case (priv_i)
      PRIV_LVL_M: level_o = 2'b11;""",
    "\n",
    """
    endcase
  end
endmodule
""",
    ("PRIV_LVL_H",),
)
RESET_BRANCH = Typed(
    "reset-branch",
    """\
module registers import ibex_pkg::*; (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        we_i,
  input  logic [31:0] data_i
);
  logic [31:0] data_q;
  logic        valid_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin""",
    "\n",
    """
    end else begin
      data_q  <= data_i;
      valid_q <= we_i;
    end
  end
endmodule
""",
    ("data_q", "valid_q", "'0"),
)
STRUCT_LITERAL = Typed(
    "struct-literal",
    """\
module configs import ibex_pkg::*; (
  input  pmp_cfg_mode_e mode,
  input  logic          lock, exec, write, read,
  output pmp_cfg_t      cfg_o
);
  assign cfg_o = '{""",
    "\n",
    """};
endmodule
""",
    ("lock: lock", "mode: mode"),
)
SERIES = Typed(
    "series",
    """\
module series (
  input  logic [3:0] a_i,
  output logic [3:0] b_o
);
  assign b_o[0] = a_i[3];
  assign b_o[1] = a_i[2];
  assign b_o[2] = a_i[1];""",
    "\n",
    """
endmodule
""",
    ("assign b_o[3] = a_i[0];",),
)


END_LABEL = Typed(
    "end-label",
    """\
module labels (
  input  logic       clk_i,
  input  logic [1:0] a_i,
  output logic [1:0] b_o
);
  for (genvar i = 0; i < 2; i++) begin : gen_bits
    always_ff @(posedge clk_i) begin : p_bit
      b_o[i] <= a_i[i];
    end : p_bit""",
    "\nend",
    """

endmodule : labels
""",
    ("end : gen_bits",),
)
PARAMETER_MAP = Typed(
    "parameter-map",
    """\
module stage #(
  parameter int          Width = 32,
  parameter int unsigned Depth = 2
) (
  input logic clk_i
);
endmodule

module pipeline #(
  parameter int          Width = 64,
  parameter int unsigned Depth = 4
) (
  input logic clk_i
);
  stage #(""",
    "\n",
    ") u_stage (\n    .clk_i(clk_i)\n  );\nendmodule\n",
    (".Width(Width)", ".Depth(Depth)"),
)
FSM = Typed(
    "fsm-skeleton",
    """\
module control (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic start_i,
  output logic busy_o
);
  typedef enum logic [1:0] {Idle, Run, Done} state_e;
  state_e state_q, state_d;

  always_comb begin""",
    "\n",
    """
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) state_q <= Idle;
    else         state_q <= state_d;
  end
  assign busy_o = state_q == Run;
endmodule
""",
    ("state_d = state_q", "Idle:", "Done:"),
)
EXTERN_METHOD = Typed(
    "extern-method",
    """\
class driver;
  int unsigned sent;
  extern virtual function void send(input logic [7:0] data, input bit is_last = 0);
endclass

function""",
    " ",
    "\n",
    ("driver::send(input logic [7:0] data",),
)
PACKAGE_IMPORT = Typed(
    "package-import",
    """\
module decoder (
  input  logic [31:0] instr_i,
  output logic        is_load_o
);
  """,
    "import ",
    """
  opcode_e opcode;
  assign opcode    = opcode_e'(instr_i[6:0]);
  assign is_load_o = opcode == OPCODE_LOAD;
endmodule
""",
    ("import ibex_pkg::",),
)
SITES = (
    PORT_MAP,
    PARAMETER_MAP,
    CASE_ARMS,
    RESET_BRANCH,
    STRUCT_LITERAL,
    FSM,
    SERIES,
    END_LABEL,
    EXTERN_METHOD,
    PACKAGE_IMPORT,
)


@pytest.fixture(scope="module")
def vscode(
    tmp_path_factory: pytest.TempPathFactory, ibex: Path, recorded_server: RecordedServer
) -> Iterator[Workbench]:
    """One window without a model for all tests of this file."""
    require("vscode", "chromium", "playwright", "extension")
    from tests.editors.workbench import extension_window

    home = tmp_path_factory.mktemp("vscode")
    (ibex / "hdl-lsp.toml").write_text("[llm]\nenabled = false\n", encoding="utf-8")
    for typed in SITES:
        (ibex / "rtl" / typed.file()).write_text(typed.text(), encoding="utf-8")
    with extension_window(ibex, home, recorded_server.program) as window:
        window.command("View: Toggle Primary Side Bar Visibility")
        window.open("ibex_counter.sv")  # the first file starts the server
        window.wait_for_text(window.language_status(), r"open files: running")
        window.close_all()
        yield window


@pytest.fixture(autouse=True)
def _closed_afterwards(vscode: Workbench) -> Iterator[None]:
    yield
    errors = vscode.errors()
    vscode.close_all()
    assert errors == []


@pytest.mark.parametrize("typed", SITES, ids=lambda typed: typed.picture)
def test_what_follows_from_the_design_is_grey_after_the_cursor(
    vscode: Workbench, ibex: Path, images: Path, typed: Typed
) -> None:
    """It comes unasked, without a model; Tab takes it, and the file then has it."""
    path = ibex / "rtl" / typed.file()
    vscode.open(path.name)
    vscode.goto(*typed.place())
    vscode.type(typed.keys)
    suggested = vscode.ghost_text()
    vscode.screenshot_of_top(images / f"computed-{typed.picture}.png", typed.height(suggested))
    vscode.press("Tab", "Control+s")
    vscode.page.locator(".tab.active:not(.dirty)").wait_for()
    written = path.read_text(encoding="utf-8")
    assert [word for word in typed.expected if word not in written] == []
    assert suggested.strip().split("\n")[0] in written


def test_nothing_was_said_that_the_protocol_does_not_know(
    vscode: Workbench, recorded_server: RecordedServer
) -> None:
    """What the extension tells of suggestions it has drawn is in the protocol too."""
    traces = "".join(path.read_text(encoding="utf-8") for path in recorded_server.sessions())
    told = [line for line in traces.split("\n") if "hdl/didShowCompletion" in line]
    assert told
    assert json.loads(told[0])
    assert recorded_server.problems() == []
