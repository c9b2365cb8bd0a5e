"""The `hdl/*` methods and `$/hdl/status`, as docs/protocol.md describes them for the author of another client.

Must not be needed by any client: everything here is also reachable by standard means, or only informs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hdl_lsp.server import design_requests, explain, propose_config, status, targets
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.dispatch import Request
from hdl_lsp.server.file_report import file_report
from hdl_lsp.server.places import document_of, place_of


@dataclass(frozen=True, slots=True)
class Extension:
    """A method of ours; parameters are plain JSON."""

    METHOD: str
    handle: Callable[[Connection, object], Awaitable[object]]


async def _engine_status(connection: Connection, _params: object) -> object:
    return status.engine_status(connection.session)


async def _project_status(connection: Connection, _params: object) -> object:
    return status.project_status(connection.session)


async def _server_status(connection: Connection, _params: object) -> object:
    return status.server_status(connection)


async def restart_workers(connection: Connection, _params: object) -> object:
    """Answer of `hdl/restartWorkers`, and of the command."""
    await connection.session.restart_workers()
    connection.background.start(connection.session.warm_engine(), "warming the model")
    return None


async def _targets(connection: Connection, _params: object) -> object:
    return targets.targets(connection.session)


async def _explain(connection: Connection, params: object) -> object:
    place = place_of(connection, params)
    return None if place is None else await explain.explanation(connection, place)


async def _file_info(connection: Connection, params: object) -> object:
    page = connection.page(document_of(params))
    if page is None:
        return None
    return file_report(page.snapshot, page.file, page.text)


REQUESTS: tuple[Request, ...] = (
    Extension("hdl/engineStatus", _engine_status),
    Extension("hdl/projectStatus", _project_status),
    Extension("hdl/serverStatus", _server_status),
    Extension("hdl/restartWorkers", restart_workers),
    Extension("hdl/explain", _explain),
    Extension("hdl/fileInfo", _file_info),
    Extension("hdl/targets", _targets),
    Extension("hdl/selectTarget", targets.select),
    Extension("hdl/proposeConfig", propose_config.propose_config),
    Extension("hdl/instances", design_requests.instances),
    Extension("hdl/instantiations", design_requests.instantiations),
    Extension("hdl/drivers", design_requests.drivers),
    Extension("hdl/loads", design_requests.loads),
    Extension("hdl/selectInstance", design_requests.select_instance),
)
