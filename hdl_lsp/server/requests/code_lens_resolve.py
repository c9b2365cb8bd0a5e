"""codeLens/resolve: how often a module is instantiated. Latency class: glance.

Must not elaborate: counts of the last elaboration are used, else those of what is written.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.code_lens import instantiations, lens_title
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection

METHOD = types.CODE_LENS_RESOLVE

COMMAND = "hdl.showInstances"  # run by the client: docs/protocol.md
MAX_LOCATIONS = 200


async def handle(connection: Connection, params: types.CodeLens) -> types.CodeLens:
    """The lens with its title and what a click shows."""
    return counted(connection, params)


def counted(connection: Connection, lens: types.CodeLens) -> types.CodeLens:
    """*lens* with its title, as of now."""
    uri, definition = member(lens.data, "uri"), member(lens.data, "definition")
    if not isinstance(definition, str):
        return lens
    session = connection.session
    snapshot = session.snapshot()
    facts = session.design_facts or DesignFacts()
    title = lens_title(snapshot, definition, facts.instances_of, frozenset(facts.tops))
    targets = instantiations(snapshot, definition)[:MAX_LOCATIONS]
    shown = {
        "uri": uri,
        "position": lens.range.start,
        "definition": definition,
        "locations": connection.view(snapshot).locations(targets),
    }
    return types.CodeLens(lens.range, types.Command(title, COMMAND, arguments=[shown]))
