"""Documents and places in the parameters of our own methods and commands, which are plain JSON.

Must not guess: parameters of another shape are refused with InvalidParams.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection, Place


def document_of(params: object) -> types.TextDocumentIdentifier:
    """`textDocument.uri` of *params*."""
    uri = member(member(params, "textDocument"), "uri")
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("expected textDocument.uri")
    return types.TextDocumentIdentifier(uri)


def place_of(connection: Connection, params: object) -> Place | None:
    """The place that `{textDocument, position}` names, now; None in an unknown document."""
    document = document_of(params)
    position = member(params, "position")
    line, character = member(position, "line"), member(position, "character")
    if not isinstance(line, int) or not isinstance(character, int):
        raise JsonRpcInvalidParams("expected position.line and position.character")
    where = types.Position(max(0, line), max(0, character))
    return connection.place(types.TextDocumentPositionParams(document, where))


def suggestion_number(params: object) -> int | None:
    """The number in the command of `item`, a suggestion of ours; None in an item of another server."""
    arguments = member(member(member(params, "item"), "command"), "arguments")
    if not isinstance(arguments, list | tuple):
        return None
    numbers = [one for one in cast("Sequence[object]", arguments) if isinstance(one, int)]
    return numbers[0] if numbers else None
