"""What becomes of suggestions, through the protocol and down to the file of counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from hdl_lsp.server.acceptance_store import counts
from tests.e2e.editor import VSCODE, Editor, editing

CHILD = "module child (input logic clk_i, input logic d_i, output logic q_o);\nendmodule\n"
TOP = """module top (input logic clk_i, input logic d_i, output logic q_o);
  child u_child (

  );
endmodule
"""


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """An instance without its ports, and the module it is of."""
    root = tmp_path / "chip"
    root.mkdir()
    (root / "child.sv").write_text(CHILD, encoding="utf-8")
    (root / "top.sv").write_text(TOP, encoding="utf-8")
    return root


async def suggested(editor: Editor) -> types.InlineCompletionItem:
    """The first suggestion for the ports, without a model."""
    uri = editor.open("top.sv")
    await editor.loaded()
    answer = await editor.client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            types.TextDocumentIdentifier(uri),
            types.Position(2, 0),
        )
    )
    assert isinstance(answer, types.InlineCompletionList)
    return answer.items[0]


@pytest.mark.parametrize("is_on", [True, False])
async def test_what_becomes_of_a_suggestion_is_counted(
    chip: Path, tmp_path: Path, is_on: bool
) -> None:
    """Shown, partly taken, accepted; only the user's own setting switches it on, and only numbers are kept."""
    (chip / "hdl-lsp.toml").write_text("[stats]\nenabled = true\n", encoding="utf-8")
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    settings = {"stats": {"enabled": is_on}}
    async with editing(chip, client=VSCODE, settings=settings, environment=environment) as editor:
        item = await suggested(editor)
        assert ".clk_i" in str(item.insert_text)
        notify = editor.client.protocol.notify
        notify("hdl/didShowCompletion", {"item": item})
        notify("hdl/didPartiallyAcceptCompletion", {"item": item, "acceptedLength": 6})
        notify("hdl/didShowCompletion", {"item": {"insertText": "of another server"}})
        assert item.command is not None
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams(item.command.command, item.command.arguments)
        )
    found = counts(tmp_path / "cache" / "hdl-lsp" / "stats" / "suggestions.sqlite")
    assert [(one.site, one.origin, one.event, one.number) for one in found] == [
        ("port connection", "port map", event, 1)
        for event in ("accepted", "offered", "partly", "shown")
        if is_on
    ]
