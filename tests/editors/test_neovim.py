"""Neovim with the file that we tell users to source: requests without a screen, then a person's session in a terminal."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.editors.conftest import RecordedServer
from tests.editors.installed import NEOVIM, ROOT, require
from tests.editors.terminal import screen

PROJECT = """\
[project]
tops = ["ibex_core"]
[targets.assertions]
defines = ["INC_ASSERT"]
"""
PLUGIN = ROOT / "editors" / "neovim" / "hdl_lsp.lua"


@pytest.fixture(scope="module")
def seen(
    recorded_server: RecordedServer, ibex: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What one headless session saw; see neovim_session.lua."""
    require("neovim")
    (ibex / "hdl-lsp.toml").write_text(PROJECT, encoding="utf-8")
    script = Path(__file__).with_name("neovim_session.lua")
    arguments = [
        "--headless",
        "--clean",
        "-l",
        str(script),
        str(PLUGIN),
        str(recorded_server.program),
        str(ibex),
    ]
    ran = subprocess.run(
        [str(NEOVIM), *arguments],
        env=isolated(tmp_path_factory.mktemp("neovim")),
        cwd=ibex,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.stdout.startswith("{"), ran.stderr
    answers = json.loads(ran.stdout)
    assert "problem" not in answers, answers["problem"] + ran.stderr
    return answers


def isolated(home: Path) -> dict[str, str]:
    """The environment, with editor and server settings read from below *home* only."""
    return os.environ | {
        f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "DATA", "STATE")
    }


@pytest.mark.editor
@pytest.mark.real
class TestHeadless:
    """One session without a screen."""

    def test_the_filetype_and_the_encoding_are_neovims_own(self, seen: dict[str, Any]) -> None:
        """`.sv` files are systemverilog, and columns are counted in UTF-8 as Neovim prefers."""
        assert (seen["filetype"], seen["encoding"]) == ("systemverilog", "utf-8")

    def test_hover(self, seen: dict[str, Any]) -> None:
        """Hover over a port shows its declaration."""
        assert "counter_we_i" in seen["hover"]["contents"]["value"]

    def test_definition(self, seen: dict[str, Any]) -> None:
        """The definition of a port is its line in the port list."""
        found = seen["definition"]
        location = found[0] if isinstance(found, list) else found
        assert "ibex_counter.sv" in (location.get("uri") or location.get("targetUri"))

    def test_completion(self, seen: dict[str, Any]) -> None:
        """The completion list offers the name that stands before the cursor."""
        items = (
            seen["completion"]["items"]
            if isinstance(seen["completion"], dict)
            else seen["completion"]
        )
        assert "counter_d" in {item["label"] for item in items}

    def test_ghost_text(self, seen: dict[str, Any]) -> None:
        """The real model suggests something after an equals sign."""
        assert seen["inline"]["items"][0]["insertText"].strip()

    def test_a_diagnostic_stands_at_the_right_byte(self, seen: dict[str, Any]) -> None:
        """An error after a non-ASCII comment is reported once, at its byte column."""
        assert [(d["source"], d["col"]) for d in seen["diagnostics"]] == [
            ("slang", seen["typed_at"])
        ]

    def test_the_commands_show_what_the_server_says(self, seen: dict[str, Any]) -> None:
        """:HdlExplain, :HdlEngine and :HdlProject open a window with an answer."""
        assert "counter_we_i" in seen["explanation"]
        assert "gemma3-270m" in seen["engine"]
        assert "Sources: " in seen["project"]

    def test_hints_colours_and_lens(self, seen: dict[str, Any]) -> None:
        """Widths, the kind of a name and the number of instances are there without any setting."""
        assert seen["hint"] == "32 bits"
        assert (seen["token"]["type"], seen["token"]["modifiers"]["input"]) == ("parameter", True)
        assert "instances" in seen["lens"]

    def test_references_and_drivers(self, seen: dict[str, Any]) -> None:
        """Uses of a port in other files, and what drives a register, are in the quickfix list."""
        assert any(line.startswith("ibex_cs_registers.sv: ") for line in seen["references"])
        assert "ibex_csr.sv: rdata_q <= wr_data_i;" in [
            re.sub(r": +", ": ", line) for line in seen["drivers"]
        ]

    def test_the_tree_and_the_target(self, seen: dict[str, Any]) -> None:
        """:HdlDesign unfolds the core, :HdlTarget chooses a build, :HdlFile says what applies."""
        assert seen["tree"][0].startswith("- ibex_core  ibex_core  PMPEnable=1'b0")
        assert any("ex_block_i  ibex_ex_block  RV32M=2" in line for line in seen["tree"])
        assert seen["target"] == "assertions"
        assert "Top modules: ibex_core" in seen["file"]

    def test_rename(self, seen: dict[str, Any]) -> None:
        """All uses of a signal get the new name."""
        assert not seen["old_name_left"]

    def test_the_status_line_names_the_model(self, seen: dict[str, Any]) -> None:
        """The server's status notification reaches the status line."""
        assert seen["status"] == "hdl: gemma3-270m ready"

    def test_the_server_said_nothing_outside_the_protocol(
        self, seen: dict[str, Any], recorded_server: RecordedServer
    ) -> None:
        """The whole session conforms to LSP, and Neovim could stop the server."""
        assert seen["stopped"]
        assert recorded_server.problems() == []


@pytest.mark.editor
@pytest.mark.real
def test_on_the_screen(recorded_server: RecordedServer, ibex: Path, tmp_path: Path) -> None:
    """A person sees the error, the hover window and the completion menu."""
    require("neovim", "tmux")
    init = tmp_path / "init.lua"
    init.write_text(
        f"""
        vim.g.hdl_lsp = {{ cmd = {{ "{recorded_server.program}", "serve" }} }}
        vim.o.completeopt = "menuone,noinsert,popup"
        vim.diagnostic.config({{ virtual_text = true }})
        dofile("{PLUGIN}")
        """,
        encoding="utf-8",
    )
    command = [str(NEOVIM), "--clean", "-n", "-u", str(init), "rtl/ibex_csr.sv"]
    settings = {
        name: value for name, value in isolated(tmp_path).items() if name.startswith("XDG_")
    }
    with screen(
        command, ibex, {**settings, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    ) as terminal:
        terminal.wait_for("module ibex_csr")
        terminal.type("/rdata_q <= wr_data_i")
        terminal.keys("Enter")
        terminal.type("3wi")
        terminal.type("undeclared_sig + ")
        terminal.keys("Escape")
        terminal.wait_for("undeclared_sig", "■")
        terminal.type("u/wr_data_i;")
        terminal.keys("Enter")
        terminal.wait_until(lambda text: "■" not in text, "the error to go")
        terminal.keys("K")
        terminal.wait_until(lambda text: text.count("wr_data_i") > 2, "the hover window")
        terminal.keys("Escape", "j", "k")
        terminal.type("ea")
        terminal.type(" + rdata")
        terminal.keys("C-x", "C-o")
        terminal.wait_until(lambda text: text.count("rdata_q") > 3, "the completion menu")
        terminal.keys("Escape")
        terminal.type(":qa!")
        terminal.keys("Enter")
