"""Targets, flags of a file and third-party files, through the protocol."""

from __future__ import annotations

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from tests.e2e.editor import editing

TOML = """
[project]
defines = ["WIDTH=8"]
[targets.wide]
defines = ["WIDTH=16", "FPGA"]
tops = ["top"]
"""
TOP = "module top; logic [15:0] a; assign a = `WIDTH'hFF00; endmodule\n"


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """A design that is right in one of its targets only."""
    root = tmp_path / "chip"
    root.mkdir()
    (root / "hdl-lsp.toml").write_text(TOML, encoding="utf-8")
    (root / "top.sv").write_text(TOP, encoding="utf-8")
    return root


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def test_choosing_a_target_refreshes_and_is_remembered(chip: Path, tmp_path: Path) -> None:
    """Diagnostics follow the choice, and the next server starts with it; the workspace holds nothing of it."""
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    async with editing(chip, environment=environment) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        await editor.diagnostics(uri, lambda found: len(found) > 0)
        found = await editor.ask("hdl/targets")
        assert (found.active, [target.name for target in found.targets]) == ("", ["wide"])
        chosen = await editor.ask("hdl/selectTarget", {"name": "wide"})
        assert chosen.active == "wide"
        await editor.diagnostics(uri, lambda found: not found)
        assert (await editor.ask("hdl/projectStatus")).target == "wide"
        info = await editor.file_info(uri)
        assert (list(info.defines), list(info.tops), info.target) == (
            ["WIDTH=16", "FPGA"],
            ["top"],
            "wide",
        )
        with pytest.raises(JsonRpcException, match="no target slim; there are wide"):
            await editor.ask("hdl/selectTarget", {"name": "slim"})
        with pytest.raises(JsonRpcException, match="needs a name"):
            await editor.ask("hdl/selectTarget", {})
    assert names_in(chip) == ["hdl-lsp.toml", "top.sv"]
    async with editing(chip, environment=environment) as editor:
        await editor.loaded()
        assert editor.status.target == "wide"
        await editor.ask("hdl/selectTarget", {"name": ""})
        assert (await editor.ask("hdl/targets")).active == ""
