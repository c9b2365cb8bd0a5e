"""The named builds of a project, and choosing one at run time, as the `hdl/*` methods do it.

Must not decide what a build compiles (workspace/project.py does).
"""

from __future__ import annotations

from hdl_lsp.errors import UsageError
from hdl_lsp.server import startup
from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.remembered_target import remember
from hdl_lsp.server.session import Session
from hdl_lsp.workspace.project import no_such_target


async def known(connection: Connection, _params: object) -> object:
    """Answer of `hdl/targets`."""
    return targets(connection.session)


def targets(session: Session) -> dict[str, object]:
    """The builds there are and the chosen one, as JSON."""
    project = session.project
    return {
        "active": project.target,
        "targets": [
            {
                "name": target.name,
                "tops": list(target.tops),
                "sources": len(target.sources),
                "includeDirs": list(target.include_dirs),
                "defines": [f"{n}={v}" if v else n for n, v in target.defines],
            }
            for target in project.targets
        ],
    }


async def select(connection: Connection, params: object) -> dict[str, object]:
    """Answer of `hdl/selectTarget`, once the project was read again. Raises UsageError for a name that is none."""
    session = connection.session
    name = member(params, "name")
    if not isinstance(name, str):
        raise UsageError("hdl/selectTarget needs a name; an empty one takes the choice back")
    if name and name not in [target.name for target in session.project.targets]:
        raise UsageError(no_such_target(session.project, name))
    session.target_choice = name
    remember(session.roots, name)
    await startup.load(connection)
    return targets(session)
