"""The project of a few files in memory, as the tests of project files ask for it.

Must not decide anything: find_project() does.
"""

from __future__ import annotations

from collections.abc import Mapping

from hdl_lsp.config import Layer
from hdl_lsp.config.resolving import resolve
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.project import ProjectModel, find_project
from hdl_lsp.workspace.project_files.world import Run
from tests.support.disk import MemoryDisk

ROOT = "/p"


def project_of(
    files: Mapping[str, str],
    *,
    target: str = "",
    foreign: Mapping[str, object] | None = None,
    modified: Mapping[str, int] | None = None,
    project: Mapping[str, object] | None = None,
    trusted: tuple[str, ...] = (),
    run: Run | None = None,
) -> ProjectModel:
    """The project of *files*, given by their paths below ROOT; *project*: settings of `[project]`."""
    absolute = {
        path if path.startswith("/") else f"{ROOT}/{path}": text for path, text in files.items()
    }
    layers = {
        Layer.USER: {"trust": {"workspaces": list(trusted)}},
        Layer.WORKSPACE: {"project": dict(project or {})},
    }
    hidden = (f"{ROOT}/.", f"{ROOT}/build/")
    scanned = sorted(
        path
        for path in absolute
        if (is_hdl(path) or path.endswith(".core")) and not path.startswith(hidden)
    )
    times = {f"{ROOT}/{path}": time for path, time in (modified or {}).items()}
    return find_project(
        (ROOT,),
        resolve(layers).config,
        MemoryDisk(absolute, times),
        scanned,
        {"HOME": "/home/me"},
        target=target,
        foreign=foreign,
        run=run,
    )


def short(paths: tuple[str, ...]) -> list[str]:
    """*paths* as seen from ROOT."""
    return [path.removeprefix(f"{ROOT}/") for path in paths]


def problems_of(model: ProjectModel) -> list[str]:
    """`file:line: message` of every problem, files as seen from ROOT."""
    return [
        f"{p.path.removeprefix(f'{ROOT}/')}:{p.line1}: {p.message.replace(f'{ROOT}/', '')}"
        for p in model.problems
    ]
