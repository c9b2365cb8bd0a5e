"""Emacs with Eglot and the file that we tell users to load: a session in batch, then a person's in a terminal."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conftest import RecordedServer
from tests.editors.installed import ROOT, require
from tests.editors.terminal import screen

HDL_LSP = ROOT / "editors" / "emacs" / "hdl-lsp.el"
PROJECT = """\
[project]
tops = ["ibex_core"]
[targets.assertions]
defines = ["INC_ASSERT"]
"""
# Not -Q: on Debian the site's start file is what finds Eglot for Emacs 28.
# Emacs compiles its packages in the background on a machine's first run and opens a window of warnings about them.
_QUIET = "(setq native-comp-async-report-warnings-errors nil native-comp-deferred-compilation nil)"
START = [
    "emacs",
    "--no-init-file",
    "--eval",
    _QUIET,
    "-l",
    "package",
    "-f",
    "package-initialize",
    "-l",
    str(HDL_LSP),
]


@pytest.fixture(scope="module")
def seen(
    recorded_server: RecordedServer, ibex: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What one session in batch saw; see emacs_session.el."""
    require("emacs")
    (ibex / "hdl-lsp.toml").write_text(PROJECT, encoding="utf-8")
    ran = subprocess.run(
        [*START, "--batch", "-l", str(Path(__file__).with_name("emacs_session.el"))],
        env=os.environ
        | {
            "SERVER": str(recorded_server.program),
            "IBEX": str(ibex),
            "XDG_CONFIG_HOME": str(tmp_path_factory.mktemp("emacs")),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    printed = ran.stdout.lstrip("\a")  # Emacs rings the bell when completion has only one candidate
    assert printed.startswith("{"), ran.stderr
    answers = json.loads(printed)
    assert "problem" not in answers, answers["problem"] + ran.stderr
    return answers


@pytest.mark.editor
@pytest.mark.real
class TestBatch:
    """One session with Eglot, without a screen."""

    def test_a_sv_file_is_managed(self, seen: dict[str, Any]) -> None:
        """Emacs' own verilog-mode is connected to the server."""
        assert (seen["mode"], seen["managed"]) == ("verilog-mode", True)

    def test_hover_through_eldoc(self, seen: dict[str, Any]) -> None:
        """The declaration of a port appears where Emacs shows such things."""
        assert "counter_we_i" in seen["hover"]

    def test_definition_through_xref(self, seen: dict[str, Any], ibex: Path) -> None:
        """M-. leads to the port's line."""
        lines = (ibex / "rtl" / "ibex_counter.sv").read_text(encoding="utf-8").split("\n")
        assert "counter_we_i," in lines[seen["definition"] - 1]

    def test_completion_at_point(self, seen: dict[str, Any]) -> None:
        """The beginning of a port's name is completed in the buffer."""
        assert "= counter_val_i" in seen["completed"]

    def test_a_diagnostic_through_flymake(self, seen: dict[str, Any]) -> None:
        """An undeclared name is reported once."""
        assert len(seen["errors"]) == 1

    def test_the_commands_show_what_the_server_says(self, seen: dict[str, Any]) -> None:
        """Explanation, engine and project are shown in windows of their own."""
        assert "counter_we_i" in seen["explanation"]
        assert "gemma3-270m" in seen["engine"]
        assert "Sources: " in seen["project"]

    def test_references_and_drivers_through_xref(self, seen: dict[str, Any]) -> None:
        """Uses of a port in other files are found, and what drives a register is listed."""
        assert "ibex_cs_registers.sv" in seen["references"]
        assert any("rdata_q <= wr_data_i" in line for line in seen["drivers"])

    def test_the_tree_folds_and_unfolds(self, seen: dict[str, Any]) -> None:
        """The core's instances are shown with their parameters, and a path can be copied."""
        assert seen["tree"][0].startswith("+ ibex_core  ibex_core  PMPEnable=1'b0")
        assert any("ex_block_i  ibex_ex_block  RV32M=2" in line for line in seen["tree"])
        assert seen["path"] == "ibex_core.if_stage_i"
        assert len(seen["folded"]) == 1

    def test_target_and_file(self, seen: dict[str, Any]) -> None:
        """A build is chosen, and a window says how the file is compiled."""
        assert seen["target"] == "assertions"
        assert "Top modules: ibex_core" in seen["file"]

    def test_rename(self, seen: dict[str, Any]) -> None:
        """All uses of a signal get the new name."""
        assert not seen["old-name-left"]

    def test_the_mode_line_names_the_model(self, seen: dict[str, Any]) -> None:
        """The server's status notification reaches the mode line."""
        assert seen["status"] == " hdl:gemma3-270m:ready"

    def test_the_server_said_nothing_outside_the_protocol(
        self, seen: dict[str, Any], recorded_server: RecordedServer
    ) -> None:
        """The whole session conforms to LSP, and Eglot could shut the server down."""
        assert seen["stopped"]
        assert recorded_server.problems() == []


@pytest.mark.editor
@pytest.mark.real
def test_on_the_screen(recorded_server: RecordedServer, ibex: Path, tmp_path: Path) -> None:
    """A person sees the mode line, hover in the echo area and the error."""
    require("emacs", "tmux")
    init = tmp_path / "init.el"
    init.write_text(
        f"""
        (setq inhibit-startup-screen t make-backup-files nil auto-save-default nil create-lockfiles nil)
        (setq eldoc-idle-delay 0.1 confirm-kill-processes nil verilog-auto-newline nil)
        (setq hdl-lsp-command '("{recorded_server.program}" "serve"))
        (add-hook 'verilog-mode-hook #'eglot-ensure)
        (global-set-key (kbd "C-c n") #'flymake-goto-next-error)
        """,
        encoding="utf-8",
    )
    command = [*START, "-nw", "-l", str(init), "rtl/ibex_csr.sv"]
    environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    with screen(command, ibex, environment) as terminal:
        terminal.wait_for("hdl:gemma3-270m")
        terminal.keys("C-s")
        terminal.type("rdata_q <= wr_data")
        terminal.keys("Enter", "C-b", "C-f")  # Eldoc looks after a movement
        terminal.wait_for("input port of `ibex_csr`")
        terminal.type("_undeclared")
        terminal.wait_for("Flymake[1 0]")
        terminal.keys("M-<", "C-c", "n")
        terminal.wait_until(
            lambda text: "wr_data_undeclared_i" in text.rstrip().split("\n")[-1], "the error"
        )
        terminal.keys("C-x", "C-c")
