"""The extension on a design whose top is known: its tree, its builds, and what is drawn between and into the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.conftest import RecordedServer
from tests.editors.installed import require
from tests.editors.test_vscode import line_of

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench  # needs Playwright, which may be missing

PROJECT = """\
[project]
tops = ["ibex_core"]
[targets.assertions]
defines = ["INC_ASSERT"]
"""


@pytest.fixture(scope="module")
def vscode(
    tmp_path_factory: pytest.TempPathFactory, ibex: Path, recorded_server: RecordedServer
) -> Iterator[Workbench]:
    """One window for all tests of this file, with the core as top and a target with assertions."""
    require("vscode", "chromium", "playwright", "extension")
    from tests.editors.workbench import extension_window

    (ibex / "hdl-lsp.toml").write_text(PROJECT, encoding="utf-8")
    with extension_window(
        ibex, tmp_path_factory.mktemp("vscode"), recorded_server.program
    ) as window:
        window.command("View: Toggle Primary Side Bar Visibility")
        yield window


@pytest.fixture(autouse=True)
def _closed_afterwards(vscode: Workbench, tmp_path: Path) -> Iterator[None]:
    yield
    vscode.screenshot(tmp_path / "end.png")
    errors = vscode.errors()
    vscode.close_all()
    assert errors == []


def test_the_tree_shows_the_elaborated_core(vscode: Workbench, images: Path) -> None:
    """The view unfolds the core level by level, with parameter values; a click opens the instance."""
    vscode.open("ibex_core.sv")
    vscode.wait_for_text(vscode.language_status(), "open files: running")
    with vscode.view("Explorer: Focus on Design View") as tree:
        vscode.wait_for_text(tree, r"ibex_core\s*ibex_core\s+PMPEnable=1'b0")
        vscode.press("ArrowDown", "ArrowRight")
        vscode.wait_for_text(tree, r"ex_block_i\s*ibex_ex_block\s+RV32M=2")
        vscode.unfold(tree, "ex_block_i")
        alu = tree.filter(has_text="alu_i")
        vscode.wait_for_text(alu, r"alu_i\s*ibex_alu\s+RV32B=0")
        alu.first.click()
        vscode.tab("ibex_ex_block.sv").wait_for()
        hint = vscode.lines().filter(has_text=re.compile(r"operator_i.*←"))
        hint.first.wait_for(timeout=60_000)
        vscode.screenshot(images / "hierarchy.png")
        vscode.take_from_menu(alu.first, "Go to Module")
        vscode.tab("ibex_alu.sv").wait_for()
        vscode.take_from_menu(alu.first, "Use This Instance for Values")
        alu.locator(".codicon-target").wait_for()
        vscode.take_from_menu(alu.first, "Use All Instances for Values")
        alu.locator(".codicon-target").wait_for(state="detached")


def test_hints_and_colours_are_drawn(vscode: Workbench, ibex: Path, images: Path) -> None:
    """Port types stand behind connections, and a port has another colour than a parameter."""
    vscode.open("ibex_ex_block.sv")
    line = line_of(ibex, "ibex_ex_block.sv", "ibex_alu #(")
    vscode.goto(line + 12, 1)
    hint = vscode.lines().filter(has_text=re.compile(r"operator_i.*←\s*ibex_pkg::alu_op_e")).first
    hint.wait_for(timeout=60_000)
    vscode.screenshot(images / "inlay-hints.png")
    vscode.goto(line_of(ibex, "ibex_ex_block.sv", "if (BranchTargetALU)"), 1)
    parameter = vscode.colour_of("BranchTargetALU")
    assert parameter != vscode.colour_of("alu_cmp_result")


def test_dead_code_is_grey_until_a_target_wakes_it(
    vscode: Workbench, ibex: Path, images: Path
) -> None:
    """Code in a false `ifdef is dimmed; selecting the target that defines its macro undoes that."""
    vscode.open("ibex_ex_block.sv")
    vscode.goto(line_of(ibex, "ibex_ex_block.sv", "`ifdef INC_ASSERT"), 1)
    vscode.wait_until(lambda: vscode.opacity_of("sva_multdiv_fsm_idle") < 1)
    vscode.screenshot(images / "inactive-code.png")
    vscode.command("hdl-lsp: Select Target")
    vscode.pick("assertions")
    vscode.wait_until(lambda: vscode.opacity_of("sva_multdiv_fsm_idle") == 1)
    vscode.wait_for_text(vscode.language_status(), r"assertions")
    vscode.command("hdl-lsp: Select Target")
    vscode.pick("The project's default")
    vscode.wait_until(lambda: vscode.opacity_of("sva_multdiv_fsm_idle") < 1)


