"""The extension as a user has it: a real VS Code, the .vsix, a real design, the real model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors.conftest import RecordedServer
from tests.editors.installed import require

if TYPE_CHECKING:
    from tests.editors.workbench import Workbench  # needs Playwright, which may be missing


@pytest.fixture(scope="module")
def vscode(
    tmp_path_factory: pytest.TempPathFactory, ibex: Path, recorded_server: RecordedServer
) -> Iterator[Workbench]:
    """One window for all tests of this file; each opens a file of its own."""
    require("vscode", "chromium", "playwright", "extension")
    from tests.editors.workbench import extension_window

    home = tmp_path_factory.mktemp("vscode")
    with extension_window(ibex, home, recorded_server.program) as window:
        window.command("View: Toggle Primary Side Bar Visibility")
        yield window


@pytest.fixture(autouse=True)
def _closed_afterwards(vscode: Workbench, tmp_path: Path) -> Iterator[None]:
    yield
    vscode.screenshot(tmp_path / "end.png")
    errors = vscode.errors()
    vscode.close_all()
    assert errors == []


def line_of(ibex: Path, name: str, text: str, *, after: str = "") -> int:
    """Number, from 1, of the first line of an Ibex file that contains *text*, below one that contains *after*."""
    lines = (ibex / "rtl" / name).read_text(encoding="utf-8").split("\n")
    start = next(number for number, line in enumerate(lines) if after in line)
    return next(
        number for number, line in enumerate(lines[start:], start=start + 1) if text in line
    )


def test_an_error_is_underlined_while_it_is_typed(
    vscode: Workbench, ibex: Path, images: Path
) -> None:
    """A name that nobody declared gets a squiggle and one entry in the problems view."""
    vscode.open("ibex_counter.sv")
    line = line_of(ibex, "ibex_counter.sv", "we = counter_we_i")
    vscode.goto(line, 39)
    vscode.press("End", "ArrowLeft")
    vscode.type(" & undeclared_sig")
    vscode.press("Escape")
    vscode.squiggles("error").first.wait_for(timeout=60_000)
    vscode.press("F8")
    vscode.wait_for_text(vscode.page.locator(".marker-widget"), "undeclared_sig")
    vscode.screenshot(images / "diagnostics.png")
    vscode.press("Escape")
    assert vscode.squiggles("error").count() == 1


def test_hover_shows_the_declaration(vscode: Workbench, ibex: Path) -> None:
    """Hovering over a port shows its type."""
    vscode.open("ibex_csr.sv")
    vscode.goto(line_of(ibex, "ibex_csr.sv", "rdata_q <= wr_data_i"), 22)
    vscode.wait_for_text(vscode.hover(), r"logic.*wr_data_i")


def test_f12_goes_to_another_file(vscode: Workbench, ibex: Path) -> None:
    """The type name of an instance leads to the module's own file."""
    vscode.open("ibex_ex_block.sv")
    vscode.goto(line_of(ibex, "ibex_ex_block.sv", "ibex_alu #("), 5)
    vscode.press("F12")
    vscode.tab("ibex_alu.sv").wait_for(timeout=60_000)


def test_completion_offers_names_of_the_module(vscode: Workbench, ibex: Path) -> None:
    """Ctrl+Space after the beginning of a port's name offers the port."""
    vscode.open("ibex_branch_predict.sv")
    vscode.goto(line_of(ibex, "ibex_branch_predict.sv", "endmodule"), 1)
    vscode.type("assign x = fetch_r")
    vscode.press("Control+Space")
    vscode.wait_for_text(vscode.suggestions(), "fetch_rdata_i")


