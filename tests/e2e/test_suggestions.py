"""Ghost text through the protocol: beside the completion list, before the workspace is read, after another file changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from tests.e2e.editor import VSCODE, Editor, editing

CHILD = "module child (input logic clk_i, input logic rst_n, output logic q_o);\nendmodule\n"
TOP = """module top (input logic clk_i, input logic rst_n, input logic reset_n, output logic q_o);
  child u_child (
    .clk_i(clk_i),

  );
endmodule
"""


@pytest.fixture
def chip(tmp_path: Path) -> Path:
    """An instance that lacks two ports, and the module it is of."""
    root = tmp_path / "chip"
    root.mkdir()
    (root / "child.sv").write_text(CHILD, encoding="utf-8")
    (root / "top.sv").write_text(TOP, encoding="utf-8")
    return root


async def asked(
    editor: Editor,
    uri: str,
    position: types.Position,
    *,
    is_asked: bool = False,
    selected: types.SelectedCompletionInfo | None = None,
) -> list[tuple[str, types.Range | None]]:
    """Texts and ranges of what is suggested."""
    kinds = types.InlineCompletionTriggerKind
    answer = await editor.client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(kinds.Invoked if is_asked else kinds.Automatic, selected),
            types.TextDocumentIdentifier(uri),
            position,
        )
    )
    assert isinstance(answer, types.InlineCompletionList)
    return [(str(item.insert_text), item.range) for item in answer.items]


async def test_who_presses_the_key_waits_for_the_workspace(chip: Path) -> None:
    """Before it is read nothing can be judged; the key is answered when it was."""
    async with editing(chip, client=VSCODE) as editor:
        uri = editor.open("top.sv")
        found = await asked(editor, uri, types.Position(3, 0), is_asked=True)
        assert ".rst_n(rst_n)" in found[0][0]


async def test_another_file_changes_what_is_suggested(chip: Path) -> None:
    """A port that was renamed elsewhere is not suggested again under its old name."""
    async with editing(chip, client=VSCODE) as editor:
        uri = editor.open("top.sv")
        child = editor.open("child.sv")
        await editor.loaded()
        assert ".rst_n(rst_n)" in (await asked(editor, uri, types.Position(3, 0)))[0][0]
        editor.replace(child, "rst_n", "reset_n")
        found = await asked(editor, uri, types.Position(3, 0))
        assert ".reset_n(reset_n)" in found[0][0]
        assert ".rst_n" not in found[0][0]


async def test_beside_the_list_only_what_goes_on_as_its_item_does(chip: Path) -> None:
    """The text then begins with the word that was typed and takes its place."""
    async with editing(chip, client=VSCODE) as editor:
        uri = editor.open("top.sv", TOP.replace("\n\n", "\n    .r\n"))
        await editor.loaded()
        word = types.Range(types.Position(3, 5), types.Position(3, 6))
        end = types.Position(3, 6)
        (alone, *_) = await asked(editor, uri, end)
        assert alone[0].startswith("st_n(rst_n)")
        same = types.SelectedCompletionInfo(word, "rst_n")
        (beside, *_) = await asked(editor, uri, end, selected=same)
        assert beside == ("r" + alone[0], word)
        other = types.SelectedCompletionInfo(word, "random")
        assert await asked(editor, uri, end, selected=other) == []
