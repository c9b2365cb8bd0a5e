"""hdl/didShowCompletion: the client has drawn a suggestion.

Must not wait. In the shape of Copilot's notification of that name, so that its clients are easily taught.
"""

from __future__ import annotations

from hdl_lsp.server.connection import Connection
from hdl_lsp.server.places import suggestion_number

METHOD = "hdl/didShowCompletion"


def handle(connection: Connection, params: object) -> None:
    """Parameters: `{item}`, the item as it was sent; one without our command is passed over."""
    number = suggestion_number(params)
    if number is not None:
        connection.acceptance.shown(number)
