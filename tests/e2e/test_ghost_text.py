"""Ghost text through the protocol without any model: what follows from the design, checked by slang."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.editor import EGLOT_OLD, NEOVIM, VSCODE, Editor, editing

CHILD = """module child (
  input  logic       clk_i,
  input  logic [7:0] data_i,
  output logic [3:0] level_o
);
endmodule
"""
TOP = """module top (input logic clk_i, input logic [7:0] data_i, output logic [3:0] level_o);
  child u_child (

  );
endmodule
"""
INSIDE = types.Position(2, 0)


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """An instance without its ports, and the module it is of."""
    root = tmp_path / "chip"
    root.mkdir()
    (root / "child.sv").write_text(CHILD, encoding="utf-8")
    (root / "top.sv").write_text(TOP, encoding="utf-8")
    return root


async def ghost(
    editor: Editor, uri: str, kind: types.InlineCompletionTriggerKind
) -> Sequence[types.InlineCompletionItem]:
    """What is suggested between the brackets of the instance."""
    found = await editor.client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(kind), types.TextDocumentIdentifier(uri), INSIDE
        )
    )
    assert isinstance(found, types.InlineCompletionList)
    return found.items


@pytest.mark.parametrize("kind", list(types.InlineCompletionTriggerKind))
@pytest.mark.parametrize("client", [VSCODE, NEOVIM])
async def test_a_port_map_needs_no_model(
    chip: Path, client: str, kind: types.InlineCompletionTriggerKind
) -> None:
    """While somebody types, and by key; accepted, the file has no error."""
    async with editing(chip, client=client) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        (item,) = await ghost(editor, uri, kind)
        text = str(item.insert_text)
        assert [".clk_i" in text, ".data_i" in text, ".level_o" in text] == [True, True, True]
        assert item.range == types.Range(INSIDE, INSIDE)
        editor.replace(uri, "(\n\n  );", f"(\n{text}\n  );")
        assert not await editor.pull(uri)


async def test_the_text_that_is_typed_counts(chip: Path) -> None:
    """A port that was connected since is not suggested again, though facts may be older than the text."""
    async with editing(chip, client=VSCODE) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        assert await ghost(editor, uri, types.InlineCompletionTriggerKind.Automatic)
        editor.replace(uri, "u_child (\n", "u_child (.clk_i(clk_i),\n")
        (item,) = await ghost(editor, uri, types.InlineCompletionTriggerKind.Automatic)
        text = str(item.insert_text)
        assert [".clk_i" in text, ".data_i" in text] == [False, True]


async def test_a_client_without_ghost_text_has_it_in_the_list(chip: Path) -> None:
    """As the first item, which says that it was computed."""
    async with editing(chip, client=EGLOT_OLD) as editor:
        uri = editor.open("top.sv")
        await editor.loaded()
        await editor.pull(uri)
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), INSIDE)
        )
        assert isinstance(found, types.CompletionList)
        first = min(found.items, key=lambda item: item.sort_text or item.label)
        assert first.detail == "port map, computed from the design"
        assert isinstance(first.text_edit, types.TextEdit)
        assert ".level_o" in first.text_edit.new_text
