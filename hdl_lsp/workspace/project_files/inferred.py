"""The project of a folder that no file describes: everything that was scanned.

Must not look into HDL files: what only their contents can tell is inference.py's.
"""

from __future__ import annotations

from hdl_lsp.workspace.filelist import ProjectProblem
from hdl_lsp.workspace.project_files.model import ProjectModel, Target
from hdl_lsp.workspace.project_files.world import World, compiled


def inferred(
    world: World,
    why: str,
    *,
    watched: tuple[str, ...] = (),
    targets: tuple[Target, ...] = (),
    problems: tuple[ProjectProblem, ...] = (),
) -> ProjectModel:
    """Every scanned file but the headers. *why*: a sentence for the user."""
    return ProjectModel(
        roots=(world.root,),
        sources=compiled(world.scanned),
        tops=world.config.project.tops,
        why=why,
        watched=watched,
        targets=targets,
        problems=problems,
    )
