"""textDocument/hover. Latency class: glance.

Must not wait for facts or for a model: what is known now is shown.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.elaborated import values_markdown, values_question
from hdl_lsp.features.hover import hover
from hdl_lsp.presentation.markup import sections
from hdl_lsp.semantics.design_query import DesignValues
from hdl_lsp.server import explain
from hdl_lsp.server.connection import Connection, Place
from hdl_lsp.server.to_lsp import markup

METHOD = types.TEXT_DOCUMENT_HOVER

FACTS_WAIT_S = 0.03
DESIGN_WAIT_S = 0.03


async def handle(connection: Connection, params: types.HoverParams) -> types.Hover | None:
    """Facts about what is under the cursor; from the second hover on with an explanation if so configured."""
    place = connection.place(params)
    if place is None:
        return None
    snapshot = await connection.session.with_facts(place.snapshot, place.file, FACTS_WAIT_S)
    found = hover(snapshot, place.file, place.offset)
    if found is None:
        return None
    markdown = sections((found.markdown, await _elaborated(connection, place)))
    if snapshot.config.hover.explain:
        key = (place.text.digest, found.span.start, found.span.end)
        words = connection.explanations.known(key)
        if words:
            markdown = f"{markdown}\n\n---\n\n{words}"
        else:
            connection.explanations.want(key, lambda: _explained(connection, place))
    return types.Hover(
        contents=markup(markdown, as_markdown=connection.client.hover_markdown),
        range=connection.view(snapshot).range(place.text, found.span),
    )


async def _elaborated(connection: Connection, place: Place) -> str:
    """What the name is in the elaborated design; "" when it is not there or busy."""
    session = connection.session
    question = values_question(place.snapshot, place.file, place.offset, session.active_instance)
    answer = await session.designer.peek(question, DESIGN_WAIT_S) if question else None
    return values_markdown(answer) if isinstance(answer, DesignValues) else ""


async def _explained(connection: Connection, place: Place) -> str:
    """The explanation as Markdown; "" where there is nothing to explain."""
    answer = await explain.explanation(connection, place)
    return str(answer["markdown"]) if answer else ""
