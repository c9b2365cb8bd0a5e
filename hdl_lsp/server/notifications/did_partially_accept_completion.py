"""hdl/didPartiallyAcceptCompletion: the user took a word or a line of a suggestion.

Must not wait. In the shape of Copilot's notification of that name.
"""

from __future__ import annotations

from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.places import suggestion_number

METHOD = "hdl/didPartiallyAcceptCompletion"


def handle(connection: Connection, params: object) -> None:
    """Parameters: `{item, acceptedLength}`, the length in UTF-16 units from the item's start."""
    number, length = suggestion_number(params), member(params, "acceptedLength")
    if number is not None and isinstance(length, int) and length > 0:
        connection.acceptance.partly(number, length)
