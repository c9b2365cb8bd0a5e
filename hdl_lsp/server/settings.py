"""The layers of settings from where they are kept: the user's config.toml, hdl-lsp.toml, the client.

Must not interpret settings (config/resolving.py does) nor know LSP.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hdl_lsp.config import Config, Layer, Problem, Resolved
from hdl_lsp.config.resolving import resolve
from hdl_lsp.llm.models_folder import cache_directory
from hdl_lsp.semantics.plain_file import plain_bytes
from hdl_lsp.server import toml_salvage

WORKSPACE_FILE = "hdl-lsp.toml"
MAX_BYTES = 1_000_000  # of a file of settings


def index_folder() -> Path:
    """Where indexes of workspaces are kept; need not exist."""
    return cache_directory().parent / "index"


def user_file() -> Path:
    """Where the user's own settings are kept; need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    else:
        base = os.environ.get("XDG_CONFIG_HOME", "")
        # A relative one is to be ignored, says its specification: it would lie in the workspace.
        base = base if Path(base).is_absolute() else str(Path.home() / ".config")
    return Path(base) / "hdl-lsp" / "config.toml"


def resolved(
    roots: Sequence[str], client: Mapping[str, object], user: Path | None = None
) -> Resolved:
    """Every effective setting for the workspace folders *roots*.

    Of several folders with an hdl-lsp.toml the first one's settings win, section by section. What is said there
    about files counts for that folder alone: of_folders().
    """
    files = [_read(Path(root) / WORKSPACE_FILE, Layer.WORKSPACE) for root in roots]
    own = _read(user or user_file(), Layer.USER)
    workspace: dict[str, object] = {}
    for file in reversed(files):
        workspace |= file.tables
    layers = {Layer.USER: own.tables, Layer.WORKSPACE: workspace, Layer.CLIENT: client}
    found = resolve(layers)
    # A section that loses against another folder's is looked at too.
    alone = (resolve({Layer.WORKSPACE: file.tables}) for file in files[1:])
    all_problems = (*found.problems, *(problem for one in alone for problem in one.problems))
    problems = dict.fromkeys(_placed(problem, (own, *files)) for problem in all_problems)
    broken = (problem for file in (own, *files) for problem in file.problems)
    return Resolved(found.config, found.origin, (*broken, *problems))


def of_folders(
    roots: Sequence[str], client: Mapping[str, object], user: Path | None = None
) -> Mapping[str, Config]:
    """Settings as each folder alone would have them; empty for fewer than two folders."""
    if len(roots) < 2:
        return {}
    return {root: resolved((root,), client, user).config for root in roots}


def of_files(general: Config, of_root: Mapping[str, Config]) -> object:
    """Whatever of the settings says which files count and how: unequal when the project must be read again."""
    return [(one.project, one.targets, one.trust) for one in (general, *of_root.values())]


@dataclass(frozen=True, slots=True)
class _File:
    """A file of settings, as far as it can be read."""

    path: Path
    layer: Layer
    text: str = ""
    tables: Mapping[str, object] = field(default_factory=dict[str, object])
    problems: tuple[Problem, ...] = ()


def _read(path: Path, layer: Layer) -> _File:
    """The tables of a TOML file; of one with mistakes what is left without the statements that hold them."""
    try:
        data = plain_bytes(str(path), MAX_BYTES)
        text = "" if data is None else data.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return _File(path, layer)
    except (OSError, ValueError) as err:
        problem = Problem(layer, "", f"can't be read: {err}", str(path))
        return _File(path, layer, problems=(problem,))
    if data is None:
        problem = Problem(layer, "", f"is no file of at most {MAX_BYTES} bytes", str(path))
        return _File(path, layer, problems=(problem,))
    found = toml_salvage.salvaged(text)
    problems = (Problem(layer, "", m, str(path), line1) for line1, m in found.mistakes)
    return _File(path, layer, text, found.tables, tuple(problems))


def _placed(problem: Problem, files: Sequence[_File]) -> Problem:
    """*problem* with the file and line of the key it is about, where a file has it."""
    for file in files:
        if file.layer is problem.layer and not problem.path:
            line1 = toml_salvage.line_of(file.text, problem.where)
            if line1:
                return replace(problem, path=str(file.path), line1=line1)
    return problem


def sentence(problem: Problem) -> str:
    """A problem as one sentence for the user."""
    if not problem.path:
        return f"{problem.layer.value}: {problem.where}: {problem.message}"
    place = f"{problem.path}:{problem.line1}" if problem.line1 else problem.path
    return (
        f"{place}: {problem.where}: {problem.message}"
        if problem.where
        else f"{place}: {problem.message}"
    )
