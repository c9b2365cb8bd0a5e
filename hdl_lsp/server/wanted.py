"""What a server wants to know of its folders before it reads a file, and the answer.

Must not import what finds it (finding.py): that may have been another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hdl_lsp.config import Config
from hdl_lsp.workspace.loader import Stamp
from hdl_lsp.workspace.project_files.model import ProjectModel


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. Two equal ones find the same on the same disk."""

    roots: tuple[str, ...]
    config: Config
    of_root: Mapping[str, Config] = field(default_factory=dict[str, Config])
    """Settings of single folders, where they have their own."""
    target: str = ""  # the build that was chosen
    foreign: Mapping[str, object] = field(default_factory=dict[str, object])
    """Settings of other extensions."""
    cache: Path | None = None  # a folder of the user's own for what was parsed; None for none


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to load."""

    project: ProjectModel
    stamps: Mapping[str, Stamp]  # by path, sources first, in compile order
    problems: tuple[str, ...]  # sentences for the log
