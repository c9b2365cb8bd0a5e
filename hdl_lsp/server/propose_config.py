"""`hdl/proposeConfig` and the command `hdl.init`: a proposed hdl-lsp.toml, and creating it once the user has agreed.

Must not write files: the client creates it, so that it can be undone there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types

from hdl_lsp.errors import ProjectError, UsageError
from hdl_lsp.features.diagnostics import UNCONFIGURED, diagnostics
from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection, Page
from hdl_lsp.server.progress import WorkDone
from hdl_lsp.server.proposing import as_json, propose
from hdl_lsp.server.settings import WORKSPACE_FILE
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.proposal import Proposal, toml

CREATE = "Create the file"
NO = "No"


async def propose_config(connection: Connection, params: object) -> dict[str, object]:
    """Answer of `hdl/proposeConfig`. Takes as long as compiling the folder some dozen times."""
    found, path = await _proposed(connection, params)
    return {**as_json(found), "uri": connection.uri_of(str(path)), "exists": path.exists()}


async def init(connection: Connection, arguments: Sequence[object]) -> object:
    """The command `hdl.init`: proposes, asks, and has the client create the file; true when it did."""
    found, path = await _proposed(connection, arguments[0] if arguments else None)
    if path.exists() or path.is_symlink():  # a link to nothing would be followed
        raise UsageError(f"{path} is there already; nothing was changed")
    question = types.ShowMessageRequestParams(
        type=types.MessageType.Info,
        message=f"hdl-lsp: {found.before} errors without {WORKSPACE_FILE}, {found.after} with the one "
        f"proposed for {Path(found.root).name}. Create it?",
        actions=[types.MessageActionItem(CREATE), types.MessageActionItem(NO)],
    )
    answer = await connection.server.window_show_message_request_async(question)
    if answer is None or answer.title != CREATE:
        return False
    uri = connection.uri_of(str(path))
    start = types.Position(0, 0)
    document = types.OptionalVersionedTextDocumentIdentifier(uri)
    edit = types.WorkspaceEdit(
        document_changes=[
            types.CreateFile(uri=uri, options=types.CreateFileOptions(overwrite=False)),
            types.TextDocumentEdit(
                document, [types.TextEdit(types.Range(start, start), toml(found))]
            ),
        ]
    )
    done = await connection.server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit, f"create {WORKSPACE_FILE}")
    )
    if not done.applied:
        raise UsageError(
            f"the editor did not create {path}: {done.failure_reason or 'no reason given'}"
        )
    return True


def action(connection: Connection, page: Page, where: Span) -> types.CodeAction | None:
    """The action that goes with the hint about what an unconfigured project can't find; None elsewhere."""
    facts = page.snapshot.fresh_facts(page.file)
    hints = (d for d in diagnostics(page.snapshot, page.file, facts) if d.code == UNCONFIGURED)
    hint = next((d for d in hints if d.span.start <= where.end and where.start <= d.span.end), None)
    roots = page.snapshot.project.of(page.snapshot.path(page.file)).roots
    if hint is None or not roots:
        return None
    title = f"Propose an {WORKSPACE_FILE} for this folder"
    command = types.Command(title, "hdl.init", arguments=[{"folder": connection.uri_of(roots[0])}])
    shown = connection.view(page.snapshot).diagnostic(page.text, hint)
    return types.CodeAction(
        title=title, kind=types.CodeActionKind.QuickFix, diagnostics=[shown], command=command
    )


async def _proposed(connection: Connection, params: object) -> tuple[Proposal, Path]:
    """The proposal for `folder` of *params*, or for the first workspace folder, and where its file belongs."""
    session = connection.session
    given = member(params, "folder")
    root = connection.path_of(given) if isinstance(given, str) else next(iter(session.roots), "")
    if root not in session.roots:
        raise UsageError(f"{root or 'nothing'} is not a workspace folder")
    if not session.loads:
        raise UsageError("the workspace is still being read; try again when it is")
    progress = WorkDone(connection.server, f"hdl-lsp: trying what {WORKSPACE_FILE} could say")
    if connection.client.progress:
        connection.background.start(progress.create(), "progress bar")
    try:
        found = await propose(session.snapshot(), root, progress)
    finally:
        progress.end("stopped" if progress.is_cancelled else "done")
    if found.failure:
        raise ProjectError(f"nothing could be tried: {found.failure}")
    return found, Path(root) / WORKSPACE_FILE
