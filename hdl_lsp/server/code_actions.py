"""The code actions of a place, offered at once and worked out when chosen.

Must not offer an edit that slang has not seen: features/actions check every one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from lsprotocol import types

from hdl_lsp.errors import HdlLspError
from hdl_lsp.features.actions.fix_diagnostic import Fix, fix_diagnostic
from hdl_lsp.features.actions.write_doc_comment import write_doc_comment
from hdl_lsp.llm.engine import Lane
from hdl_lsp.semantics.facts import Diagnostic, FileFacts
from hdl_lsp.server.connection import Connection, Page
from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, Span

MOST_FIXES = 5  # diagnostics for which a fix is offered at once
MOST_CHECKED = 2  # for which it is worked out in advance, for clients that can't resolve


async def offered(connection: Connection, page: Page, where: Span) -> list[types.CodeAction]:
    """What can be done about *where*, fixes first."""
    facts = page.snapshot.fresh_facts(page.file)
    found: Sequence[Diagnostic] = facts.diagnostics if facts else ()
    here = [d for d in found if _touches(d.span, where) and d.source == "slang"]
    actions: list[types.CodeAction] = []
    if connection.client.action_resolves_edit:
        actions += [_unresolved_fix(connection, page, d) for d in here[:MOST_FIXES]]
        if connection.session.has_model(Lane.CHAT) and _is_undocumented(page, where):
            actions.append(_unresolved_comment(connection, page, where))
    else:
        for diagnostic in here[:MOST_CHECKED]:
            fix = await _fix(connection, page, diagnostic, with_model=False)
            if fix is not None:
                actions.append(_fix_action(connection, page, diagnostic, fix))
    actions.append(_explain_action(connection, page, where))
    return actions


async def resolved(
    connection: Connection, page: Page, action: types.CodeAction
) -> types.CodeAction:
    """*action* with its edit; without one, and a message that says so, when nothing passed slang's check."""
    data = cast("Mapping[str, object]", action.data)
    if data.get("digest") != page.text.digest:
        connection.show("hdl-lsp: the text has changed since; ask for the actions again")
        return action
    edits: tuple[TextEdit, ...] = ()
    if data.get("action") == "fix":
        diagnostic = _diagnostic_of(page, data)
        fix = await _fix(connection, page, diagnostic, with_model=True) if diagnostic else None
        edits = fix.edits if fix else ()
        nothing = "no fix was found that slang accepts"
    else:
        offset = cast("int", data.get("offset"))
        edits = await write_doc_comment(page.snapshot, page.file, offset, connection.session.engine)
        nothing = "the model wrote nothing that could stand"
    if not edits:
        connection.show(f"hdl-lsp: {nothing}")
        return action
    action.edit = _edit(connection, page, edits)
    return action


def _touches(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


async def _fix(
    connection: Connection, page: Page, diagnostic: Diagnostic, *, with_model: bool
) -> Fix | None:
    session = connection.session
    engine = session.engine if with_model and connection.session.has_model(Lane.CHAT) else None

    async def check(text: SourceText) -> FileFacts | None:
        return await session.check_text(page.file, text)

    try:
        return await fix_diagnostic(page.snapshot, page.file, diagnostic, engine, check)
    except HdlLspError:
        if engine is None:
            raise
        return await fix_diagnostic(page.snapshot, page.file, diagnostic, None, check)


def _unresolved_fix(connection: Connection, page: Page, found: Diagnostic) -> types.CodeAction:
    return types.CodeAction(
        title=f"Fix: {found.message}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[connection.view(page.snapshot).diagnostic(page.text, found)],
        tags=_generated(connection) if connection.session.has_model(Lane.CHAT) else None,
        data={
            **_data(connection, page, "fix"),
            "code": found.code,
            "message": found.message,
            "start": found.span.start,
        },
    )


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


def _diagnostic_of(page: Page, data: Mapping[str, object]) -> Diagnostic | None:
    """The diagnostic that a fix was offered for; None when it is not there any more."""
    facts = page.snapshot.fresh_facts(page.file)
    wanted = (data.get("code"), data.get("message"), data.get("start"))
    for found in facts.diagnostics if facts else ():
        if (found.code, found.message, found.span.start) == wanted:
            return found
    return None


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
