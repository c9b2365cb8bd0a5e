"""textDocument/codeAction. Latency class: glance.

Must not keep a lightbulb waiting: when the client asks by itself, a fix that is not there yet is offered next time.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.server import code_actions, from_lsp
from hdl_lsp.server.connection import Connection, Page

METHOD = types.TEXT_DOCUMENT_CODE_ACTION

FACTS_WAIT_S = 0.3
AUTOMATIC_WAIT_S = 0.25
INVOKED_WAIT_S = 10.0  # a person asked, and waits for a model's fix to be checked


async def handle(
    connection: Connection, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    """What can be done here; plain commands for clients that know nothing else."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    where = from_lsp.range_span(page.text, params.range, connection.client.encoding)
    snapshot = await connection.session.with_facts(page.snapshot, page.file, FACTS_WAIT_S)
    is_automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    actions = await code_actions.offered(
        connection,
        Page(snapshot, page.file, page.text),
        where,
        wait_s=AUTOMATIC_WAIT_S if is_automatic else INVOKED_WAIT_S,
    )
    if not connection.client.action_literals:
        return [action.command for action in actions if action.command is not None]
    only = params.context.only
    return [a for a in actions if not only or _is_wanted(a.kind, [str(kind) for kind in only])]


def _is_wanted(kind: types.CodeActionKind | str | None, only: list[str]) -> bool:
    """LSP 3.18: kinds are hierarchical, `refactor` asks for `refactor.rewrite` too."""
    name = kind.value if isinstance(kind, types.CodeActionKind) else str(kind or "")
    return any(not one or name == one or name.startswith(f"{one}.") for one in only)
