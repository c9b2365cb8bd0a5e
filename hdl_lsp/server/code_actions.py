"""The code actions of a place: fixes that slang has accepted, a comment to be written, an explanation.

Must not offer a fix before slang has seen it: one that is still being worked out is offered the next time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import cast

from lsprotocol import types

from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.actions.fix_diagnostic import Fix, fix_diagnostic
from hdl_lsp.features.actions.write_doc_comment import write_doc_comment
from hdl_lsp.llm.engine import Lane
from hdl_lsp.semantics.facts import Diagnostic, FileFacts
from hdl_lsp.server import propose_config
from hdl_lsp.server.connection import Connection, Page
from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, Span

MOST_FIXES = 5  # diagnostics at one place for which a fix is looked for


async def offered(
    connection: Connection, page: Page, where: Span, *, wait_s: float
) -> list[types.CodeAction]:
    """What can be done about *where*, fixes first; only fixes that are there within *wait_s* seconds."""
    facts = page.snapshot.fresh_facts(page.file)
    found: Sequence[Diagnostic] = facts.diagnostics if facts else ()
    here = [d for d in found if _touches(d.span, where) and d.source == "slang"]

    async def work_out(diagnostic: Diagnostic) -> Fix | None:
        return await _fix(connection, page, diagnostic)

    fixes = await connection.fixes.known(
        page.file, page.text.digest, here[:MOST_FIXES], work_out, wait_s=wait_s
    )
    actions = [_fix_action(connection, page, diagnostic, fix) for diagnostic, fix in fixes]
    can_write = connection.client.action_resolves_edit and connection.session.has_model(Lane.CHAT)
    if can_write and _is_undocumented(page, where):
        actions.append(_unresolved_comment(connection, page, where))
    proposal = propose_config.action(connection, page, where)
    if proposal is not None:
        actions.append(proposal)
    actions.append(_explain_action(connection, page, where))
    return actions


async def resolved(
    connection: Connection, page: Page, action: types.CodeAction
) -> types.CodeAction:
    """The comment *action* with its edit; without one, and a message that says so, when nothing could stand."""
    data = cast("Mapping[str, object]", action.data)
    if data.get("digest") != page.text.digest:
        connection.show("hdl-lsp: the text has changed since; ask for the actions again")
        return action
    offset = cast("int", data.get("offset"))
    edits = await write_doc_comment(page.snapshot, page.file, offset, connection.session.engine)
    if not edits:
        connection.show("hdl-lsp: the model wrote nothing that could stand")
        return action
    action.edit = _edit(connection, page, edits)
    return action


def _touches(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


async def _fix(connection: Connection, page: Page, diagnostic: Diagnostic) -> Fix | None:
    """Worked out with the model, and without where the model fails."""
    session = connection.session

    async def check(text: SourceText) -> FileFacts | None:
        return await session.check_text(page.file, text)

    if session.has_model(Lane.CHAT):
        with contextlib.suppress(HdlLspError):
            return await fix_diagnostic(page.snapshot, page.file, diagnostic, session.engine, check)
    return await fix_diagnostic(page.snapshot, page.file, diagnostic, None, check)


def _fix_action(
    connection: Connection, page: Page, found: Diagnostic, fix: Fix
) -> types.CodeAction:
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[connection.view(page.snapshot).diagnostic(page.text, found)],
        edit=_edit(connection, page, fix.edits),
        tags=_generated(connection) if fix.is_generated else None,
    )


def _unresolved_comment(connection: Connection, page: Page, where: Span) -> types.CodeAction:
    return types.CodeAction(
        title="Write a doc comment",
        kind=types.CodeActionKind.RefactorRewrite,
        tags=_generated(connection),
        data={**_data(connection, page, "comment"), "offset": where.start},
    )


def _explain_action(connection: Connection, page: Page, where: Span) -> types.CodeAction:
    position = connection.view(page.snapshot).position(page.text, where.start)
    document = {"uri": connection.uri_of(page.snapshot.path(page.file))}
    at = {"line": position.line, "character": position.character}
    command = types.Command(
        "Explain", "hdl.explain", arguments=[{"textDocument": document, "position": at}]
    )
    return types.CodeAction(title="Explain", command=command, tags=_generated(connection))


def _generated(connection: Connection) -> list[types.CodeActionTag] | None:
    return [types.CodeActionTag.LlmGenerated] if connection.client.action_tags else None


def _data(connection: Connection, page: Page, action: str) -> dict[str, object]:
    uri = connection.uri_of(page.snapshot.path(page.file))
    return {"action": action, "uri": uri, "digest": page.text.digest}


def _edit(connection: Connection, page: Page, edits: Sequence[TextEdit]) -> types.WorkspaceEdit:
    document = connection.document_of(page.file)
    return connection.view(page.snapshot).workspace_edit(
        page.snapshot.path(page.file), page.text, edits, document.version if document else None
    )


def _is_undocumented(page: Page, where: Span) -> bool:
    """The cursor stands on the name of a declaration that has no comment."""
    return any(
        decl.name_span.contains(where.start) and not doc_comment(page.text, decl.span.start)
        for decl in page.snapshot.summary(page.file).decls
    )
