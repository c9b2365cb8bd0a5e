"""A command that prints a file list: run only if the user's own settings trust the workspace.

Must not start anything itself: World.run does, and a workspace that is not trusted never gets there.
"""

from __future__ import annotations

import os
import shlex

from hdl_lsp.workspace.filelist import FileList, ProjectProblem, parse_arguments
from hdl_lsp.workspace.project_files.model import is_below
from hdl_lsp.workspace.project_files.world import World


def is_trusted(world: World) -> bool:
    """The folder, or one above it, is in `trust.workspaces` of the user's own settings."""
    home = world.environment.get("HOME") or world.environment.get("USERPROFILE") or "~"
    for given in world.config.trust.workspaces:
        folder = home + given[1:] if given == "~" or given.startswith("~/") else given
        if os.path.isabs(folder):
            trusted = os.path.normpath(folder)
            if world.root == trusted or is_below(world.root, trusted):
                return True
    return False


def printed_list(world: World, command: str, at: ProjectProblem, argument: str = "") -> FileList:
    """The file list *command* prints; `{}` in it is *argument*. *at*: the file and line that hold it."""

    def failed(message: str) -> FileList:
        problem = ProjectProblem(at.path, at.line1, message)
        return FileList(problems=(problem,), missing=1)

    try:
        arguments = [word.replace("{}", argument) for word in shlex.split(command)]
    except ValueError as err:
        return failed(f"can't read the command: {err}")
    if not arguments:
        return failed("the command is empty")
    if not is_trusted(world):
        return failed(
            f"{arguments[0]} is not run: add {world.root} to trust.workspaces in your own settings"
        )
    if world.run is None:
        return failed(f"{arguments[0]} is not run here")
    printed = world.run(arguments, world.root)
    if printed.wrong:
        return failed(printed.wrong)
    return parse_arguments(
        printed.text,
        path=at.path,
        cwd=world.root,
        disk=world.disk,
        environment=world.environment,
        scanned=world.scanned,
    )
