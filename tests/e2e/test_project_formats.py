"""Project files of other tools, settings of other extensions and trusted commands, through the protocol."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.editor import NEOVIM, editing

BENDER = """\
package: {name: chip}
dependencies: {leaf: {path: ip/leaf}}
sources:
  - top.sv
  - {target: fpga, files: [fpga.sv]}
"""


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """A Bender package with a dependency, whose file list a script can print as well."""
    root = tmp_path / "chip"
    (root / "ip/leaf").mkdir(parents=True)
    for name in ("top", "fpga", "ip/leaf/leaf"):
        text = f"module {Path(name).name}; endmodule\n"
        (root / f"{name}.sv").write_text(text, encoding="utf-8")
    leaf = "package: {name: leaf}\nsources: [leaf.sv]\n"
    (root / "ip/leaf/Bender.yml").write_text(leaf, encoding="utf-8")
    (root / "list.py").write_text("print('+define+PRINTED fpga.sv')\n", encoding="utf-8")
    return root


async def test_bender_package_is_found_switched_and_read_again(chip: Path, tmp_path: Path) -> None:
    """Its targets can be chosen, and a changed manifest of a dependency makes another project."""
    (chip / "Bender.yml").write_text(BENDER, encoding="utf-8")
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    async with editing(chip, client=NEOVIM, environment=environment) as editor:
        await editor.loaded()
        status = await editor.ask("hdl/projectStatus")
        assert (status.source, status.target, status.isConfigured) == ("Bender.yml", "rtl", True)
        found = await editor.ask("hdl/selectTarget", {"name": "fpga"})
        assert [target.name for target in found.targets] == ["rtl", "fpga"]
        status = await editor.ask("hdl/projectStatus")
        assert (status.target, "TARGET_FPGA" in list(status.defines)) == ("fpga", True)
        leaf = "package: {name: leaf}\nsources: [leaf.sv, gone.sv]\n"
        (chip / "ip/leaf/Bender.yml").write_text(leaf, encoding="utf-8")
        await editor.loaded(times=3)
        status = await editor.ask("hdl/projectStatus")
        assert [problem.message for problem in status.problems] == [
            f"no such file: {chip / 'ip/leaf/gone.sv'}"
        ]


async def test_settings_of_the_verilog_extension_are_asked_for(chip: Path) -> None:
    """What the user told another extension about the project counts here too."""
    sections = {"verilog": {"project": {"defines": ["FROM_EDITOR"], "topModules": ["top"]}}}
    async with editing(chip, client=NEOVIM, sections=sections) as editor:
        await editor.loaded()
        status = await editor.ask("hdl/projectStatus")
        assert (status.source, list(status.defines)) == ("editor settings", ["FROM_EDITOR"])
        assert list(status.tops) == ["top"]


@pytest.mark.parametrize("is_trusted", [False, True])
async def test_command_is_run_in_trusted_folders_only(chip: Path, is_trusted: bool) -> None:
    """The user's own settings decide; hdl-lsp.toml can name the command but not trust itself."""
    command = f"{sys.executable} list.py"
    text = f"[project]\ncommand = '{command}'\n[trust]\nworkspaces = ['/']\n"
    (chip / "hdl-lsp.toml").write_text(text, encoding="utf-8")
    settings = {"trust": {"workspaces": [str(chip)] if is_trusted else []}}
    async with editing(chip, client=NEOVIM, settings=settings) as editor:
        await editor.loaded()
        status = await editor.ask("hdl/projectStatus")
        assert list(status.defines) == (["PRINTED"] if is_trusted else [])
        said = [(problem.line, problem.message) for problem in status.problems]
        wanted = f"{sys.executable} is not run: add {chip} to trust.workspaces in your own settings"
        assert said == ([] if is_trusted else [(2, wanted)])
