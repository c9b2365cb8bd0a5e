"""What the editor tests share: a real design to open, the server behind a tee, and the check of what it said."""

import importlib.util
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.editors.conformance import read_trace, trace_problems
from tests.editors.installed import PYTHON, ROOT


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-screenshots` writes the pictures of docs/images; otherwise they go to a temporary folder."""
    parser.addoption(
        "--update-screenshots", action="store_true", help="write docs/images/*.png anew"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that starts an editor is marked."""
    for item in items:
        if "recorded_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.editor)
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session")
def images(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    if request.config.getoption("--update-screenshots", default=False):
        return ROOT / "docs" / "images"
    return tmp_path_factory.mktemp("images")


@dataclass(frozen=True)
class RecordedServer:
    """The real server as editors start it, with everything that passes written down."""

    program: Path
    """A program that behaves as `hdl-lsp` does."""
    traces: Path
    """Folder with one trace for each start."""

    def problems(self) -> list[str]:
        """What the server did wrong in all sessions so far; see conformance.py."""
        return [
            problem for trace in self.sessions() for problem in trace_problems(read_trace(trace))
        ]

    def sessions(self) -> list[Path]:
        """The traces, oldest first."""
        return sorted(self.traces.glob("*.jsonl"), key=lambda trace: trace.stat().st_mtime)


@pytest.fixture(scope="module")
def recorded_server(tmp_path_factory: pytest.TempPathFactory) -> RecordedServer:
    """`hdl-lsp` from this checkout behind the tee."""
    folder = tmp_path_factory.mktemp("server")
    tee = Path(__file__).with_name("tee.py")
    program = folder / "hdl-lsp"
    run = shlex.join([sys.executable, str(tee)])
    server = shlex.join([str(PYTHON), "-m", "hdl_lsp"])
    program.write_text(
        f'#!/bin/sh\nexec {run} {folder}/trace-$$.jsonl {server} "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    return RecordedServer(program, folder)


@pytest.fixture(scope="module")
def ibex(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Ibex CPU's sources with the lowRISC files they include, for the test to type into."""
    found = importlib.util.find_spec("pythondata_cpu_ibex")
    assert found is not None, "not installed: pythondata-cpu-ibex"
    assert found.origin is not None
    source = Path(found.origin).with_name("system_verilog")
    folder = tmp_path_factory.mktemp("design") / "ibex"
    shutil.copytree(source / "rtl", folder / "rtl")
    for part in ("ip/prim/rtl", "ip/prim_generic/rtl", "dv/sv/dv_utils"):
        shutil.copytree(
            source / "vendor" / "lowrisc_ip" / part, folder / "vendor" / "lowrisc_ip" / part
        )
    (folder / ".git").mkdir()  # editors take the nearest one as the root
    return folder
