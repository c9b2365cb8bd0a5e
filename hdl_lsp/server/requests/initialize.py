"""initialize: who the client is, which folders, which settings. The answer is capabilities.py's.

Must not start anything: reading and child processes wait for `initialized`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lsprotocol import types

from hdl_lsp.server import client_settings
from hdl_lsp.server.capabilities import chosen_encoding
from hdl_lsp.server.client import client_of
from hdl_lsp.server.connection import Connection
from hdl_lsp.text.columns import Encoding

METHOD = types.INITIALIZE


def handle(connection: Connection, params: types.InitializeParams) -> None:
    """Remembers what the client says of itself."""
    general = params.capabilities.general
    encoding = chosen_encoding((general and general.position_encodings) or ())
    connection.client = client_of(params.capabilities, Encoding(encoding))
    given: object = params.initialization_options
    raw: Mapping[str, object] = {}
    if isinstance(given, Mapping):
        raw = cast("Mapping[str, object]", given)
    connection.options.has_status = raw.get("hdlStatus") is True
    connection.options.has_inactive_regions = raw.get("hdlInactiveRegions") is True
    connection.initial_settings = client_settings.settings(raw)
    folders = [connection.path_of(uri) for uri in _folders(params)]
    connection.initial_foreign = client_settings.foreign(raw)
    connection.session.foreign = connection.initial_foreign
    connection.session.open_folder(folders, connection.initial_settings)


def _folders(params: types.InitializeParams) -> list[str]:
    """The URIs of the workspace folders; the older rootUri and rootPath count when there are none."""
    folders = params.workspace_folders
    if folders:
        return [folder.uri for folder in folders]
    if params.root_uri:
        return [params.root_uri]
    return [f"file://{params.root_path}"] if params.root_path else []
