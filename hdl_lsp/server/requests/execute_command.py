"""workspace/executeCommand: the commands that code actions and other clients run.

Must not be the only way to anything: each has an `hdl/*` method of the same name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from hdl_lsp.server import explain, propose_config, status
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.extensions import restart_workers
from hdl_lsp.server.places import place_of

METHOD = types.WORKSPACE_EXECUTE_COMMAND
NOTHING = "hdl-lsp: there is nothing to explain here"


async def _explain(connection: Connection, arguments: Sequence[object]) -> object:
    """Arguments: one `{textDocument, position}`. A client without our extension sees it in a message box."""
    place = place_of(connection, arguments[0] if arguments else None)
    answer = await explain.explanation(connection, place) if place else None
    if not connection.options.has_status:
        connection.show(str(answer["markdown"]) if answer else NOTHING)
    return answer


async def _show_project(connection: Connection, _arguments: Sequence[object]) -> object:
    return status.project_status(connection.session)


async def _accept_inline(connection: Connection, arguments: Sequence[object]) -> object:
    """Arguments: the suggestion's number, as its own command has it."""
    number = arguments[0] if arguments else None
    if isinstance(number, int):
        connection.acceptance.accepted(number)
    return None


COMMANDS: Mapping[str, Callable[[Connection, Sequence[object]], Awaitable[object]]] = {
    "hdl.explain": _explain,
    "hdl.restartWorkers": restart_workers,
    "hdl.showProject": _show_project,
    "hdl.acceptInline": _accept_inline,
    "hdl.init": propose_config.init,
}


async def handle(connection: Connection, params: types.ExecuteCommandParams) -> object:
    """The command's answer."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise JsonRpcInvalidParams(f"no command {params.command}")
    return await command(connection, params.arguments or ())
