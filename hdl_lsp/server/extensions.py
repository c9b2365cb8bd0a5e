"""The `hdl/*` methods and `$/hdl/status`, as docs/protocol.md describes them for the author of another client.

Must not be needed by any client: everything here is also reachable by standard means, or only informs.
"""

from __future__ import annotations

from hdl_lsp.server import status
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.later import Later


async def engine_status(connection: Connection, _params: object) -> object:
    """Answer of `hdl/engineStatus`."""
    return status.engine_status(connection.session)


async def project_status(connection: Connection, _params: object) -> object:
    """Answer of `hdl/projectStatus`."""
    return status.project_status(connection.session)


async def server_status(connection: Connection, _params: object) -> object:
    """Answer of `hdl/serverStatus`."""
    return status.server_status(connection)


async def restart_workers(connection: Connection, _params: object) -> object:
    """Answer of `hdl/restartWorkers`, and of the command."""
    await connection.session.restart_workers()
    connection.background.start(connection.session.warm_engine(), "warming the model")
    return None


REQUESTS: tuple[Later, ...] = (
    Later("hdl/engineStatus", "extensions", "engine_status"),
    Later("hdl/projectStatus", "extensions", "project_status"),
    Later("hdl/serverStatus", "extensions", "server_status"),
    Later("hdl/restartWorkers", "extensions", "restart_workers"),
    Later("hdl/explain", "explain", "explained"),
    Later("hdl/fileInfo", "file_report", "reported"),
    Later("hdl/targets", "targets", "known"),
    Later("hdl/selectTarget", "targets", "select"),
    Later("hdl/proposeConfig", "propose_config", "propose_config"),
    Later("hdl/instances", "design_requests", "instances"),
    Later("hdl/instantiations", "design_requests", "instantiations"),
    Later("hdl/drivers", "design_requests", "drivers"),
    Later("hdl/loads", "design_requests", "loads"),
    Later("hdl/selectInstance", "design_requests", "select_instance"),
)
