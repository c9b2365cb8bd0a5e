"""textDocument/inlayHint. Latency class: glance.

Must not decide what is worth a hint: features/inlay_hints does, with the user's settings.
"""

from __future__ import annotations

from lsprotocol import types

from hdl_lsp.features.inlay_hints import HintKind, InlayHint, inlay_hints
from hdl_lsp.presentation.markup import code_block
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.from_lsp import range_span
from hdl_lsp.server.to_lsp import View, markup
from hdl_lsp.text.source import SourceText

METHOD = types.TEXT_DOCUMENT_INLAY_HINT

FACTS_WAIT_S = 0.25


async def handle(
    connection: Connection, params: types.InlayHintParams
) -> list[types.InlayHint] | None:
    """The hints of the lines on the screen; those that need facts come with the next question if facts are late."""
    page = connection.page(params.text_document)
    if page is None:
        return None
    within = range_span(page.text, params.range, connection.client.encoding)
    snapshot = await connection.session.with_facts(page.snapshot, page.file, FACTS_WAIT_S)
    if connection.client.refreshes_hints:
        connection.hints_made_from[page.file] = snapshot.fresh_facts(page.file)
    view = connection.view(snapshot)
    return [_hint(view, page.text, hint) for hint in inlay_hints(snapshot, page.file, within)]


def _hint(view: View, text: SourceText, hint: InlayHint) -> types.InlayHint:
    tooltip = markup(code_block(hint.tooltip), as_markdown=True) if hint.tooltip else None
    place = view.location(hint.target.path, hint.target.focus) if hint.target else None
    part = types.InlayHintLabelPart(hint.label, tooltip=tooltip, location=place)
    is_type = hint.kind is HintKind.TYPE
    return types.InlayHint(
        position=view.position(text, hint.offset),
        label=[part],
        kind=types.InlayHintKind.Type if is_type else types.InlayHintKind.Parameter,
        padding_left=not hint.is_before,
        padding_right=hint.is_before,
    )
