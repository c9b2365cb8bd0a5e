"""The layers of settings from where they are kept: the user's config.toml, hdl-lsp.toml, the client.

Must not interpret settings (config.resolve does) nor know LSP.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from hdl_lsp import config
from hdl_lsp.config import Layer, Problem, Resolved

WORKSPACE_FILE = "hdl-lsp.toml"


def user_file() -> Path:
    """Where the user's own settings are kept; need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "hdl-lsp" / "config.toml"


def resolved(
    roots: Sequence[str], client: Mapping[str, object], *, user: Path | None = None
) -> Resolved:
    """Every effective setting for the workspace folders *roots*.

    Of several folders with an hdl-lsp.toml the first one's settings win, section by section.
    """
    problems: list[Problem] = []
    workspace: dict[str, object] = {}
    for root in reversed(roots):
        workspace |= _read(Path(root) / WORKSPACE_FILE, Layer.WORKSPACE, problems)
    layers = {
        Layer.USER: _read(user or user_file(), Layer.USER, problems),
        Layer.WORKSPACE: workspace,
        Layer.CLIENT: client,
    }
    found = config.resolve(layers)
    return Resolved(found.config, found.origin, (*problems, *found.problems))


def _read(path: Path, layer: Layer, problems: list[Problem]) -> Mapping[str, object]:
    """The tables of a TOML file; empty when there is none, or when it can't be read, which is reported."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as err:
        problems.append(Problem(layer, str(path), f"can't be read: {err}"))
        return {}


def sentence(problem: Problem) -> str:
    """A problem as one sentence for the user."""
    return f"{problem.layer.value}: {problem.where}: {problem.message}"
