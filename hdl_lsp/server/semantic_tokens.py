"""Semantic tokens towards one client: whole documents, what changed in them, and when to ask again.

Must not decide colours (features/semantic_tokens) and must not hold the loop: whole files are read in slices.
"""

from __future__ import annotations

import asyncio
from array import array

from lsprotocol import types

from hdl_lsp.features.semantic_tokens import Known, reader, slices
from hdl_lsp.presentation.tokens import Tokens
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.server.connection import Connection, Page
from hdl_lsp.server.token_encoding import FIVE, TokenEncoder, difference
from hdl_lsp.text.source import Span, span

MOST_TOKENS = 100_000
"""In one answer: half a million numbers take the JSON writer 35 ms. Of a larger file, clients get what they show."""


async def full(connection: Connection, page: Page) -> types.SemanticTokens | None:
    """All tokens of a document; None when they are too many."""
    data = await _data(connection, page)
    if data is None:
        return None
    sent = connection.tokens.send(page.file, data)
    return types.SemanticTokens(data.tolist(), sent.result_id)


async def delta(
    connection: Connection, page: Page, previous: str
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    """What has changed since the answer *previous*; everything when that is not known any more."""
    data = await _data(connection, page)
    if data is None:
        return None
    before = connection.tokens.sent(page.file)
    sent = connection.tokens.send(page.file, data)
    if before is None or before.result_id != previous:
        return types.SemanticTokens(data.tolist(), sent.result_id)
    changed = difference(before.data, data)
    edits: list[types.SemanticTokensEdit] = []
    if changed is not None:
        start, deleted, added = changed
        edits = [types.SemanticTokensEdit(start, deleted, added.tolist() or None)]
    return types.SemanticTokensDelta(edits=edits, result_id=sent.result_id)


async def within(connection: Connection, page: Page, where: Span) -> types.SemanticTokens:
    """The tokens of the lines of *where*."""
    text, memory = page.text, connection.tokens
    lines = span(
        text.line_span(text.line_of(where.start)).start, text.line_span(text.line_of(where.end)).end
    )
    reading = reader(page.snapshot, page.file, memory.known(page.file))
    _note(connection, page, reading.facts)
    encoder = TokenEncoder(text, connection.client.encoding)
    for piece in slices(text, lines):
        encoder.add(reading.read(piece))
        if len(encoder.data) > MOST_TOKENS * FIVE:
            break
        await asyncio.sleep(0)
    return types.SemanticTokens(encoder.data.tolist())


async def _data(connection: Connection, page: Page) -> array[int] | None:
    memory = connection.tokens
    reading = reader(page.snapshot, page.file, memory.known(page.file))
    _note(connection, page, reading.facts)
    encoder = TokenEncoder(page.text, connection.client.encoding)
    everything = Tokens()
    for piece in slices(page.text, page.text.full_span()):
        tokens = reading.read(piece)
        encoder.add(tokens)
        everything.extend(tokens)
        if len(everything) > MOST_TOKENS:
            return None
        await asyncio.sleep(0)
    if reading.facts is not None:
        memory.know(page.file, Known(page.text, everything, reading.inactive))
    return encoder.data


def _note(connection: Connection, page: Page, facts: FileFacts | None) -> None:
    if page.file in page.snapshot.open_files and connection.client.refreshes_tokens:
        connection.tokens.made_from[page.file] = facts
