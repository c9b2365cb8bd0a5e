"""A proposed hdl-lsp.toml through the protocol: asked for, offered with the hint, created by the client."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.e2e.editor import VSCODE, Editor, editing

TOP = "module top;\n  logic [`WIDTH-1:0] q;\nendmodule\n"


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """A design that needs a macro which only its Makefile knows."""
    root = tmp_path / "chip"
    root.mkdir()
    (root / "top.sv").write_text(TOP, encoding="utf-8")
    (root / "Makefile").write_text("run:\n\tvcs +define+WIDTH=8 top.sv\n", encoding="utf-8")
    return root


def answering(editor: Editor, title: str | None) -> list[Any]:
    """Has the client press the button *title*; what it is asked to edit is collected."""
    edits: list[Any] = []

    @editor.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    def on_question(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        assert "1 errors without" in params.message
        return types.MessageActionItem(title) if title else None

    editor.client.protocol.fm.features.pop(types.WORKSPACE_APPLY_EDIT, None)

    @editor.client.feature(types.WORKSPACE_APPLY_EDIT)
    def on_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    return edits


async def test_a_proposal_can_be_asked_for(chip: Path) -> None:
    """The answer has every choice, the text and where it belongs; a strange folder is refused."""
    async with editing(chip) as editor:
        await editor.loaded()
        found = await editor.ask("hdl/proposeConfig")
        assert (found.errorsBefore, found.errorsAfter, found.exists) == (1, 0, False)
        assert [(c.key, c.value) for c in found.choices if c.isKept] == [
            ("defines", "WIDTH=8"),
            ("tops", "top"),
        ]
        assert found.uri == (chip / "hdl-lsp.toml").as_uri()
        assert '"WIDTH=8", # removes 1 error in 1 file' in found.toml
        with pytest.raises(JsonRpcException, match="is not a workspace folder"):
            await editor.ask("hdl/proposeConfig", {"folder": chip.parent.as_uri()})


async def test_the_hint_offers_the_file_and_the_client_creates_it(chip: Path) -> None:
    """The code action stands at the hint; the file is created only when the user agrees."""
    async with editing(chip, client=VSCODE) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        (hint,) = [d for d in await editor.pull(uri) if d.code == "hdl-unconfigured"]
        actions = await editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), hint.range, types.CodeActionContext([hint])
            )
        )
        (action,) = [a for a in actions or () if "hdl-lsp.toml" in a.title]
        # lsprotocol reads an action without an edit as a command; its text is that of the command.
        assert "'command': 'hdl.init'" in str(action.command)
        run = types.ExecuteCommandParams("hdl.init", [{"folder": chip.as_uri()}])
        edits = answering(editor, "No")
        assert await editor.client.workspace_execute_command_async(run) is False
        assert edits == []
    async with editing(chip, client=VSCODE) as editor:
        await editor.loaded()
        edits = answering(editor, "Create the file")
        assert await editor.client.workspace_execute_command_async(run) is True
        (edit,) = edits
        create, insert = edit.document_changes
        assert isinstance(create, types.CreateFile)
        assert create.uri == insert.text_document.uri == (chip / "hdl-lsp.toml").as_uri()
        assert '"WIDTH=8"' in insert.edits[0].new_text
        (chip / "hdl-lsp.toml").write_text("", encoding="utf-8")
        with pytest.raises(JsonRpcException, match="is there already"):
            await editor.client.workspace_execute_command_async(run)
