"""What a client says in plain JSON: settings, those of other extensions, and the folders of `initialize`.

Must not import lsprotocol: the process that looks ahead reads these too (scout.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from pygls import uris

from hdl_lsp.server.capabilities import member

FOREIGN_SECTIONS = ("verilog", "systemverilog")  # see project_files/editor.py


def foreign(raw: object) -> Mapping[str, object]:
    """Settings of other extensions among those a client sends: whole sections, those that are not empty."""
    if not isinstance(raw, Mapping):
        return {}
    mapping = cast("Mapping[str, object]", raw)
    found = {name: mapping.get(name) for name in FOREIGN_SECTIONS}
    is_section = {name: isinstance(value, Mapping) for name, value in found.items()}
    return {name: value for name, value in found.items() if value and is_section[name]}


def settings(raw: object) -> Mapping[str, object]:
    """Settings as a client sends them: the content of its section `hdl`, or that section itself."""
    if not isinstance(raw, Mapping):
        return {}
    mapping = cast("Mapping[str, object]", raw)
    inner = mapping.get("hdl", mapping)
    if not isinstance(inner, Mapping):
        return {}
    return {
        str(key): value
        for key, value in cast("Mapping[object, object]", inner).items()
        if key not in {"hdlStatus", "hdlInactiveRegions", *FOREIGN_SECTIONS}
    }


def folders(initialize: object) -> list[str]:
    """The paths of the workspace folders; the older rootUri and rootPath count when there are none."""
    listed = member(initialize, "workspaceFolders")
    if isinstance(listed, list) and listed:
        found = [member(folder, "uri") for folder in cast("list[object]", listed)]
        return [path_of(uri) for uri in found if isinstance(uri, str)]
    uri, path = member(initialize, "rootUri"), member(initialize, "rootPath")
    if isinstance(uri, str) and uri:
        return [path_of(uri)]
    return [path_of(f"file://{path}")] if isinstance(path, str) and path else []


def path_of(uri: str) -> str:
    """The path behind *uri*; documents that are not files get one that can't exist on disk."""
    path = uris.to_fs_path(uri)
    if path is None:
        scheme, _, rest = uri.partition(":")
        path = f"/{scheme}:/{rest.lstrip('/')}"
    return path