def test_ghost_text_is_shown_and_tab_accepts_it(
    vscode: Workbench, ibex: Path, images: Path
) -> None:
    """The model's suggestion appears in grey, and Tab puts exactly that text into the file."""
    vscode.open("ibex_wb_stage.sv")
    line = line_of(
        ibex, "ibex_wb_stage.sv", "rf_waddr_wb_q   <= rf_waddr_id_i;", after="g_wb_regs_nr"
    )
    vscode.goto(line, 26)
    vscode.press("Shift+ArrowDown", "Shift+End", "Delete")
    vscode.type(" <=")
    vscode.press("Escape")
    vscode.command("hdl-lsp: Trigger Ghost Text")
    suggested = vscode.ghost_text().strip()
    vscode.screenshot(images / "ghost-text.png")
    vscode.press("Tab", "Control+s")
    vscode.page.locator(".tab.active:not(.dirty)").wait_for()
    written = (ibex / "rtl" / "ibex_wb_stage.sv").read_text(encoding="utf-8")
    assert suggested
    assert suggested.split("\n")[0] in written


def test_explain_opens_a_text_beside_the_code(vscode: Workbench, ibex: Path, images: Path) -> None:
    """The code action's explanation is shown as Markdown."""
    vscode.open("ibex_csr.sv")
    vscode.goto(line_of(ibex, "ibex_csr.sv", "wr_en_i"), 30)
    vscode.code_action("Explain")
    vscode.wait_for_text(vscode.preview().locator("body"), "wr_en_i is an input port of ibex_csr")
    vscode.screenshot(images / "explanation.png")


def test_the_status_item_names_model_and_analysis(vscode: Workbench, images: Path) -> None:
    """The box behind the braces shows the model with its device, and the analysis processes."""
    vscode.open("ibex_pkg.sv")
    box = vscode.language_status()
    vscode.wait_for_text(box, r"gemma3-270m")
    vscode.wait_for_text(box, r"CPU|CUDA")
    vscode.wait_for_text(box, r"open files: running")
    vscode.screenshot_of_corner(images / "status.png")


def test_a_model_that_is_not_there_is_an_error_in_the_status(vscode: Workbench) -> None:
    """A changed setting reaches the server, the failure is shown in the status, and no box pops up."""
    vscode.open("ibex_pkg.sv")
    with vscode.changed_setting("hdl.llm.model", "/no/such/model.gguf"):
        box = vscode.language_status()
        vscode.wait_for_text(box, "failed")
        vscode.wait_for_text(box, r"/no/such/model\.gguf")
        assert box.locator(".codicon-error").count() == 1
    vscode.wait_for_text(box, "gemma3-270m")


def test_a_configuration_is_proposed_and_created(
    vscode: Workbench, ibex: Path, images: Path
) -> None:
    """The proposal is shown with what each line is worth; the file is there once the user agreed."""
    vscode.open("ibex_pkg.sv")
    vscode.wait_for_text(vscode.language_status(), r"Analysis(?! failed)")
    written = ibex / "hdl-lsp.toml"
    vscode.command("hdl-lsp: Propose a Configuration")
    toast = vscode.page.locator(".notification-toast").filter(has_text="Create the file?")
    toast.wait_for(timeout=240_000)
    vscode.wait_for_text(vscode.preview().locator("body"), r"Proposed hdl-lsp\.toml")
    vscode.screenshot(images / "proposal.png")
    assert not written.exists()
    toast.get_by_role("button", name="Create the File").click()
    try:
        vscode.tab("hdl-lsp.toml").wait_for()
        assert "[project]" in written.read_text(encoding="utf-8")
    finally:
        written.unlink(missing_ok=True)


def test_the_window_asks_no_other_machine(vscode: Workbench) -> None:
    """Nothing on the page comes from outside."""
    assert vscode.outside == set()


def test_everything_the_server_said_was_the_protocol(
    vscode: Workbench, recorded_server: RecordedServer
) -> None:
    """The whole traffic of a window, ended by a restart of the server, conforms to LSP."""
    vscode.open("ibex_pkg.sv")
    before = len(recorded_server.sessions())
    vscode.command("hdl-lsp: Restart Server")
    vscode.wait_until(lambda: len(recorded_server.sessions()) > before)
    assert recorded_server.problems() == []
