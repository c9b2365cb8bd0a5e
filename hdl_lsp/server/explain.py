"""An explanation for the client: facts always, the model's words when there is a model.

Must not fail because there is no model: a missing or broken one is a status, not an error.
"""

from __future__ import annotations

from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.explain import explain
from hdl_lsp.llm.engine import Lane
from hdl_lsp.server.connection import Connection, Place
from hdl_lsp.server.places import place_of

FACTS_WAIT_S = 3.0  # a person who asks for an explanation waits longer than one who hovers


async def explained(connection: Connection, params: object) -> object:
    """Answer of `hdl/explain`."""
    place = place_of(connection, params)
    return None if place is None else await explanation(connection, place)


async def explanation(connection: Connection, place: Place) -> dict[str, object] | None:
    """`{markdown}`; None where there is nothing to explain."""
    session = connection.session
    snapshot = await session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    engine = session.engine if session.has_model(Lane.CHAT) else None
    try:
        found = await explain(snapshot, place.file, place.offset, engine)
    except HdlLspError as err:
        found = await explain(snapshot, place.file, place.offset, None)
        if found is None:
            return None
        return {"markdown": f"{found.markdown}\n\n*No words: {err}.*"}
    return None if found is None else {"markdown": found.markdown}
