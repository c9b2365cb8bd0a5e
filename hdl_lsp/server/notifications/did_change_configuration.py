"""workspace/didChangeConfiguration: settings that came with it, or that are asked for now.

Must not wait.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import client_settings, startup
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.remembered_target import remember

METHOD = types.WORKSPACE_DID_CHANGE_CONFIGURATION


def handle(connection: Connection, params: types.DidChangeConfigurationParams) -> None:
    """Takes the settings, and reads the project again if they say something else about it."""
    connection.background.start(_apply(connection, params.settings), "settings")


async def _apply(connection: Connection, raw: object) -> None:
    session = connection.session
    target = session.config.project.target
    settings = client_settings.settings(raw)
    if settings or not connection.client.configuration:
        foreign = client_settings.foreign(raw) or session.foreign
        is_other, session.foreign = session.foreign != foreign, foreign
        must_load = session.configure({**connection.initial_settings, **settings}) or is_other
    else:
        must_load = await startup.pull_settings(connection)
    if session.config.project.target != target:  # what is said last counts
        session.target_choice = ""
        remember(session.roots, "")
    # Another model is loaded now, so that its name is known to be good or bad before it is needed.
    connection.background.start(session.warm_engine(), "warming the model")
    if must_load:
        await startup.load(connection)