def test_drivers_and_loads_are_peeked_at(vscode: Workbench, ibex: Path, images: Path) -> None:
    """What drives a signal of the elaborated design is shown in place, from another file too."""
    vscode.open("ibex_ex_block.sv")
    vscode.goto(line_of(ibex, "ibex_ex_block.sv", "assign result_ex_o"), 45)
    vscode.command("hdl-lsp: Show Drivers")
    vscode.wait_for_text(vscode.peek(), r"multdiv_result")
    vscode.screenshot(images / "drivers.png")
    vscode.press("Escape")
    vscode.peek().wait_for(state="hidden")
    vscode.command("hdl-lsp: Show Loads")
    vscode.wait_for_text(vscode.peek(), r"result_ex_o")
    vscode.press("Escape")


def test_the_lens_counts_instances_and_shows_them(vscode: Workbench, images: Path) -> None:
    """The line above a module says how often it is instantiated; a click shows where."""
    vscode.open("ibex_csr.sv")
    lens = vscode.page.locator(".codelens-decoration").filter(has_text=re.compile(r"\d+ instances"))
    lens.first.wait_for(timeout=60_000)
    lens.locator("a").first.click()
    vscode.wait_for_text(vscode.peek(), r"u_mstatus_csr")
    vscode.screenshot(images / "instances-lens.png")
    vscode.press("Escape")


def test_references_cross_files(vscode: Workbench, ibex: Path, images: Path) -> None:
    """All uses of a port: in its module and in the connections of instances elsewhere."""
    vscode.open("ibex_alu.sv")
    vscode.goto(line_of(ibex, "ibex_alu.sv", "comparison_result_o,"), 40)
    vscode.press("Shift+F12")
    vscode.wait_for_text(vscode.peek(), r"ibex_ex_block\.sv")
    vscode.screenshot(images / "references.png")
    vscode.press("Escape")


def test_call_hierarchy_leads_to_who_instantiates(
    vscode: Workbench, ibex: Path, images: Path
) -> None:
    """Callers of a module are the modules that instantiate it."""
    vscode.open("ibex_alu.sv")
    vscode.goto(line_of(ibex, "ibex_alu.sv", "module ibex_alu"), 10)
    vscode.command("Peek Call Hierarchy")
    calls = vscode.page.locator(".call-hierarchy")
    vscode.wait_for_text(calls, r"ibex_ex_block")
    vscode.wait_for_text(calls.locator(".monaco-list-row"), r"ibex_ex_block")
    vscode.screenshot(images / "call-hierarchy.png")
    vscode.press("Escape")


def test_rename_reaches_every_file(vscode: Workbench, ibex: Path, images: Path) -> None:
    """F2 on a port previews the edits of all files, and applies them together."""
    vscode.open("ibex_alu.sv")
    vscode.goto(line_of(ibex, "ibex_alu.sv", "comparison_result_o,"), 40)
    vscode.press("F2")
    box = vscode.page.locator(".rename-box input")
    box.wait_for(timeout=60_000)
    box.fill("comparison_o")
    vscode.press("Control+Enter")
    panel = vscode.page.locator(".part.panel")
    vscode.wait_for_text(panel.locator(".monaco-list-row"), r"ibex_ex_block\.sv")
    vscode.screenshot(images / "rename.png")
    panel.get_by_text("Apply", exact=True).first.click()
    panel.get_by_text("Refactor Preview").first.wait_for(state="hidden")
    vscode.command("File: Save All Files")
    rtl = ibex / "rtl"
    vscode.wait_until(
        lambda: "comparison_result_o" not in (rtl / "ibex_ex_block.sv").read_text(encoding="utf-8")
    )
    assert ".comparison_o" in (rtl / "ibex_ex_block.sv").read_text(encoding="utf-8")
    assert "comparison_result_o" not in (rtl / "ibex_alu.sv").read_text(encoding="utf-8")


def test_the_flags_of_a_file_are_shown(vscode: Workbench) -> None:
    """A document says which rule decided how the file is compiled, and what is above it."""
    vscode.open("ibex_csr.sv")
    vscode.command("hdl-lsp: Show What Applies to This File")
    shown = vscode.preview().locator("body")
    vscode.wait_for_text(shown, r"Top modules\s*ibex_core")
    vscode.wait_for_text(shown, r"Include folders")


def test_everything_the_server_said_was_the_protocol(
    vscode: Workbench, recorded_server: RecordedServer
) -> None:
    """The whole traffic of a window, ended by a restart of the server, conforms to LSP."""
    vscode.open("ibex_pkg.sv")
    before = len(recorded_server.sessions())
    vscode.command("hdl-lsp: Restart Server")
    vscode.wait_until(lambda: len(recorded_server.sessions()) > before)
    assert recorded_server.problems() == []
